"""What a directive is: its options, what it puts on the page, the runs that it shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from proven.page.figures import FIGURES
from proven.page.site import Lines, Page
from proven.project import Project, Run
from proven.sidecar import Strict


class Directive(Strict, frozen=True):
    """A kind of directive. The fields of a subclass are the options of its fence."""

    word: ClassVar[str]
    """The first word of the fence."""

    def expand(self, name: str, page: Page) -> Lines:
        """The Markdown that stands in place of the fence; `name` is the rest of its first line.

        Raises:
            ProvenError: the name or an option means nothing.
        """
        raise NotImplementedError

    def runs(self, name: str, project: Project) -> Iterable[Run]:
        """The runs that it shows, so that other pages can link to them."""
        return ()


def check_figures(only: Iterable[str]) -> None:
    """Refuse the name of a figure that there is not."""
    for name in only:
        if name not in FIGURES:
            raise ValueError(f"a run has no {name!r} to show; it has: {', '.join(FIGURES)}")
