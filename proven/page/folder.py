"""Find what a folder of the package holds, so that a new file is all that a new part needs."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any


def modules(package: str) -> Iterator[Any]:
    """The modules in the package, in the order of their names."""
    for found in iter_modules(import_module(package).__path__):
        yield import_module(f"{package}.{found.name}")
