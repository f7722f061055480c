"""Run a snippet for real, in one of its modes, and record what happened."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from pkgutil import resolve_name
from platform import python_version

from proven.fingerprint import cell_hashes
from proven.project import Run
from proven.record import Error, Info, Record
from proven.run.api import Api
from proven.run.job import Job


def make(run: Run, api: Api, folder: Path) -> Record:
    """Make the run; the record of what happened.

    Args:
        run: what to run, and how.
        api: the Prefect API; for `worker` its pool must have a worker.
        folder: an empty folder of this run alone; it may be removed afterwards.

    Raises:
        ProvenError: the run itself could not be made (no server, a sidecar that
            does not fit); a snippet that fails is a record, not an error.
    """
    started = time.monotonic()
    # Taken first: who saves the snippet while it runs gets a stale record, not a wrong one.
    key, cells = run.key, cell_hashes(run.snippet)
    job = Job(run, folder, api)
    try:
        if run.mode.executes:
            job.prepare()
        resolve_name(f"{__name__}.{run.mode.runner}")(job)
    except TimeoutError as e:
        job.record.error = Error("TimeoutError", str(e))
    job.record.kept = job.kept()
    if job.record.error is None:
        job.refuse_unused()
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
