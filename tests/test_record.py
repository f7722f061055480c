"""Records: each value counts, nothing is half written, staleness shows."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from proven import record
from proven.errors import ProvenError
from proven.fingerprint import key_of
from proven.project import Project
from proven.record import Record, difference, save
from proven.run.states import is_random
from proven.sidecar import modes, sidecar
from proven.snippet import Snippet
from tests.here import catalogue, find, load, run_of

TEMPLATE = find("template.py")
RUNS = [(s, m) for s in catalogue() for m in modes(s) if run_of(s, m).path.is_file()]


def _leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Paths of all values in a record, except what nothing compares."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if path or key not in ("info", "key"):
                yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _leaves(inner, (*path, i))
    else:
        yield path


def _changed(plain: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    plain = copy.deepcopy(plain)
    at: Any = plain
    for step in path[:-1]:
        at = at[step]
    old = at[path[-1]]
    match old:
        case bool():
            at[path[-1]] = not old
        case int() | float():
            at[path[-1]] = old + 1
        case _:
            at[path[-1]] = f"{old}!"
    return plain


@pytest.mark.parametrize("run", RUNS, ids=lambda r: f"{r[0].name}::{r[1]}")
def test_each_recorded_value_counts(run: tuple[Snippet, Any]) -> None:
    """Change each state, message, line and output in turn: the comparison goes red."""
    kept = load(*run)
    assert kept is not None
    plain = json.loads(run_of(*run).path.read_text())
    leaves = list(_leaves(plain))
    assert leaves
    for path in leaves:
        if path in (("mode",), ("snippet",)):
            continue
        new = _convert(_changed(plain, path))
        if new is not None:
            assert difference(kept, new), path


def _convert(plain: dict[str, Any]) -> Record | None:
    """The record, or None where a changed value is none that a record may hold."""
    try:
        return msgspec.convert(plain, Record)
    except msgspec.ValidationError:
        return None


def test_a_renewed_run_that_is_the_same_makes_no_difference() -> None:
    kept = load(TEMPLATE, "script")
    assert kept is not None
    later = msgspec.structs.replace(kept, info=record.Info(seconds=99), key="other")
    assert difference(kept, later) == ""


def test_the_difference_reads_as_a_diff() -> None:
    kept = load(TEMPLATE, "script")
    assert kept is not None
    new = msgspec.convert(json.loads(run_of(TEMPLATE, "script").path.read_text()), Record)
    new.flows[0].state = "Failed"
    diff = difference(kept, new)
    assert '-   "state": "Completed"' in diff
    assert '+   "state": "Failed"' in diff


def test_a_record_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = load(TEMPLATE, "script")
    assert kept is not None
    save(kept, tmp_path / "r.json")
    before = (tmp_path / "r.json").read_bytes()

    def full_disk(self: Path, target: Path) -> Path:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(OSError, match="no space"):
        save(msgspec.structs.replace(kept, exit=3), tmp_path / "r.json")
    assert (tmp_path / "r.json").read_bytes() == before


def test_a_record_cut_short_is_an_error_that_names_the_command(tmp_path: Path) -> None:
    (tmp_path / "snippets").mkdir()
    (tmp_path / "snippets" / "x.sh").write_text("echo")
    run = Project(tmp_path).run("x.sh::shell")
    run.path.parent.mkdir(parents=True)
    run.path.write_text('{"snippet": "x.sh", "mo')
    with pytest.raises(ProvenError, match=r"uv run proven update x\.sh"):
        _ = run.record


def test_the_key_follows_source_sidecar_and_what_is_brought(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("import marimo\napp = marimo.App()\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "in.csv").write_text("a\n1\n")
    (tmp_path / "x.toml").write_text('brings = ["data"]\n')
    snippet = Snippet("x.py", tmp_path)
    keys = [key_of(snippet)]
    (tmp_path / "data" / "in.csv").write_text("a\n2\n")
    keys.append(key_of(snippet))
    (tmp_path / "x.toml").write_text('brings = ["data"]\nlimit = 5\n')
    keys.append(key_of(snippet))
    (tmp_path / "x.py").write_text("import marimo\napp = marimo.App() \n")
    keys.append(key_of(snippet))
    assert len(set(keys)) == 4


def test_no_record_holds_what_belongs_to_one_run() -> None:
    """No name that Prefect made up for a flow run."""
    assert is_random("courageous-copperhead")
    for snippet, mode in RUNS:
        text = run_of(snippet, mode).path.read_text()
        names = set(re.findall(r"Flow run '([^']+)'", text))
        made_up = {name for name in names if is_random(name)}
        assert not made_up, f"{snippet.name}/{mode}.json"


def test_no_record_holds_what_belongs_to_one_machine() -> None:
    """No path of a home, no temporary folder, no id, no port but those that the snippet names."""
    private = re.compile(
        r"/(?:home|root|tmp|Users)/|/var/folders|[0-9a-f]{8}-[0-9a-f]{4}-|"
        r"(?:127\.0\.0\.1|localhost):(?!4200\b|2718\b|8787\b)\d+"
    )
    for snippet, mode in RUNS:
        theirs = snippet.text + (path.read_text() if (path := sidecar(snippet)).is_file() else "")
        for number, line in enumerate(run_of(snippet, mode).path.read_text().splitlines(), 1):
            found = [m[0] for m in private.finditer(line) if m[0] not in theirs]
            assert not found, f"{snippet.name}/{mode}.json:{number}: {line}"
