"""Find where each run is shown, on all pages."""

from __future__ import annotations

from collections.abc import Iterable

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
        lines = page.read_text(encoding="utf-8").splitlines()
        for fence in fences(lines, DIRECTIVES):
            if isinstance(fence, Fence):
                for run in _shown(fence, project):
                    found.setdefault(str(run), f"{page.relative_to(docs).as_posix()}#{anchor(run)}")
    return found


def _shown(fence: Fence, project: Project) -> Iterable[Run]:
    try:
        return fence.options(DIRECTIVES[fence.word]).runs(fence.name, project)
    except ProvenError:
        return ()
