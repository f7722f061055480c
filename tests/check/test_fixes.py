"""A fix, proven by running both sides: the wrong file goes wrong, what `--fix` makes of it runs."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from proven.modes import Mode
from proven.project import Project
from proven.run.pool import Pool
from tests.check.loading import FILE
from tests.here import PROJECT, SNIPPETS, load

pytestmark = pytest.mark.slow

# The wrong file, and the right sibling, whose sidecar says how the fixed one is run.
PAIRS = [
    ("antipatterns/decorator_order_wrong.py", "antipatterns/decorator_order_right.py"),
    ("antipatterns/widgets_in_if_wrong.py", "antipatterns/widgets_in_if_right.py"),
    ("stacking/mapping_wrong.py", "stacking/mapping.py"),
]


def fixed(folder: Path, wrong: str, right: str) -> Project:
    """A project of the wrong file after its fix, run as its right sibling is."""
    home = folder / "snippets"
    source, sidecar = SNIPPETS / wrong, (SNIPPETS / right).with_suffix(".toml")
    home.mkdir()
    shutil.copy(source, home / "fixed.py")
    if sidecar.exists():
        shutil.copy(sidecar, home / "fixed.toml")
    if (source.parent / "data").exists():
        shutil.copytree(source.parent / "data", home / "data")
    done = subprocess.run([sys.executable, str(FILE), "--fix"], cwd=home, capture_output=True)
    assert done.returncode == 0 and b"+++ b/" in done.stdout
    return Project(folder)


@pytest.mark.parametrize("mode", [Mode.SCRIPT, Mode.EDIT])
@pytest.mark.parametrize(("wrong", "right"), PAIRS)
def test_the_wrong_file_runs_well_after_its_fix(
    wrong: str, right: str, mode: Mode, pool: Pool, tmp_path: Path
) -> None:
    before = load(PROJECT.find(wrong), mode)
    assert before and (mode in PROJECT.run(f"{wrong}::{mode}").scenario.wrong), "wrong before"
    run = fixed(tmp_path, wrong, right).run(f"fixed.py::{mode}")
    record = pool.make(run)
    assert record.passed, record.error
