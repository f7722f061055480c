"""What a record was made from, as hashes: of the whole, and of each cell."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from functools import lru_cache

from proven import files
from proven.errors import ProvenError
from proven.sidecar import scenario, sidecar
from proven.snippet import Snippet

# What a run executes with. Other pins of the project are of its pages and tools: a
# release of those gives the same run.
_RUNTIME = frozenset({"marimo", "prefect", "polars", "fastapi", "sqlalchemy"})


def key_of(snippet: Snippet, pins: bytes = b"") -> str:
    """A hash of all that a run depends on: source, sidecar, what surrounds it, the pins."""
    digest = hashlib.sha256()
    folder = snippet.path.parent
    how = scenario(snippet)
    sources = [snippet.path, sidecar(snippet), *(folder / name for name in how.brings)]
    sources += [snippet.root / how.project] if how.project else []
    for source in sources:
        if source.is_file():
            digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
            continue
        for path in files.below(source):
            if path.suffix != ".md":
                digest.update(os.path.relpath(path, folder).encode() + b"\0" + path.read_bytes())
    digest.update(pins)
    return digest.hexdigest()[:16]


@lru_cache(maxsize=8)
def pins_of(pyproject: bytes) -> bytes:
    """The pins of the project that a run depends on.

    Args:
        pyproject: the content of `pyproject.toml`; empty where there is none.
    """
    project = tomllib.loads(pyproject.decode())
    named = project.get("project", {}).get("dependencies", [])
    pins = [pin for pin in named if re.split(r"[^\w-]", pin)[0] in _RUNTIME]
    newest = project.get("tool", {}).get("uv", {}).get("exclude-newer", "")
    return "\n".join(sorted([*pins, newest])).encode()


def cell_hashes(snippet: Snippet) -> dict[str, str]:
    """A short hash for each cell's name; empty where Python can't read the file."""
    try:
        cells = snippet.cells
    except ProvenError:
        return {}
    texts: dict[str, str] = {}
    for cell in cells:
        texts[cell.name] = texts.get(cell.name, "") + snippet.lines(cell.start, cell.end)
    return {name: hashlib.sha256(t.encode()).hexdigest()[:8] for name, t in texts.items()}


def changed_cells(then: dict[str, str], snippet: Snippet) -> list[str]:
    """Names of the cells whose text is not what it was when the record was made."""
    now = cell_hashes(snippet)
    return [name for name in now if then and then.get(name) != now[name]]
