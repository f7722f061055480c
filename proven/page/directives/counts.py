"""The directive `counts`: how much there is, counted when the page is made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from proven.html import h
from proven.page import claims, rules
from proven.page.directive import Directive
from proven.page.site import Lines, Page
from proven.project import Project
from proven.sidecar import scenario


class CountsDirective(Directive, frozen=True):
    """How many notebooks, runs, rules and claims there are, in a line."""

    word: ClassVar[str] = "counts"

    def expand(self, name: str, page: Page) -> Lines:
        """The line; what there is none of is left out."""
        items = (h("li", h("b", n), f" {what}") for n, what in counted(page.project) if n)
        return page.html(h("ul", *items, class_="counts"))


def counted(project: Project) -> Iterator[tuple[int, str]]:
    """Each number, and what it counts."""
    snippets = project.catalogue()
    notebooks = [snippet for snippet in snippets if snippet.is_notebook]
    yield len(notebooks), "notebooks"
    yield sum(1 for _ in project.records.rglob("*.json")), "recorded runs"
    yield sum(bool(scenario(n).wrong) for n in notebooks), "notebooks wrong on purpose"
    yield sum(map(len, project.once(rules.all_of).values())), "rules, each with its proof"
    told = claims.read(project.claims).claim if project.claims.is_file() else []
    yield len(told), "claims, each with a verdict"
