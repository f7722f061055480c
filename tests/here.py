"""This repository, for tests that read its snippets and records."""

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
