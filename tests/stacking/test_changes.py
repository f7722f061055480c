"""The recipes under the changes that a reader makes: the file is edited, and run for real.

Each change stands on a page as a condition, or as what the recipe holds under.
"""

import sys
from pathlib import Path

import pytest

from proven.modes import Mode
from proven.run.job import Job
from proven.run.pool import Pool
from proven.run.process import finish
from tests.here import find, load, run_of
from tests.stacking.changes import ONE_RUN, Change, Edits, edited, said, states

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("change", ONE_RUN, ids=str)
def test_a_change_comes_out_as_its_page_says(change: Change, pool: Pool, tmp_path: Path) -> None:
    snippet = edited(change.notebook, change.edits, tmp_path)
    record = pool.make(run_of(snippet, "script"))
    assert change.comes_out(record), f"{record.error}\n{said(record)}"


@pytest.mark.parametrize("change", ONE_RUN, ids=str)
def test_without_the_change_it_comes_out_otherwise_or_stays(change: Change) -> None:
    """A question that the recipe's own run answers too would prove nothing of a change."""
    record = load(find(change.notebook), "script")
    assert record is not None
    assert change.comes_out(record) is change.stays


# Two runs of a file, with an edit between them --------------------------------

HOUR = (("timedelta(seconds=2)", "timedelta(hours=1)"), ("time.sleep(2.5)", "pass"))


def second_run(name: str, before: Edits, between: Edits, pool: Pool, folder: Path) -> list[str]:
    """The states of the task runs of the second run, in the same folder."""
    job = Job(run_of(edited(name, before, folder), "script"), folder / "job", pool.api(Mode.SCRIPT))
    command = [sys.executable, job.file.name]
    assert finish(command, job.project, job.env_before, folder / "first.log", 90).exit == 0
    text = job.file.read_text()
    for old, new in between:
        assert old in text
        text = text.replace(old, new)
    job.file.write_text(text)
    done = finish(command, job.project, job.env, folder / "second.log", 90)
    assert done.exit == 0, done.text
    job.look_up(job.pieces(done.text))
    return states(job.record)


@pytest.mark.parametrize(
    ("between", "seen"),
    [
        ((), "Cached Cached Cached Cached Cached"),
        (
            (('("amount") >=', '("amount") >'),),
            "Completed Cached Completed Completed Cached",
        ),
        (
            (
                ("def cached_extraction(", "def other_extraction("),
                (" = cached_extraction(", " = other_extraction("),
            ),
            "Completed Cached Completed Completed Cached",
        ),
        (
            (("range(10, 10 + 10 * rows, 10)", "range(20, 20 + 10 * rows, 10)"),),
            "Completed Cached Completed Completed Cached",
        ),
    ],
    ids=["nothing", "the body edited", "another task", "other content of the file"],
)
def test_the_leading_key_follows(between: Edits, seen: str, pool: Pool, tmp_path: Path) -> None:
    states_ = second_run("stacking/cache.py", HOUR, between, pool, tmp_path)
    assert " ".join(states_) == seen


HANDED_IN = """
import helpers
from prefect import flow, task
from prefect.cache_policies import INPUTS, TASK_SOURCE

@task(cache_policy=INPUTS + TASK_SOURCE)
def total(n, given):
    return n * given if isinstance(given, int) else getattr(given, "fee", given)(n)

@flow
def called():
    return [total(1, given) for given in (helpers.RATE, helpers.fee, helpers)]

print(called())
"""


def test_what_is_handed_in_is_seen_if_it_is_a_value(pool: Pool, tmp_path: Path) -> None:
    env = pool.api(Mode.SCRIPT).env(tmp_path / "prefect")
    (tmp_path / "called.py").write_text(HANDED_IN)

    def gives(rate: int) -> str:
        (tmp_path / "helpers.py").write_text(f"RATE = {rate}\ndef fee(n): return n * {rate}\n")
        command = [sys.executable, "called.py"]
        return finish(command, tmp_path, env, tmp_path / "log", 90).text.splitlines()[-1]

    assert gives(5) == "[5, 5, 5]"
    assert gives(77) == "[77, 5, 5]"


LOCK = (
    ("import os\n", "import os\n    from threading import Lock\n"),
    ("    logging.getLogger(", "    LOCK = Lock()\n    logging.getLogger("),
)


@pytest.mark.parametrize("used", [False, True])
def test_what_the_flow_refers_to_goes_to_the_cluster(
    used: bool, pool: Pool, tmp_path: Path
) -> None:
    """A lock that no task uses: it is in the way only if the flow names it."""
    uses = (("elsewhere = sum", "LOCK.locked()\n    elsewhere = sum"),) if used else ()
    record = pool.make(run_of(edited("stacking/on_dask.py", (*LOCK, *uses), tmp_path), "script"))
    assert ("Could not serialize" in str(record.error)) is used, said(record)
