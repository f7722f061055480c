"""The environment of one run's project."""

import subprocess
import sys
from pathlib import Path

import pytest

from proven.run.venv import first_lines


@pytest.mark.parametrize("name", ["plain", "a folder with spaces", "it's", "x" * 200])
def test_a_command_starts_with_its_own_python_wherever_that_is(tmp_path: Path, name: str) -> None:
    python = tmp_path / name / "python"
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    script = tmp_path / "command"
    script.write_text(first_lines(python) + "import sys\nprint(sys.orig_argv[0], sys.argv[1:])\n")
    script.chmod(0o755)
    said = subprocess.check_output([script, "one two", "three"], text=True)
    assert said == f"{python} ['one two', 'three']\n"
