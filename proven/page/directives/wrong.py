"""The directive `wrong`: a wrong snippet beside the right one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import ClassVar, Literal

from proven.errors import ProvenError
from proven.html import Html, h, join
from proven.modes import Mode
from proven.page import code
from proven.page.card import card
from proven.page.directive import Directive, check_figures
from proven.page.icons import icon
from proven.page.runs import outcomes
from proven.page.site import Lines, Page
from proven.project import Project, Run
from proven.sidecar import scenario
from proven.snippet import Snippet


class WrongDirective(Directive, frozen=True):
    """A wrong snippet beside the right one, with what came of each in a line for each mode."""

    word: ClassVar[str] = "wrong"

    right: str
    """The right snippet."""
    modes: list[Mode]
    """The runs to show of both."""
    show: list[str] = []
    """The excerpts to show of both, as in `snippet`."""
    show_right: list[str] = []
    """What to show of the right one, where its cells have other names."""
    only: list[str] = []
    """The parts of both runs to show, after their outcomes."""
    side: Literal["", "wrong", "right"] = ""
    """Only this side; the other one stands elsewhere on the page."""

    def __post_init__(self) -> None:
        """Refuse a part that no run has."""
        check_figures(self.only)

    def expand(self, name: str, page: Page) -> Lines:
        """Two cards side by side, or one of them."""
        wrong, right = page.project.find(name), page.project.find(self.right)
        self._check(wrong)
        shown = []
        if self.side != "right":
            shown.append(self._card(page, wrong, right, "wrong"))
        if self.side != "wrong":
            shown.append(self._card(page, right, wrong, "right"))
        return page.html(h("div", *shown, class_="snippet-pair"))

    def runs(self, name: str, project: Project) -> Iterable[Run]:
        """Both snippets, in the modes that are shown, where their side is."""
        sides = {"wrong": name, "right": self.right}
        names = [sides[self.side]] if self.side else list(sides.values())
        return [project.run(f"{name}::{mode}") for name in names for mode in self.modes]

    def _check(self, wrong: Snippet) -> None:
        """At least one of the runs that are shown goes wrong."""
        declared = scenario(wrong).wrong
        if not any(mode in declared for mode in self.modes):
            modes = ", ".join(self.modes)
            raise ProvenError(f"{wrong.name} is not declared wrong in the mode '{modes}'")

    def _card(self, page: Page, snippet: Snippet, other: Snippet, side: str) -> Html:
        show = (self.show_right or self.show) if side == "right" else self.show
        spans = code.spans(snippet, show)
        differing = code.differing(snippet, other, spans, side)
        title = PurePosixPath(snippet.name).name
        verdict = _VERDICTS[side]
        before, after = card(page, snippet, title, excerpt=bool(show), side=side, verdict=verdict)
        runs = (page.project.run(f"{snippet.name}::{mode}") for mode in self.modes)
        came = h("div", *outcomes(page, runs, self.only), class_="outcomes")
        return join([before, code.block(snippet, spans, {}, differing, side), came, after])


def _verdict(tone: str, word: str) -> Html:
    return h("span", icon(tone), word, class_="verdict")


_VERDICTS = {"wrong": _verdict("bad", "Wrong"), "right": _verdict("ok", "Right")}
