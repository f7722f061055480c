"""Overviews: a card says what its page says, and every page of a section has one."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from proven.page import abstract
from proven.page.directives import DIRECTIVES
from proven.page.fences import Fence, fences
from proven.project import Project
from proven.testing import html, page, tiny, write
from tests.here import PROJECT, ROOT

OTHER = (
    "---\ntitle: Doubling\n---\n\n# How do I double?\n\nCall [`double`](x.md) <once>. Not twice.\n"
)
CARDS = "``` cards\npages: other.md\n```"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return tiny(tmp_path, {"docs/other.md": OTHER})


def test_a_card_has_the_question_the_first_sentence_and_the_name(project: Project) -> None:
    made = html(project, CARDS)
    assert '<strong><a href="other.md">How do I double?</a></strong>' in made
    assert "<code>double</code>" in made and "Not twice" not in made and 'href="x.md"' not in made
    assert "<p>Doubling</p>" in made
    assert 'class="cards" data-search-exclude' in made


def test_a_card_follows_its_page(project: Project) -> None:
    write(project.docs / "other.md", OTHER.replace("How do I double?", "And to halve?"))
    assert "And to halve?" in html(project, CARDS)


def test_a_card_names_the_ways_in_which_its_wrong_snippets_go_wrong(project: Project) -> None:
    wrong = 'kind = "fails"\ntype = "TypeError"\nmessage = "m"\n'
    write(project.snippets / "a.toml", f"[wrong.script]\n{wrong}")
    write(project.docs / "other.md", f"{OTHER}\n``` wrong a.py\nright: a.py\nmodes: script\n```\n")
    assert ">fails</span> </span>Doubling" in html(project, CARDS)


@pytest.mark.parametrize("inner", ["more/index.md", "more.md"])
def test_a_card_of_an_overview_says_how_many_pages_it_leads_to(
    project: Project, inner: str
) -> None:
    for name in (inner, "more/a.md", "more/b.md"):
        write(project.docs / name, OTHER)
    count = 3 if inner == "more/index.md" else 2
    assert f"<p>Doubling, {count} pages</p>" in html(project, CARDS.replace("other.md", inner))


@pytest.mark.parametrize(
    ("text", "pages", "message"),
    [
        (OTHER, "gone.md", "docs/p.md:1: no page 'gone.md'"),
        ("Only text.\n", "other.md", "docs/p.md:1: other.md has no heading"),
    ],
)
def test_a_page_that_has_no_card_is_named(
    project: Project, text: str, pages: str, message: str
) -> None:
    write(project.docs / "other.md", text)
    said: list[str] = []
    html(project, CARDS.replace("other.md", pages), page(project, fail=said.append))
    (only,) = said
    assert message in only


def test_what_a_page_of_this_site_says_of_itself_is_whole() -> None:
    pages = sorted(PROJECT.docs.rglob("*.md"))
    lacking = [p.name for p in pages if not all(vars(abstract.of(p)).values())]
    assert lacking == []


def sections() -> list[list[str]]:
    """The pages of each section of the navigation that begins with an overview."""
    text = (ROOT / "mkdocs.yml").read_text().partition("\nnav:\n")[2].partition("\n\n")[0]
    nav: list[dict[str, Any]] = yaml.safe_load(text)
    lists = [item for entry in nav for item in entry.values() if isinstance(item, list)]
    named = [[p if isinstance(p, str) else next(iter(p.values())) for p in some] for some in lists]
    return [some for some in named if some[0].endswith("index.md")]


def carded(overview: Path) -> list[str]:
    """The pages that have a card on an overview, by their paths below `docs/`."""
    found = fences(overview.read_text().splitlines(), ["cards"])
    options = [f.options(DIRECTIVES["cards"]) for f in found if isinstance(f, Fence)]
    paths = [overview.parent / target for some in options for target in some.pages]  # type: ignore[attr-defined]
    return [str(path.resolve().relative_to(PROJECT.docs)) for path in paths]


@pytest.mark.parametrize("section", sections(), ids=lambda pages: pages[0])
def test_every_page_of_a_section_has_a_card_in_the_order_of_the_navigation(
    section: list[str],
) -> None:
    cards = carded(PROJECT.docs / section[0])
    assert [card for card in cards if card in section] == section[1:]


def test_the_sections_with_overviews_are_found() -> None:
    assert {pages[0].partition("/")[0] for pages in sections()} == {
        "modes",
        "stacking",
        "antipatterns",
        "project",
        "operate",
    }


def test_a_card_shows_the_shares_of_the_verdicts(project: Project) -> None:
    claim = '[[claim]]\nsection = "S"\nclaim = "C"\nreally = "R"\nproof = []\nverdict = '
    write(project.claims, f'sections = ["S"]\n{claim}"false"\n{claim}"true"\n{claim}"true"\n')
    write(project.docs / "other.md", f"{OTHER}\n``` claims\n```\n")
    made = html(project, CARDS)
    assert made.index('aria-label="2 true"') < made.index('aria-label="1 false"')
    assert 'style="flex: 2"' in made
