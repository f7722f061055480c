"""Expected failures are two-sided: wrong code that passes, or fails otherwise, is red."""

import json
import shutil
from pathlib import Path

import msgspec
import pytest
from proven.scenario import Mode

from proven.judge import judge
from proven.record import Error, Record, load, path_of
from proven.snippet import SNIPPETS, Snippet, find

OFTEN = find("template_often.py")


def _kept(snippet: Snippet, mode: Mode) -> Record:
    kept = load(snippet, mode)
    assert kept is not None
    # A copy: what a test changes must not reach another.
    return msgspec.convert(json.loads(path_of(snippet, mode).read_text()), Record)


@pytest.mark.parametrize("mode", ["check", "edit", "run", "script", "worker", "import"])
def test_the_recorded_runs_are_as_expected(mode: Mode) -> None:
    assert judge(OFTEN, _kept(OFTEN, mode)) is None


def test_wrong_code_that_passes_is_red() -> None:
    passed = msgspec.structs.replace(_kept(OFTEN, "script"), passed=True, error=None)
    assert "it passed (expected: FileNotFoundError" in (judge(OFTEN, passed) or "")


@pytest.mark.parametrize(
    "error",
    [
        Error("ValueError", "data/input.parquet"),
        Error("FileNotFoundError", "data/elsewhere.parquet"),
    ],
)
def test_wrong_code_that_fails_for_another_reason_is_red(error: Error) -> None:
    other = msgspec.structs.replace(_kept(OFTEN, "script"), error=error)
    assert "for another reason" in (judge(OFTEN, other) or "")


def test_a_rejection_by_another_rule_is_red() -> None:
    run = _kept(OFTEN, "check")
    run.console = [x.replace("[branch-expression]", "[cycle-dependencies]") for x in run.console]
    assert "for another reason" in (judge(OFTEN, run) or "")


def test_a_harm_that_is_no_longer_there_is_red() -> None:
    text = path_of(find("template.py"), "edit").read_text()
    for label in ("Source Path", "Destination Path", "Test Pipeline"):
        text = text.replace(label.capitalize(), label)
    whole = msgspec.json.decode(text, type=Record)
    assert "sees no harm" in (judge(OFTEN, whole) or "")


def test_a_harm_that_the_right_sibling_has_too_is_red(tmp_path: Path) -> None:
    """Nothing is proven by a probe that is red on both."""
    often = path_of(find("template.py"), "edit", tmp_path)
    often.parent.mkdir(parents=True)
    shutil.copy(path_of(OFTEN, "edit"), often)
    assert "is red on template.py too" in (judge(OFTEN, _kept(OFTEN, "edit"), tmp_path) or "")


def test_a_harm_whose_right_sibling_never_ran_is_red(tmp_path: Path) -> None:
    assert "has no record" in (judge(OFTEN, _kept(OFTEN, "edit"), tmp_path) or "")


def test_an_unknown_probe_is_red_and_names_those_that_there_are(tmp_path: Path) -> None:
    for name in ("template_often.py", "template.py"):
        shutil.copy(SNIPPETS / name, tmp_path)
    text = (SNIPPETS / "template_often.toml").read_text()
    (tmp_path / "template_often.toml").write_text(text.replace("widgets_shown", "widget_shown"))
    found = judge(Snippet("template_often.py", tmp_path), _kept(OFTEN, "edit"))
    assert "no probe 'widget_shown'; there are: " in (found or "")


def test_right_code_that_fails_is_red_and_says_where() -> None:
    template = find("template.py")
    failed = msgspec.structs.replace(
        _kept(template, "script"), passed=False, error=Error("ValueError", "no", "load", 50)
    )
    assert judge(template, failed) == (
        "snippets/template.py::script failed: ValueError: no (cell load, line 50)"
    )
