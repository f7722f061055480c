"""This repository, for tests that read its snippets and records."""

import shutil
from pathlib import Path

from proven.modes import Mode
from proven.project import Project, Run
from proven.record import Record
from proven.snippet import Snippet

PROJECT = Project.around(Path(__file__))
ROOT, SNIPPETS = PROJECT.root, PROJECT.snippets


def catalogue() -> list[Snippet]:
    return PROJECT.catalogue()


def find(name: str) -> Snippet:
    return PROJECT.find(name)


def run_of(snippet: Snippet, mode: str) -> Run:
    """A run of this repository's, or of a snippet elsewhere as if it were."""
    return Run(PROJECT, snippet, next(m for m in Mode if m == mode))


def load(snippet: Snippet, mode: str) -> Record | None:
    return run_of(snippet, mode).record


def link(folder: Path) -> None:
    """Give a site in this folder our snippets and their records, to be read only."""
    for name in ("snippets", "records", "pyproject.toml", "ledger.toml"):
        (folder / name).symlink_to(ROOT / name)


def copy_template(folder: Path) -> None:
    """Give a site in this folder the template with its records, to do with as it likes."""
    for name in ("snippets/template.py", "snippets/template.toml", "pyproject.toml"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "records" / "template.py", folder / "records" / "template.py")
    shutil.copy(ROOT / "ledger.toml", folder)
