"""The directive `record`: recorded runs, without code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from proven.html import h
from proven.modes import Mode
from proven.page.directive import Directive, check_figures
from proven.page.runs import choices
from proven.page.site import Lines, Page
from proven.project import Project, Run
from proven.sidecar import modes


class RecordDirective(Directive, frozen=True):
    """Recorded runs without code, one of which is seen."""

    word: ClassVar[str] = "record"

    modes: list[Mode] = []
    """The runs to show. Absent: every mode of the snippet."""
    only: list[str] = []
    """The parts of each run to show. Absent: its outcome and all that it has."""
    cells: list[str] = []
    """The cells whose outputs to show. Absent: all that showed something."""

    def __post_init__(self) -> None:
        """Refuse a part that no run has."""
        check_figures(self.only)

    def expand(self, name: str, page: Page) -> Lines:
        """One control, and the run that is chosen."""
        shown = choices(page, self.runs(name, page.project), self.only, self.cells)
        return page.html(h("div", shown, class_="snippet-run"))

    def runs(self, name: str, project: Project) -> Iterable[Run]:
        """Those that `modes` names, or all."""
        chosen = self.modes or modes(project.find(name))
        return [project.run(f"{name}::{mode}") for mode in chosen]
