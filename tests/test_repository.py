"""What the repository promises: its commands, its pins, clean code, no private traces."""

import subprocess
import sys
import tomllib

import pytest

from proven.page.reference import renewed
from tests.here import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_ci_calls_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text().splitlines()
    command = [line.removesuffix(" && exit") for line in script if line.startswith("python3")]
    readme = (ROOT / "README.md").read_text()
    assert len(command) == 3
    assert "\n".join(command[:2]) in readme
    assert command[2].startswith(command[1].removesuffix("-n 3"))


def test_the_reference_of_directives_is_what_their_docstrings_say() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text()
    assert "### `snippet`" in guide
    assert guide == renewed(guide)


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "--quiet", "."],
        ["ruff", "format", "--check", "--quiet", "."],
        ["mypy"],
    ],
    ids=" ".join,
)
def test_the_code_is_clean(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_tracked_file_names_a_registry_or_a_home() -> None:
    """A lock file would name the host it was resolved from; so would a pasted log."""
    private = r"(^|[^A-Za-z0-9_.~])/(root|home/[a-z]+)/|pypi\.org|pythonhosted|registry\.npmjs"
    found = subprocess.run(
        ["git", "grep", "-nIE", private, "--", ".", ":!tests", ":!proven"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert found.stdout == ""
