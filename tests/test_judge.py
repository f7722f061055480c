"""Expected failures are two-sided: wrong code that passes, or fails otherwise, is red."""

import json
import shutil
from pathlib import Path

import msgspec
import pytest

from proven.judge import judge
from proven.project import Project, Run
from proven.record import Error, Record
from proven.snippet import Snippet
from tests.here import SNIPPETS, find, load, run_of

OFTEN = find("template_often.py")


def _judge(snippet: Snippet, record: Record) -> str | None:
    return judge(run_of(snippet, record.mode), record)


def _kept(snippet: Snippet, mode: str) -> Record:
    kept = load(snippet, mode)
    assert kept is not None
    # A copy: what a test changes must not reach another.
    return msgspec.convert(json.loads(run_of(snippet, mode).path.read_text()), Record)


def _elsewhere(folder: Path) -> Run:
    """The same pair in a project of its own, without records."""
    (folder / "snippets").mkdir()
    for name in ("template_often.py", "template_often.toml", "template.py"):
        shutil.copy(SNIPPETS / name, folder / "snippets")
    return Project(folder).run("template_often.py::edit")


@pytest.mark.parametrize("mode", ["check", "edit", "run", "script", "worker", "import"])
def test_the_recorded_runs_are_as_expected(mode: str) -> None:
    assert _judge(OFTEN, _kept(OFTEN, mode)) is None


def test_wrong_code_that_passes_is_red() -> None:
    passed = msgspec.structs.replace(_kept(OFTEN, "script"), passed=True, error=None)
    assert "it passed (expected: FileNotFoundError" in (_judge(OFTEN, passed) or "")


@pytest.mark.parametrize(
    "error",
    [
        Error("ValueError", "data/input.parquet"),
        Error("FileNotFoundError", "data/elsewhere.parquet"),
    ],
)
def test_wrong_code_that_fails_for_another_reason_is_red(error: Error) -> None:
    other = msgspec.structs.replace(_kept(OFTEN, "script"), error=error)
    assert "for another reason" in (_judge(OFTEN, other) or "")


def test_a_rejection_by_another_rule_is_red() -> None:
    run = _kept(OFTEN, "check")
    run.console = [x.replace("[branch-expression]", "[cycle-dependencies]") for x in run.console]
    assert "for another reason" in (_judge(OFTEN, run) or "")


def test_a_harm_that_is_no_longer_there_is_red() -> None:
    text = run_of(find("template.py"), "edit").path.read_text()
    for label in ("Source Path", "Destination Path", "Test Pipeline"):
        text = text.replace(label.capitalize(), label)
    whole = msgspec.json.decode(text, type=Record)
    assert "sees no harm" in (_judge(OFTEN, whole) or "")


def test_a_harm_that_the_right_sibling_has_too_is_red(tmp_path: Path) -> None:
    """Nothing is proven by a probe that is red on both."""
    often = _elsewhere(tmp_path)
    right = often.project.run("template.py::edit").path
    right.parent.mkdir(parents=True)
    shutil.copy(run_of(OFTEN, "edit").path, right)
    assert "is red on template.py too" in (judge(often, _kept(OFTEN, "edit")) or "")


def test_a_harm_whose_right_sibling_never_ran_is_red(tmp_path: Path) -> None:
    assert "has no record" in (judge(_elsewhere(tmp_path), _kept(OFTEN, "edit")) or "")


def test_an_unknown_probe_is_red_and_names_those_that_there_are(tmp_path: Path) -> None:
    often = _elsewhere(tmp_path)
    sidecar = often.snippet.path.with_suffix(".toml")
    sidecar.write_text(sidecar.read_text().replace("widgets_shown", "widget_shown"))
    found = judge(often, _kept(OFTEN, "edit"))
    assert "no probe 'widget_shown'; there are: " in (found or "")


def test_right_code_that_fails_is_red_and_says_where() -> None:
    template = find("template.py")
    failed = msgspec.structs.replace(
        _kept(template, "script"), passed=False, error=Error("ValueError", "no", "load", 50)
    )
    assert _judge(template, failed) == (
        "snippets/template.py::script failed: ValueError: no (cell load, line 50)"
    )
