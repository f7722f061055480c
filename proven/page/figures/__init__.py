"""The parts of a run that a page may show, a file each.

A file holds a function `figure(record, cells)`, which gives HTML or nothing, and `PLACE`,
which says where among the others it stands; it may hold `fold(record, cells)`, which
gives what is a press away. `cells` are names; empty means all cells.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from proven.html import Html
from proven.page.folder import modules
from proven.page.pieces import Fold
from proven.record import Record


class Figure(NamedTuple):
    """One part: what is shown, and what is folded."""

    show: Callable[[Record, Collection[str]], Html]
    fold: Callable[[Record, Collection[str]], Fold | None]


FIGURES: dict[str, Figure] = {
    module.__name__.rpartition(".")[2]: Figure(
        module.figure, getattr(module, "fold", lambda record, cells: None)
    )
    for module in sorted(modules(__name__), key=lambda module: int(module.PLACE))
}
"""Each by its name, from top to bottom."""
