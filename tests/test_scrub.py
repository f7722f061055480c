"""What a run made up is replaced because it is known; what only looks like it stays."""

import html
import json
import sys
import sysconfig
import time
import urllib.parse
from pathlib import Path

import pytest

from proven.scrub import Scrub

PACKAGES = sysconfig.get_paths()["purelib"]
ID = "7b1238a2-c584-4d6f-8aae-8c7ac10cc58f"
KEY = "0123456789abcdef0123456789abcdef"


def _scrub(folder: Path) -> Scrub:
    scrub = Scrub()
    scrub.folder(folder / "run", ".")
    scrub.folder(folder / "home", "~")
    scrub.port(23456, 4200)
    scrub.ids([ID])
    scrub.keys([KEY])
    scrub.name("quick-otter", "random-name")
    scrub.name("extract-4ac", "extract-1")
    scrub.name("load the day-205", "load the day-1")
    return scrub


@pytest.mark.parametrize(
    ("known", "stable"),
    [
        ("at http://127.0.0.1:23456/runs", "at http://127.0.0.1:4200/runs"),
        (f"run {ID} ended", "run <id> ended"),
        (f"stored as {KEY}", "stored as <key>"),
        ("Flow run 'quick-otter'", "Flow run 'random-name'"),
        ("'extract-4ac', extract-4ac", "'extract-1', extract-1"),
        ("Task run 'load the day-205'", "Task run 'load the day-1'"),
    ],
)
def test_what_the_run_was_given_is_named(tmp_path: Path, known: str, stable: str) -> None:
    assert _scrub(tmp_path).text(known) == stable


@pytest.mark.parametrize(
    "text",
    [
        "17:04:20.598 | INFO    | x",
        "connecting to postgresql://localhost:5432/shop",
        "10.0.0.1:23456 is another host's",
        "order 3f2b8c1e-0d9a-4c1b-8a77-5d0f6f2a9b11",
        "<function f at 0x7ff88640f600>",
        "batch took in 3.25s, 1 passed in 3.32s",
        "due 2026-11-23T17:04:20.123456+00:00, 2026-01-05 06:00:00",
        "Retry 1/3 will start 0.07210928428598687 second(s) from now",
        "\x1b[32mgreen\x1b[0m",
        "[W 261123 17:35:31 compiler:353] no pytest",
        f"<x random-id='{ID[:-1]}0'>",
        "Downloading orders.csv",
        "Resolved 3 packages in 2ms",
        "WARNING | EventsWorker - Still processing items: 1 items remaining...",
        "re-extract-4ac extract-4ac9 extract-205 quick-otters",
        "sold the day-205",
        "PID: 1234",
        "/elsewhere/data",
    ],
)
def test_what_only_looks_like_it_stays(tmp_path: Path, text: str) -> None:
    assert _scrub(tmp_path).text(text) == text


@pytest.mark.parametrize("name", ["plain", "with a space", ".hidden", "it's & <co>", "münze"])
def test_a_folder_goes_in_every_spelling(tmp_path: Path, name: str) -> None:
    scrub = Scrub()
    folder = tmp_path / name
    scrub.folder(folder, ".")
    assert scrub.text(f"{folder}/data/in.csv in {folder}") == "data/in.csv in ."
    assert scrub.text(urllib.parse.quote(f"{folder}/x.csv")) == "x.csv"
    assert scrub.text(html.escape(repr(f"{folder}/x.csv"))) in (
        "&#x27;x.csv&#x27;",
        "&quot;x.csv&quot;",
    )
    assert scrub.text(html.escape(f"{folder}/x.csv")) == "x.csv"
    assert scrub.text(urllib.parse.quote(str(folder), safe="")) == "."
    assert scrub.text(json.dumps(str(folder)).replace("/", "\\/")) == '"."'


def test_a_run_s_own_folder_goes_without_its_first_slash_too(tmp_path: Path) -> None:
    scrub = Scrub()
    scrub.folder(tmp_path, "<run>", bare=True)
    scrub.folder(tmp_path / "project", ".", bare=True)
    name = str(tmp_path).removeprefix("/")
    assert scrub.text(f"{name}/project/x.csv {name}/t") == "x.csv <run>/t"


def test_what_no_file_can_hold_is_escaped() -> None:
    """Half a letter, and a byte in the name of a file: a record is UTF-8."""
    assert Scrub().text("a\ud800b \udcff ß") == "a\\ud800b \\udcff ß"


