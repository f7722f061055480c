"""The oldest marimo that the check works with, and the one before it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.check.loading import CHECK, FILE
from tests.here import ROOT

pytestmark = pytest.mark.slow

BEFORE = "0.21.1"


def under(marimo: str, *options: str) -> subprocess.CompletedProcess[str]:
    """The check of this repository, under that marimo."""
    uv = str(Path(sys.executable).with_name("uv"))
    told = [uv, "run", "--quiet", "--no-project", "--isolated", "--python", sys.executable]
    told += ["--with", f"marimo=={marimo}", "python", str(FILE), *options]
    return subprocess.run(told, cwd=ROOT, capture_output=True, text=True)


def own(findings: list[dict[str, object]]) -> list[tuple[object, ...]]:
    """What is not marimo's: its own rules differ between its releases."""
    keys = ("path", "line", "rule", "message")
    told = [tuple(one[k] for k in keys) for one in findings]
    return [one for one in told if not str(one[2]).startswith("marimo_")]


def test_the_oldest_marimo_finds_the_same() -> None:
    run = under(CHECK.OLDEST_MARIMO, "--advice", "--format", "json")
    assert run.returncode == 1, run.stderr
    _, now = CHECK.check(ROOT, advice=True)
    assert own(json.loads(run.stdout)) == own([vars(one) | {"line": one.line} for one in now]) != []


def test_an_older_one_is_one_sentence() -> None:
    run = under(BEFORE)
    assert (run.returncode, run.stdout) == (2, "")
    assert re.fullmatch(rf"This check needs marimo {CHECK.OLDEST_MARIMO} or newer .*\n", run.stderr)


def test_the_header_asks_for_the_oldest() -> None:
    [first] = CHECK.header_of(Path(FILE).read_text()).meta["dependencies"]
    assert first.startswith(f"marimo>={CHECK.OLDEST_MARIMO},<")
