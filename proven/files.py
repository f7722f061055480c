"""Which files count: one notion for snippets, keys, runs and the published site."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

CACHES = frozenset({"__pycache__", "__marimo__"})
"""Folders that Python and marimo leave behind."""


def below(folder: Path) -> Iterator[Path]:
    """The files below the folder, sorted; none that is hidden or in a cache there."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not _aside(name)]
        found += [Path(place, name) for name in names if not _aside(name)]
    return iter(sorted(found))


def _aside(name: str) -> bool:
    return name.startswith(".") or name in CACHES
