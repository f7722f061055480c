"""Find what stands in the repository and fits nothing: records, sidecars, headers."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from proven import files
from proven.errors import ProvenError
from proven.project import Project
from proven.sidecar import project_folder, scenario
from proven.snippet import Snippet

_RENEW = "run: uv run proven update"
# Prefect 3.8 is whole only below bounds of these two; what brings it must bring them.
_WITH_PREFECT = {"fastapi", "sqlalchemy"}


def problems(project: Project, snippets: list[Snippet]) -> Iterator[str]:
    """What fits nothing among these, the project's snippets; each with its mend."""
    for path in unused_records(project, snippets):
        name = path.relative_to(project.root).as_posix()
        yield f"{name}: no snippet is run in this mode, so nobody reads it; to remove it, {_RENEW}"
    yield from _lone_sidecars(project, snippets)
    for snippet in snippets:
        if snippet.is_notebook and not _meant_to_be_wrong(snippet):
            for problem in header_problems(snippet, project):
                yield f"snippets/{snippet.name}: {problem}"


def unused_records(project: Project, snippets: list[Snippet] | None = None) -> list[Path]:
    """The records that no snippet and mode asks for."""
    used = {run.path for run in project.runs(snippets)}
    return sorted(path for path in project.records.rglob("*.json") if path not in used)


# Sidecars -------------------------------------------------------------------


def _lone_sidecars(project: Project, snippets: list[Snippet]) -> Iterator[str]:
    """Files like `tempalte.toml`, that stand beside nothing of their name."""
    known = [snippet.path for snippet in snippets]
    brought = {s.path.parent / name for s in snippets for name in scenario(s).brings}
    for path in (path for path in files.below(project.snippets) if path.suffix == ".toml"):
        snippet = Snippet(path.relative_to(project.snippets).as_posix(), project.snippets)
        beside = any(path.with_suffix(suffix).exists() for suffix in ("", ".py", ".sh"))
        if beside or project_folder(snippet) or path in brought:
            continue
        names = [other.stem for other in known if other.parent == path.parent]
        near = difflib.get_close_matches(path.stem, names, n=1)
        hint = f"did you mean {near[0]}.toml?" if near else "rename it, or remove it"
        yield f"snippets/{snippet.name}: no notebook, script or folder of this name; {hint}"


# Headers --------------------------------------------------------------------


def header_problems(snippet: Snippet, project: Project) -> Iterator[str]:
    """Where a notebook's header differs from the bounds of the project.

    A copied file is to work as it works here.
    """
    path = project.root / "pyproject.toml"
    if not path.is_file():
        return
    settings = _settings(path.read_bytes())
    bounds = _bounds(settings)
    try:
        header = snippet.header
    except tomllib.TOMLDecodeError as e:
        yield f"its header is not TOML: {e}"
        return
    if header is None:
        marimo = bounds.get("marimo", "marimo")
        yield (
            "no header, so a copy of it knows no dependency; begin it with the lines "
            f'`# /// script`, `# dependencies = ["{marimo}"]` and `# ///`'
        )
        return
    yield from _pin_problems(header, bounds)
    ours = settings.get("tool", {}).get("uv", {}).get("exclude-newer")
    newest = header.get("tool", {}).get("uv", {}).get("exclude-newer")
    if newest not in (None, ours):
        yield f"its exclude-newer is {newest!r}; pyproject.toml has {ours!r}: write that"


# Asked for each notebook; parsed once for each content.
@lru_cache(maxsize=4)
def _settings(pyproject: bytes) -> dict[str, Any]:
    return tomllib.loads(pyproject.decode())


def _pin_problems(header: dict[str, Any], bounds: dict[str, str]) -> Iterator[str]:
    # What the header takes from the folder around the notebook has no version there.
    own = header.get("tool", {}).get("uv", {}).get("sources", {})
    pins = header.get("dependencies", [])
    for pin in pins:
        if pin not in bounds.values() and pin not in own:
            wanted = bounds.get(_name(pin))
            mend = f"write {wanted!r}" if wanted else "add it to pyproject.toml"
            yield f"its header asks for {pin!r}, which is not what pyproject.toml has; {mend}"
    named = set(map(_name, pins))
    if "prefect" in named and (missing := sorted((_WITH_PREFECT & bounds.keys()) - named)):
        wanted = ", ".join(repr(bounds[name]) for name in missing)
        yield f"its header has prefect without the bounds that it needs; add {wanted}"


def _bounds(settings: dict[str, Any]) -> dict[str, str]:
    project = settings.get("project", {})
    lists = [
        project.get("dependencies", []),
        *project.get("optional-dependencies", {}).values(),
        *settings.get("dependency-groups", {}).values(),
    ]
    return {_name(pin): pin for pins in lists for pin in pins if isinstance(pin, str)}


def _name(pin: str) -> str:
    return re.split(r"[<>=!~;\[\s]", pin)[0]


def _meant_to_be_wrong(snippet: Snippet) -> bool:
    try:
        return bool(scenario(snippet).wrong) or snippet.name.endswith("_wrong.py")
    except ProvenError:
        return False