def test_a_folder_behind_a_link_goes_under_both_names(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    scrub = Scrub()
    scrub.folder(tmp_path / "link", "~")
    assert scrub.text(f"{tmp_path}/real/x {tmp_path}/link/x") == "~/x ~/x"


def test_paths_of_the_machine_go(tmp_path: Path) -> None:
    assert Scrub().text(f"{PACKAGES}/polars") == "site-packages/polars"
    assert Scrub().text(f"{sys.prefix}/bin") == "venv/bin"


@pytest.mark.parametrize(
    ("said", "stable"),
    [
        (
            "Retry 1/3 will start 0.07210928428598687 second(s) from now",
            "Retry 1/3 will start … second(s) from now",
        ),
        (
            "while running `retry_condition_fn` check '<function ok at 0x7ff88640f600>' for",
            "while running `retry_condition_fn` check '<function ok at 0x…>' for",
        ),
        (
            "See https://docs.prefect.io/v3/concepts/server#x for",
            "See https://docs.prefect.io/… for",
        ),
        ("(error_id=7b1238a2) KeyError", "KeyError"),
        (
            "x - Starting temporary server on http://127.0.0.1:8123",
            "x - Starting temporary server on http://127.0.0.1:…",
        ),
        (
            "x - Stopping temporary server on http://127.0.0.1:8123",
            "x - Stopping temporary server on http://127.0.0.1:…",
        ),
        (
            "x - The Dask dashboard is available at http://127.0.0.1:41235/status",
            "x - The Dask dashboard is available at http://127.0.0.1:8787/status",
        ),
        (f"An internal error occurred: {ID}", "An internal error occurred: <id>"),
        ("site-packages/x/y.py:12: UserWarning: no", "site-packages/x/y.py: UserWarning: no"),
    ],
)
def test_what_prefect_and_marimo_say_by_chance_is_named(said: str, stable: str) -> None:
    assert Scrub().engine(said) == stable


@pytest.mark.parametrize(
    "said",
    [
        "Starting my server on http://127.0.0.1:8123",
        "Retry 1/2 will start 3 second(s) from now",
        "Retry 1/3 will start 0.25 second(s) from now",
        "Task run failed with exception: ValueError('<function f at 0x7ff88640f600>')",
        "Task run failed with exception: ValueError('due 2026-11-23 06:00:00')",
        "Finished in state Failed('see https://docs.example.org/v3/x')",
        "x.py:12: UserWarning: no",
    ],
)
def test_what_they_quote_stays(said: str) -> None:
    assert Scrub().engine(said) == said


def test_what_marimo_and_prefect_show_by_chance_is_named() -> None:
    widget = "<marimo-ui-element object-id='PKri-0' random-id='{}'>"
    assert Scrub().shown(widget.format(ID)) == "<marimo-ui-element object-id='PKri-0'>"
    for quote in ("'", "&#x27;"):
        shown = f"ResultRecordMetadata(storage_key={quote}~/.prefect/storage/{KEY}{quote}, x"
        assert KEY not in Scrub().shown(shown)
    for kept in (f"<x random-id='{ID}'>", f"storage_key='{KEY}'"):
        assert Scrub().shown(kept) == kept


def test_a_declared_text_is_called_by_why_it_varies() -> None:
    scrub = Scrub()
    scrub.vary(r"took (\d+\.\d+) s", "a duration")
    scrub.vary(r"^today is .*$", "today's date")
    text = scrub.text("it took 3.25 s\ntoday is Monday\nyesterday took 3 s")
    assert text == "it took ⟨a duration⟩ s\n⟨today's date⟩\nyesterday took 3 s"
    assert len(scrub.varied) == 2


def test_time_grows_with_the_text_alone() -> None:
    """A megabyte in one line, ten thousand names: a walk, not a search for each."""
    scrub = Scrub()
    scrub.ids(f"{n:08x}-0000-0000-0000-000000000000" for n in range(10_000))
    for n in range(10_000):
        scrub.name(f"load-{n:05x}", f"load-{n}")
    started = time.process_time()
    scrub.shown("y" * 1_000_000)
    scrub.trace("=" * 1_000_000 + "\n" + '  File "' * 100_000)
    scrub.engine("load-00001 " * 100_000)
    assert time.process_time() - started < 5


def test_a_traceback_keeps_the_snippet_s_own_frames(tmp_path: Path) -> None:
    text = f'''Traceback (most recent call last):
  File "{PACKAGES}/prefect/flows.py", line 9, in run
    return fn()
           ~~^^
  File "{tmp_path}/x.py", line 3, in load
    raise ValueError(
    ...<2 lines>...
    )
  File "{PACKAGES}/prefect/other.py", line 7, in more
    deeper()
ValueError: no
'''
    scrub = Scrub()
    scrub.folder(tmp_path, ".")
    assert scrub.trace(text).splitlines() == [
        "Traceback (most recent call last):",
        "  …",
        '  File "x.py", line 3, in load',
        "    raise ValueError(",
        "  …",
        "ValueError: no",
    ]
