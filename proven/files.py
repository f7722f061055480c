"""Which files count: one notion for snippets, keys, runs and the published site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

CACHES = frozenset({"__pycache__", "__marimo__"})
"""Folders that Python and marimo leave behind."""


def below(folder: Path) -> Iterator[Path]:
    """The files below the folder, sorted; none that is hidden or in a cache there."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(p.startswith(".") or p in CACHES for p in parts):
            yield path
