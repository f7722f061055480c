"""Modes in which a process runs to its end: check, script, import, test, shell."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from proven.errors import ProvenError
from proven.record import Error
from proven.run import report
from proven.run.ends import ended, raised
from proven.run.job import Job
from proven.run.process import Finished, finish, text_of

LOADER = Path(__file__).with_name("loader.py")
TO_THE_END = Path(__file__).with_name("to_the_end.py")


def check(job: Job) -> None:
    """`marimo check --strict`: the findings as marimo prints them."""
    command = ["marimo", "check", "--strict", job.name]
    done = _finish(job, command)
    job.record.console = job.console(job.pieces(done.text))
    if done.exit:
        output = job.folder / "findings.json"
        again = [*command, "--format", "json"]
        done = finish(again, job.project, job.env, output, job.scenario.limit)
        job.record.error = _finding(job, done.text)


def script(job: Job) -> None:
    """`python notebook.py`: exit status, console, flow runs, files."""
    _run(job, [str(job.python), job.name, *job.scenario.args])


def import_(job: Job) -> None:
    """Import in a fresh process with Prefect's own entrypoint loader; no cell may run."""
    found = job.folder / "found.json"
    done = _finish(job, [str(job.python), str(LOADER), job.name, str(found)])
    job.record.console = job.console(job.pieces(done.text))
    job.record.files = job.made()
    if done.exit:
        job.record.error = ended(job, done.exit)
    else:
        job.record.found = json.loads(found.read_text())


def test(job: Job) -> None:
    """`pytest notebook.py`."""
    xml = job.folder / "report.xml"
    options = ["-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", ".", f"--junitxml={xml}"]
    done = _finish(job, [str(job.python), "-m", "pytest", *options, "-v", job.name])
    pieces = job.pieces(done.text)
    job.look_up(pieces)
    job.record.console = report.tidy(job.console(pieces), job.scrub.text(str(xml)))
    if done.exit:
        job.record.error = report.failed(job, xml, done.exit)


def shell(job: Job) -> None:
    """`sh -e script.sh`, in an empty folder with what the script brings.

    A script that leaves a process behind fails: on a reader's machine nobody ends it.
    """
    done = _run(job, [sys.executable, str(TO_THE_END), "sh", "-e", job.name])
    if done.exit:
        traces = [p.trace for p in job.pieces(done.text) if p.writer == "python"]
        last = job.record.console[-1] if job.record.console else ""
        error = raised(job, traces[-1]) if traces else None
        job.record.error = error or Error(f"exit {done.exit}", last)


def _run(job: Job, command: list[str]) -> Finished:
    done = _finish(job, command)
    pieces = job.pieces(done.text)
    job.look_up(pieces)
    job.record.console = job.console(pieces)
    job.record.files = job.made()
    if done.exit:
        job.record.error = ended(job, done.exit)
    return done


def run_script(job: Job, args: list[str], env: dict[str, str]) -> str:
    """Run the notebook as a script before, or while, it runs in another mode; its console.

    Raises:
        ProvenError: the script failed; the message holds the end of its output.
    """
    command = [str(job.python), job.name, *args]
    done = finish(command, job.project, env, job.folder / "script.log", job.scenario.limit)
    if done.exit:
        raise ProvenError(
            f"snippets/{job.snippet.name}: the script that its {job.run.mode} mode runs first "
            f"failed:\n{done.text[-1500:]}"
        )
    return done.text


def _finish(job: Job, command: list[str]) -> Finished:
    output = job.folder / "output.log"
    try:
        done = finish(command, job.project, job.env, output, job.scenario.limit)
    except TimeoutError:
        # What it said until then tells where it stayed.
        job.record.console = job.console(job.pieces(text_of(output)))
        raise
    job.record.exit = done.exit
    return done


def _finding(job: Job, text: str) -> Error:
    """The first finding of `marimo check --format json`, or marimo's own sentence."""
    try:
        first = json.loads(text[text.index("{") :])["issues"][0]
        name, message, line = first["name"], first["message"], int(first.get("line") or 0)
    except (ValueError, LookupError, TypeError):
        said = [line for line in job.record.console if line.strip()]
        return Error("marimo check", said[0] if said else "it gave no reason")
    # marimo's line is that of the `def` where the finding is in the cell's first line.
    cell = job.snippet.cell_at(line) if line else None
    return Error(name, message, cell.name if cell else "", line)
