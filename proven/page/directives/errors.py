"""The directive `errors`: what each left-out line gave, as its run recorded it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain
from pathlib import PurePosixPath
from typing import ClassVar

from proven.errors import ProvenError
from proven.page.directive import Directive
from proven.page.directives.snippet import SnippetDirective
from proven.page.fences import fences
from proven.page.site import Lines, Page
from proven.project import Project, Run
from proven.sidecar import Strict

FOLDER = "left_out"
"""Each script below it leaves one line out, and its first comment names the line."""
_FIRST = re.compile(r"\A# Left out: ((?:`[^`]*`|[^`\n])+?)(?:\. |\.?$)", re.M)


class Entry(Strict, frozen=True):
    """One error on the page."""

    error: str
    """The part of the recorded error by which a reader finds it."""
    mend: str
    """What to do, in Markdown."""
    left_out: str = ""
    """What was left out, where the script's first comment does not say it."""


class ErrorsDirective(Directive, frozen=True):
    """A section for each error: what was left out, the mend; folded, the script and its run."""

    word: ClassVar[str] = "errors"

    of: dict[str, Entry]
    """Scripts, each with a text of its recorded `error`, the `mend`, and what was `left_out`.
    Each script below `left_out/` has to be among them."""

    def expand(self, name: str, page: Page) -> Lines:
        """The sections, as Markdown: they are in the page's contents."""
        out: Lines = [""]
        for item in fences(self.written(name, page.project), [SnippetDirective.word]):
            if isinstance(item, str):
                out.append(item)
            else:
                out += item.options(SnippetDirective).expand(item.name, page)
        return out

    def written(self, name: str, project: Project) -> Lines:
        """What a writer would have to write in its place, with a directive for each script.

        Raises:
            ProvenError: a script is left out, or did not say what it should have said.
        """
        if missing := self._missing(name, project):
            raise ProvenError(f"errors: nothing is said of {', '.join(missing)}; add each to `of`")
        sections = (_section(project, f"{name}/{script}", one) for script, one in self.of.items())
        return [*chain.from_iterable(sections), ""]

    def runs(self, name: str, project: Project) -> Iterable[Run]:
        """The run of each script."""
        return [project.run(f"{name}/{script}::shell") for script in self.of]

    def _missing(self, name: str, project: Project) -> list[str]:
        scripts = (project.snippets / name / FOLDER).glob("*.sh")
        return sorted({f"{FOLDER}/{path.name}" for path in scripts} - self.of.keys())


def _section(project: Project, script: str, entry: Entry) -> Lines:
    _check(project.run(f"{script}::shell"), entry.error)
    heading = re.sub(r"([\\`*_<>\[\]])", r"\\\1", entry.error)
    title = PurePosixPath(script).name
    shown = [f"``` snippet {script}", f"title: {title}", "output: shell", "folded: true", "```"]
    left_out = f"Left out: {entry.left_out or _left_out(project, script)}."
    return ["", f"## {heading}", "", left_out, *entry.mend.strip().split("\n"), "", *shown]


def _left_out(project: Project, name: str) -> str:
    found = _FIRST.match(project.find(name).text)
    if found is None:
        raise ProvenError(f"errors: {name} begins with no comment `# Left out: …`; say `left_out`")
    return found[1]


def _check(run: Run, text: str) -> None:
    """Refuse a text that the run did not give."""
    record = run.record
    if record is None or record.error is None:
        raise ProvenError(f"errors: {run} has no recorded error; {run.hint}")
    if text not in said(record.console, record.error.message):
        raise ProvenError(f"errors: {run} did not say {text!r}; copy a part of its error")


def said(console: Iterable[str], message: str) -> str:
    """All that a run said, its lines joined: Prefect breaks them at a hundred letters."""
    return re.sub(r"\s+", " ", "\n".join([*console, message]))
