"""What a reader gives the notebooks of the way in on the command line."""

from pathlib import Path

import pytest

from proven.run.api import Api
from proven.run.process import finish
from tests.here import find

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["pipeline.py", "finished.py"])
def test_the_script_takes_each_value_of_the_slider(name: str, api: Api, tmp_path: Path) -> None:
    """Zero too, which an `or` with the default would take for none: one tea is worth 9."""
    (tmp_path / name).write_text(find(f"way/{name}").text)
    command = ["python", name, "--", "--smallest", "0"]
    done = finish(command, tmp_path, api.env(tmp_path / "home"), tmp_path / "log", 400)
    assert "tea,36.0" in (tmp_path / "report.csv").read_text(), done.text
