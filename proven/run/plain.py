"""Modes in which a process runs to its end: check, script, import, test, shell."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from proven.errors import ProvenError
from proven.record import Error
from proven.run.job import Job
from proven.run.process import Finished, finish

LOADER = Path(__file__).with_name("loader.py")
TO_THE_END = Path(__file__).with_name("to_the_end.py")
_FRAME = re.compile(r'^  File "(?P<file>.+)", line (?P<line>\d+), in ')
_TRACEBACK = "Traceback (most recent call last):"
_RAISED = re.compile(r"^(?P<type>[A-Za-z_][\w.]*)(?:: (?P<message>.*))?$")


def check(job: Job) -> None:
    """`marimo check --strict`: the findings as marimo prints them."""
    command = ["marimo", "check", "--strict", job.name]
    if _finish(job, command).exit:
        output = job.folder / "findings.json"
        again = [*command, "--format", "json"]
        done = finish(again, job.project, job.env, output, job.scenario.limit)
        job.record.error = _finding(job, done.text)


def script(job: Job) -> None:
    """`python notebook.py`: exit status, console, flow runs, files."""
    done = _finish(job, [str(job.python), job.name, *job.scenario.args])
    job.look_up(done.text)
    job.record.console = job.console(done.text)
    job.record.files = job.made()
    if done.exit:
        job.record.error = raised(job, done.text)


def import_(job: Job) -> None:
    """Import in a fresh process with Prefect's own entrypoint loader; no cell may run."""
    found = job.folder / "found.json"
    done = _finish(job, [str(job.python), str(LOADER), job.name, str(found)])
    job.record.files = job.made()
    if done.exit:
        job.record.error = raised(job, done.text)
    else:
        job.record.found = json.loads(found.read_text())


def test(job: Job) -> None:
    """`pytest notebook.py`."""
    options = ["-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", "."]
    done = _finish(job, [str(job.python), "-m", "pytest", *options, "-v", job.name])
    job.look_up(done.text)
    job.record.console = _without_head(job.console(done.text))
    if done.exit:
        job.record.error = _failed_test(job, done)


def shell(job: Job) -> None:
    """`sh -e script.sh`, in an empty folder with what the script brings.

    A script that leaves a process behind fails: on a reader's machine nobody ends it.
    """
    done = _finish(job, [sys.executable, str(TO_THE_END), "sh", "-e", job.name])
    job.look_up(done.text)
    job.record.console = job.console(done.text)
    job.record.files = job.made()
    if done.exit:
        last = job.record.console[-1] if job.record.console else ""
        job.record.error = raised(job, done.text) or Error(f"exit {done.exit}", last)


def run_script(job: Job, args: list[str]) -> str:
    """Run the notebook as a script before, or while, it runs in another mode; its console.

    Raises:
        ProvenError: the script failed; the message holds the end of its output.
    """
    command = [str(job.python), job.name, *args]
    done = finish(command, job.project, job.env, job.folder / "script.log", job.scenario.limit)
    if done.exit:
        raise ProvenError(
            f"snippets/{job.snippet.name}: the script that its {job.run.mode} mode runs first "
            f"failed:\n{done.text[-1500:]}"
        )
    return done.text


def _finish(job: Job, command: list[str]) -> Finished:
    output = job.folder / "output.log"
    done = finish(command, job.project, job.env, output, job.scenario.limit)
    job.record.exit = done.exit
    job.record.console = job.console(done.text)
    return done


def raised(job: Job, text: str) -> Error | None:
    """The exception that ended a process, from its last traceback, with cell and line."""
    _, found, last = text.rpartition(_TRACEBACK)
    if not found:
        return None
    line = 0
    for row in last.splitlines()[1:]:
        if frame := _FRAME.match(row):
            if Path(frame["file"]).name == job.file.name:
                line = int(frame["line"])
        elif not row.startswith(" ") and (error := _RAISED.match(row)):
            cell = job.snippet.cell_at(line) if line else None
            return Error(
                type=error["type"].rpartition(".")[2],
                message=job.scrub.text(error["message"] or ""),
                cell=cell.name if cell else "",
                line=line,
            )
    return None


def _finding(job: Job, text: str) -> Error | None:
    """The first finding of `marimo check --format json`."""
    issues = json.loads(text[text.index("{") :])["issues"]
    if not issues:
        return None
    first = issues[0]
    # marimo's line is that of the `def` where the finding is in the cell's first line.
    cell = job.snippet.cell_at(first["line"])
    return Error(first["name"], first["message"], cell.name if cell else "", first["line"])


def _failed_test(job: Job, done: Finished) -> Error:
    # Of a chain of exceptions pytest shows the cause first; the last one is what came out.
    first = re.split(r"(?m)^_{3,} .+ _{3,}$", done.text)[1:2] or [done.text]
    last = re.split(r"(?m)^(?:The above exception was|During handling of the above)", first[0])[-1]
    lines = [line[2:].strip() for line in last.splitlines() if line.startswith("E ")]
    message = lines[0] if lines else done.text.strip().splitlines()[-1]
    kind, _, rest = message.partition(": ")
    place = re.search(rf"^{re.escape(job.name)}:(\d+): ", done.text, re.M)
    line = int(place[1]) if place else 0
    cell = job.snippet.cell_at(line) if line else None
    return Error(
        kind if rest else f"pytest exit {done.exit}",
        job.scrub.text(rest or message),
        cell.name if cell else "",
        line,
    )


def _without_head(lines: list[str]) -> list[str]:
    """Pytest's first lines name its version, its plugins and the machine's Python."""
    start = next((i for i, line in enumerate(lines) if line.startswith("collect")), 0)
    return [line.strip("=").strip() if line.startswith("==") else line for line in lines[start:]]
