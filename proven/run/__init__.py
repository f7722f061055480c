"""Run a snippet for real, in one of its modes, and record what happened."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from proven.record import Error, Info, Record, cell_hashes, key_of
from proven.run import driven, plain, worker
from proven.run.api import Api
from proven.run.job import Job
from proven.scenario import Mode
from proven.snippet import Snippet

RUNNERS: dict[Mode, Callable[[Job], None]] = {
    "check": plain.check,
    "script": plain.script,
    "edit": driven.edit,
    "run": driven.run,
    "import": plain.import_,
    "worker": worker.worker,
    "test": plain.test,
    "shell": plain.shell,
}

EXECUTING: tuple[Mode, ...] = ("script", "edit", "run", "worker", "shell")
"""The modes that execute cells, so that they need what other scripts made."""


def run(snippet: Snippet, mode: Mode, api: Api, folder: Path) -> Record:
    """Run the snippet in the mode; the record of what happened.

    Args:
        snippet: what to run.
        mode: how.
        api: the Prefect API; for `worker` its pool must have a worker.
        folder: an empty folder of this run alone; it may be removed afterwards.

    Raises:
        ProvenError: the run itself could not be made (no server, a sidecar that
            does not fit); a snippet that fails is a record, not an error.
    """
    started = time.monotonic()
    # Taken first: who saves the snippet while it runs gets a stale record, not a wrong one.
    key, cells = key_of(snippet), cell_hashes(snippet)
    job = Job(snippet, mode, folder, api)
    try:
        if mode in EXECUTING:
            job.prepare()
        RUNNERS[mode](job)
    except TimeoutError as e:
        job.record.error = Error("TimeoutError", str(e))
    job.record.kept = job.kept()
    job.record.passed = job.record.error is None and not job.record.exit
    job.record.key = key
    job.record.info = Info(
        seconds=round(time.monotonic() - started, 1),
        date=datetime.now(UTC).date().isoformat(),
        versions={
            "python": python_version(),
            **{name: version(name) for name in ("marimo", "prefect", "polars")},
        },
        cells=cells,
    )
    return job.record
