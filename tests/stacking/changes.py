"""Small edits to the recipes, and what comes out: each stands on a page."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from proven.record import Record
from proven.sidecar import sidecar
from proven.snippet import Snippet
from tests.here import find

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


# Each waits for the two others, so it ends only where all three run at the same time.
ALL_WAIT: Edits = (
    ("    import polars", "    import threading\n\n    import polars"),
    (
        " import flow, task\n",
        " import flow, task\n    from prefect.task_runners import "
        "ThreadPoolTaskRunner\n\n    ALL = threading.Barrier(3)\n",
    ),
    ("    df = pl.read_csv", "    ALL.wait(20)\n    df = pl.read_csv"),
    ("retries=2, ", ""),
)
TWO_WORKERS: Edits = (
    ("@flow(", "@flow(task_runner=ThreadPoolTaskRunner(max_workers=2), "),
    ("ALL.wait(20)", "ALL.wait(3)"),
)

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
        "each file waits for the others",
        "stacking/mapping.py",
        ALL_WAIT,
        prints("6 rows in 3 files"),
        stays=True,
    ),
    Change(
        "each file waits for the others, with two workers",
        "stacking/mapping.py",
        ALL_WAIT + TWO_WORKERS,
        raises("BrokenBarrierError", ""),
    ),
    Change(
        "a lock of the setup cell does not reach Dask",
        "stacking/on_dask.py",
        (
            ("    import logging\n", "    import logging\n    import threading\n"),
            ("    # Dask tells", "    LOCK = threading.Lock()\n    # Dask tells"),
            ("    return n * n,", "    LOCK.locked()\n    return n * n,"),
        ),
        raises("TypeError", "Could not serialize"),
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
