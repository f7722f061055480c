"""Renew records: what is stale, run it, judge it, save what differs, remove what is unused.

The command line, the serve loop and the tests go through here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

from proven.errors import ProvenError
from proven.judge import judge
from proven.project import Project, Run
from proven.record import Record, difference, save
from proven.run.pool import Outcome, Pool

Verdict = Literal["new", "changed", "renewed", "same", "failed"]
Tell = Callable[[Run, Verdict, str], None]
"""Told of each run: what became of its record, and what there is to say."""


def stale(project: Project) -> list[Run]:
    """The runs whose record is missing, or was made from something else."""
    return [run for run in project.runs() if not run.fresh]


def renew(pool: Pool, runs: Iterable[Run], tell: Tell) -> None:
    """Make these runs and keep their records where they differ."""
    wrong: list[tuple[Run, Outcome]] = []

    def done(run: Run, outcome: Outcome) -> None:
        if isinstance(outcome, Record) and run.mode in run.scenario.wrong:
            # Judged last: a harm is probed on the right sibling's new record too.
            wrong.append((run, outcome))
        else:
            tell(run, *keep(run, outcome))

    pool.make_all(runs, done)
    for run, outcome in wrong:
        tell(run, *keep(run, outcome))


def keep(run: Run, outcome: Outcome) -> tuple[Verdict, str]:
    """Write the record where it differs; a verdict, and what there is to say.

    `renewed`: the run came out the same from another source. `failed`: nothing is
    written, the kept record stays.
    """
    if isinstance(outcome, ProvenError):
        return "failed", str(outcome)
    if problem := judge(run, outcome):
        return "failed", "\n".join([problem, *outcome.console[-12:]])
    kept = run.kept
    diff = difference(kept, outcome)
    if kept is not None and not diff and kept.key == outcome.key:
        return "same", ""
    save(outcome, run.path)
    if kept is None:
        return "new", ""
    return ("changed", diff) if diff else ("renewed", "")


def remove(paths: Iterable[Path], project: Project) -> None:
    """Remove these records, and folders that are empty then."""
    for path in paths:
        path.unlink()
        folder = path.parent
        while folder != project.records and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent
