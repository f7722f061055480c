"""The directive `cards`: an overview of pages, each with its question and its short answer."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar

from proven.html import GAP, Html, h, halves, join
from proven.page import abstract, claims
from proven.page.claims import VERDICTS
from proven.page.directive import Directive
from proven.page.fences import Fence, fences
from proven.page.pieces import badge, tone
from proven.page.site import Lines, Page
from proven.project import Project
from proven.sidecar import scenario


class CardsDirective(Directive, frozen=True):
    """Cards that lead to pages: what each asks, and the first sentence of its answer."""

    word: ClassVar[str] = "cards"

    pages: list[str]
    """The pages, as a link from this one names them, in the order of the navigation."""

    def expand(self, name: str, page: Page) -> Lines:
        """The cards as a list in Markdown, so that its links are MkDocs' to check."""
        # The search finds the pages themselves.
        before, behind = halves(h("div", GAP, class_="cards", data_search_exclude=True))
        cards = [line for target in self.pages for line in _card(page, target)]
        return [*page.html(before), *cards, *page.html(behind)]


def _card(page: Page, target: str) -> Iterator[str]:
    """An item of the list: the question, the answer, and what the page is called."""
    path = Path(os.path.normpath((page.project.root / page.name).parent / target))
    said = abstract.of(path)
    yield from (f"- **[{said.question}]({target})**", "")
    yield from (f"    {said.answer}", "") if said.answer else ()
    yield from (f"    {_shows(page.project, path)}{said.title}{_size(path)}", "")


def _shows(project: Project, path: Path) -> Html:
    """What a page is about, at a glance: how its wrong snippets go wrong, or its verdicts."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [f for f in fences(lines, ["claims", "snippet", "wrong"]) if isinstance(f, Fence)]
    match found[0].word if found else "":
        case "wrong":
            shown = [badge(kind) for kind in _kinds(project, found)]
        case "claims":
            told = Counter(c.verdict for c in claims.read(project.claims).claim)
            shown = [_share(verdict, told[verdict]) for verdict in VERDICTS if told[verdict]]
        case _:
            return Html()
    return h("span", join(shown, " "), " ", class_="card-shows")


def _kinds(project: Project, found: Iterable[Fence]) -> Iterable[str]:
    """In which ways the wrong snippets of a page go wrong, each once."""
    names = [fence.name for fence in found if fence.word == "wrong"]
    wrongs = (scenario(project.find(name)).wrong.values() for name in names)
    return dict.fromkeys(wrong.kind for some in wrongs for wrong in some)


def _share(verdict: str, count: int) -> Html:
    """How many claims have a verdict, as a bar."""
    said = f"{count} {verdict}"
    kind = f"card-share card-share--{tone(verdict)}"
    return h("span", class_=kind, style=f"flex: {count}", title=said, role="img", aria_label=said)


def _size(path: Path) -> str:
    """How many pages an overview leads to."""
    folder = path.parent if path.name == "index.md" else path.with_suffix("")
    pages = sorted(folder.glob("*.md")) if folder.is_dir() else []
    return f", {len(pages)} pages" if pages else ""
