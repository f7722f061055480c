"""The directive `cards`: an overview of pages, each with its question and its short answer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from proven.html import GAP, Html, h, halves
from proven.page import abstract
from proven.page.directive import Directive
from proven.page.fences import Fence, fences
from proven.page.pieces import badge
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
    yield from (f"    {_wrongs(page.project, path)}{said.title}{_size(path)}", "")


def _wrongs(project: Project, path: Path) -> Html:
    """In which ways the wrong snippets of a page go wrong."""
    lines = path.read_text(encoding="utf-8").splitlines()
    names = [f.name for f in fences(lines, ["wrong"]) if isinstance(f, Fence)]
    wrongs = (scenario(project.find(name)).wrong.values() for name in names)
    kinds = dict.fromkeys(wrong.kind for some in wrongs for wrong in some)
    return h("span", *map(badge, kinds), class_="cards-wrongs") if kinds else Html()


def _size(path: Path) -> str:
    """How many pages an overview leads to."""
    folder = path.parent if path.name == "index.md" else path.with_suffix("")
    pages = sorted(folder.glob("*.md")) if folder.is_dir() else []
    return f", {len(pages)} pages" if pages else ""
