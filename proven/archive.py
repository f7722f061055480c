"""Pack a project as one archive; the same files give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from proven.project import Project
from proven.sidecar import project_folder

_LEFT_OUT = {"__pycache__", "__marimo__", ".venv", ".env", "data", ".pytest_cache"}
_THE_SAME_TIME = (1980, 1, 1, 0, 0, 0)  # the first that a zip file knows


def projects(project: Project) -> list[Path]:
    """The folders of snippets that are projects of their own."""
    found = {project_folder(snippet) for snippet in project.catalogue()}
    return sorted(folder for folder in found if folder)


def files(project: Path) -> Iterator[Path]:
    """What a reader gets of a project: also its hidden files, not what runs leave."""
    for path in sorted(project.rglob("*")):
        if path.is_file() and not _LEFT_OUT.intersection(path.relative_to(project).parts):
            yield path


def pack(project: Path) -> bytes:
    """A zip file that unpacks to one folder of the project's name."""
    inner = {path.relative_to(project).as_posix(): path.read_bytes() for path in files(project)}
    return packed(project.name, inner)


def packed(folder: str, files: Mapping[str, bytes]) -> bytes:
    """A zip file that unpacks to one folder with these files."""
    whole = io.BytesIO()
    # Stored, not deflated: two versions of zlib may compress to different bytes.
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{folder}/{name}", _THE_SAME_TIME)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return whole.getvalue()
