"""The recipes under the changes that a reader makes: the file is edited, and run for real.

Each change stands on a page as a condition, or as what the recipe holds under.
"""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from proven.modes import Mode
from proven.record import Record
from proven.run.job import Job
from proven.run.pool import Pool
from proven.run.process import finish
from proven.sidecar import sidecar
from proven.snippet import Snippet
from tests.here import find, load, run_of

pytestmark = pytest.mark.slow

type Edits = tuple[tuple[str, str], ...]


def edited(name: str, edits: Edits, folder: Path) -> Snippet:
    """A copy of the snippet with these texts exchanged, beside a copy of its sidecar."""
    original, text = find(name), find(name).text
    for old, new in edits:
        assert old in text, f"{name} has no {old!r}"
        text = text.replace(old, new)
    copy = Snippet(Path(name).name, folder)
    copy.path.write_text(text)
    if sidecar(original).is_file():
        shutil.copy(sidecar(original), folder)
    return copy


def states(record: Record) -> list[str]:
    return [task.state for flow in record.flows for task in flow.tasks]


def said(record: Record) -> str:
    return "\n".join(record.console)


# One run of the edited file -------------------------------------------------


def retried(record: Record) -> bool:
    attempts = {task.name: task.attempts for task in record.flows[0].tasks}
    return attempts["fetch-busy"] == 3


def not_retried_and_nothing_said(record: Record) -> bool:
    attempts = {task.name: task.attempts for task in record.flows[0].tasks}
    return attempts["fetch-busy"] == 1 and "retry_condition_fn" not in said(record)


def waits_alike(record: Record) -> bool:
    waits = [x for x in record.console if "'fetch-busy'" in x and "will start" in x]
    return [x.partition("will start ")[2] for x in waits] == ["0.3 second(s) from now"] * 2


def an_error_is_logged_and_each_call_runs(record: Record) -> bool:
    logged = "Error encountered when computing cache key" in said(record)
    return logged and set(states(record)) == {"Completed"}


def persisted_square_is_found(record: Record) -> bool:
    squares = [t.state for f in record.flows for t in f.tasks if t.task == "square"]
    return squares == ["Completed", "Cached"] * 2


def prints(text: str) -> Callable[[Record], bool]:
    def last(record: Record) -> bool:
        return record.console[-1] == text

    return last


def raises(kind: str, message: str) -> Callable[[Record], bool]:
    def raised(record: Record) -> bool:
        return record.error is not None and (
            record.error.type == kind and message in record.error.message
        )

    return raised


def flow_is(name: str, state: str) -> Callable[[Record], bool]:
    def ended(record: Record) -> bool:
        return [f.state for f in record.flows if f.flow == name] == [state]

    return ended


ASYNC_FETCH: Edits = (
    ("def fetch(", "async def fetch("),
    ("def fetch_sources(", "async def fetch_sources("),
    ("busy = fetch(", "busy = await fetch("),
    ("crowded = fetch", "crowded = await fetch"),
    ("gone = fetch(", "gone = await fetch("),
    ("print(fetch_sources())", "import asyncio\n    print(asyncio.run(fetch_sources()))"),
    ('mo.md(f"`{fetch_sources()}`")', "None"),
)
SYNC_CONDITION: Edits = (
    ("async def is_passing", "def is_passing"),
    ("await state.aresult(", "state.result("),
)

# Without a limit it hangs, and no test ends.
NESTED = "sum(read.map(pages).result(timeout=20))"


@dataclass(frozen=True)
class Change:
    """What is changed in a recipe, and what comes out."""

    what: str
    notebook: str
    edits: Edits
    comes_out: Callable[[Record], bool]
    stays: bool = False
    """The recipe as it is gives the same: it holds under this change."""

    def __str__(self) -> str:
        return f"{self.notebook}: {self.what}"


ONE_RUN = [
    Change("an async task is retried", "stacking/retries.py", ASYNC_FETCH, retried, stays=True),
    Change(
        "a def condition on a def task", "stacking/retries.py", SYNC_CONDITION, retried, stays=True
    ),
    Change(
        "a def condition on an async task is never true",
        "stacking/retries.py",
        ASYNC_FETCH + SYNC_CONDITION,
        not_retried_and_nothing_said,
    ),
    Change(
        "fewer delays than retries: the last one is repeated",
        "stacking/retries.py",
        (("[0.1, 0.2, 0.4]", "[0.3]"),),
        waits_alike,
    ),
    Change(
        "an argument renamed and not in the key function",
        "stacking/cache.py",
        (
            ("(source: str, min_", "(path: str, min_"),
            ("read_csv(source)", "read_csv(path)"),
            ("extracting from {source},", "extracting from {path},"),
        ),
        an_error_is_logged_and_each_call_runs,
    ),
    Change(
        "persist_result under the default policy",
        "stacking/policies.py",
        (("@task\ndef square", "@task(persist_result=True)\ndef square"),),
        persisted_square_is_found,
    ),
    Change(
        "no files",
        "stacking/mapping.py",
        ((".map(filepaths)", ".map([])"),),
        prints("0 rows in 0 files"),
    ),
    Change(
        "a file that is not there",
        "stacking/mapping.py",
        (("retries=2", "retries=0"), ("process_files(make_files())", "process_files(['no.csv'])")),
        raises("FileNotFoundError", "no.csv"),
    ),
    Change(
        "another number of regions than columns",
        "stacking/futures_wrong.py",
        (('regions = ["east", "west"]', 'regions = ["east", "west", "north"]'),),
        raises("MappingLengthMismatch", "different lengths"),
    ),
    Change(
        "a list of lists of futures",
        "stacking/returns.py",
        (('["checked", *check.map(numbers)]', "[check.map(numbers)]"),),
        flow_is("give-mixed", "Completed"),
        stays=True,
    ),
    Change(
        "a tuple of futures is looked at",
        "stacking/returns.py",
        (('["checked", *check.map(numbers)]', "tuple(check.map(numbers))"),),
        flow_is("give-mixed", "Failed"),
    ),
    Change(
        "submitted with a failed future",
        "stacking/returns.py",
        (
            ("ten_more(check.submit(n))", "ten_more.submit(check.submit(n)).result()"),
            ("except ValueError as e", "except Exception as e"),
        ),
        flow_is("give-called", "Failed"),
    ),
    Change(
        "mapped in a mapped task, with more workers than outer calls",
        "stacking/nested_map.py",
        (("sum(read(page) for page in pages)", NESTED), ("max_workers=2", "max_workers=4")),
        prints("[21, 41, 61]"),
        stays=True,
    ),
    Change(
        "mapped in a mapped task, with as many workers as outer calls",
        "stacking/nested_map.py",
        (("sum(read(page) for page in pages)", NESTED), ("max_workers=2", "max_workers=3")),
        raises("TimeoutError", "within 20 seconds"),
    ),
    Change(
        "a decorator without functools.wraps",
        "stacking/toplevel.py",
        (("    @functools.wraps(fn)\n", ""),),
        raises("ValueError", "Unexpected usage (expected decorated function)"),
    ),
]


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
