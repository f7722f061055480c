"""The parts of a run that a page may show, a file each.

A file holds a function `figure(record, cells)`, which gives HTML or nothing, and `PLACE`,
which says where among the others it stands. `cells` are names; empty means all cells.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from proven.html import Html
from proven.page.folder import modules
from proven.record import Record

Figure = Callable[[Record, Collection[str]], Html]

FIGURES: dict[str, Figure] = {
    module.__name__.rpartition(".")[2]: module.figure
    for module in sorted(modules(__name__), key=lambda module: int(module.PLACE))
}
"""Each by its name, from top to bottom."""
