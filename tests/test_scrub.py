"""Each filter takes out one volatile thing, and leaves what stands beside it."""

import sys
import sysconfig
from pathlib import Path

import pytest

from proven.scrub import Scrub

PACKAGES = sysconfig.get_paths()["purelib"]


@pytest.mark.parametrize(
    ("volatile", "stable"),
    [
        ("17:04:20.598 | INFO    | x", "INFO    | x"),
        ("at http://127.0.0.1:45895/runs", "at http://127.0.0.1:4200/runs"),
        ("run 7b1238a2-c584-4d6f-8aae-8c7ac10cc58f ended", "run <id> ended"),
        ("<function f at 0x7ff88640f600>", "<function f at 0x…>"),
        ("1 passed in 3.32s", "1 passed in …s"),
        ("due 2026-11-23T17:04:20.123456+00:00.", "due <time>."),
        ("Retry 1/3 will start 0.07210928428598687 second(s)", "Retry 1/3 will start … second(s)"),
        ("\x1b[32m.\x1b[0m", "."),
        ("[W 261123 17:35:31 compiler:353] no pytest", "[W compiler] no pytest"),
        ("<x random-id='7b1238a2-c584-4d6f-8aae-8c7ac10cc58f'>", "<x>"),
    ],
)
def test_what_is_volatile_is_named(tmp_path: Path, volatile: str, stable: str) -> None:
    assert Scrub(tmp_path).text(volatile) == stable


@pytest.mark.parametrize(
    "text",
    [
        "Loaded 2 rows to data/output.parquet",
        "Retry 1/2 will start 3 second(s) from now",
        "Retry 1/3 will start 0.25 second(s) from now",
        "did not end within 90 s",
        "row 17, column 04, 20 of 598",
        "2026-11-23 was a Monday",
        "kept 3 of 4 in 2 seconds",
        "localhost is a name",
        "Task run 'extract-4' - Finished in state Failed('bad')",
    ],
)
def test_what_a_run_says_stays(tmp_path: Path, text: str) -> None:
    assert Scrub(tmp_path).text(text) == text


def test_paths_of_the_run_and_the_machine_go(tmp_path: Path) -> None:
    scrub = Scrub(tmp_path)
    assert scrub.text(f"{tmp_path}/data/in.csv in {tmp_path}") == "data/in.csv in ."
    assert scrub.text(f"{PACKAGES}/polars") == "site-packages/polars"
    assert scrub.text(f"{sys.prefix}/bin") == "venv/bin"


def test_chatter_that_comes_and_goes_is_dropped(tmp_path: Path) -> None:
    waits = "WARNING | EventsWorker - Still processing items: 1 items remaining..."
    other = "WARNING | EventsWorker - Service stopped"
    assert Scrub(tmp_path).lines(f"{waits}\n{other}\nInstalled 3 packages in 2ms") == [other]


def test_dask_s_last_heartbeat_is_dropped_and_no_other_error(tmp_path: Path) -> None:
    said = "ERROR   | distributed.worker - Failed to communicate with scheduler during heartbeat."
    cause = (
        'Traceback (most recent call last):\n  File "/x/tcp.py", line 3, in read\n    await read()'
    )
    closed = "tornado.iostream.StreamClosedError: Stream is closed"
    so = "\nThe above exception was the direct cause of the following exception:\n"
    end = "distributed.comm.core.CommClosedError: in <TCP (closed) x>: Stream is closed"
    block = [said, cause, closed, so, cause, end]
    text = "\n".join(["before", *block, "after"])
    assert Scrub(tmp_path).lines(text) == ["before", "after"]
    other = text.replace(closed, "ZeroDivisionError: division by zero")
    assert "ZeroDivisionError: division by zero" in Scrub(tmp_path).lines(other)
    assert said in Scrub(tmp_path).lines(text.replace(end, "OSError: no route"))


def test_names_are_whole_words(tmp_path: Path) -> None:
    scrub = Scrub(tmp_path)
    scrub.name("extract-4ac", "extract-1")
    assert scrub.text("'extract-4ac' re-extract-4ac extract-4ac9") == (
        "'extract-1' re-extract-4ac extract-4ac9"
    )


def test_a_traceback_keeps_the_snippet_s_own_frames(tmp_path: Path) -> None:
    text = f'''Traceback (most recent call last):
  File "{PACKAGES}/prefect/flows.py", line 9, in run
    return fn()
           ~~^^
  File "{tmp_path}/x.py", line 3, in load
    raise ValueError("no")
  File "{PACKAGES}/prefect/other.py", line 7, in more
    deeper()
ValueError: no
'''
    assert Scrub(tmp_path).lines(text) == [
        "Traceback (most recent call last):",
        "  …",
        '  File "x.py", line 3, in load',
        '    raise ValueError("no")',
        "  …",
        "ValueError: no",
    ]
