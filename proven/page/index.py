"""Find where each run is shown, on all pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from proven.errors import ProvenError
from proven.page.directives import DIRECTIVES
from proven.page.fences import Fence, fences
from proven.page.runs import anchor
from proven.project import Project, Run


def places(project: Project) -> dict[str, str]:
    """Where each run is shown: `template.py::edit` → `template.md#run-template-py-edit`.

    The first page in the order of names wins, the home page last: it only gives a taste.
    What Markdown would refuse is left to Markdown.
    """
    docs = project.docs
    found: dict[str, str] = {}
    for page in sorted(docs.rglob("*.md"), key=lambda p: (p == docs / "index.md", p)):
        for run in shown_on(page, project):
            found.setdefault(str(run), f"{page.relative_to(docs).as_posix()}#{anchor(run)}")
    return found


def shown_on(page: Path, project: Project) -> Iterator[Run]:
    """The runs that this page shows, in its order."""
    for fence in fences(page.read_text(encoding="utf-8").splitlines(), DIRECTIVES):
        if isinstance(fence, Fence):
            yield from _shown(fence, project)


def _shown(fence: Fence, project: Project) -> Iterable[Run]:
    try:
        return fence.options(DIRECTIVES[fence.word]).runs(fence.name, project)
    except ProvenError:
        return ()
