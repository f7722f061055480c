"""What the repository promises: its commands, its pins, clean code, no private traces."""

import re
import subprocess
import sys
import tomllib

import pytest

from proven.sidecar import scenario
from proven.snippet import Snippet
from tests.here import ROOT, catalogue, find

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
NOTEBOOKS = [s for s in catalogue() if s.is_notebook]


def _pins() -> dict[str, str]:
    lists = [
        PROJECT["project"]["dependencies"],
        *PROJECT["project"].get("optional-dependencies", {}).values(),
        *PROJECT["dependency-groups"].values(),
    ]
    return {re.split(r"[<>=\[]", pin)[0]: pin for pins in lists for pin in pins}


def test_ci_calls_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text().splitlines()
    command = [line.removesuffix(" && exit") for line in script if line.startswith("python3")]
    readme = (ROOT / "README.md").read_text()
    assert len(command) == 3
    assert "\n".join(command[:2]) in readme
    assert command[2].startswith(command[1].removesuffix("-n 3"))


def _header_problems(snippet: Snippet) -> list[str]:
    """Where a notebook's header differs from the pins of the project."""
    header = snippet.header
    if header is None:
        return ["no header"]
    pins = _pins()
    # What the header takes from the folder around the notebook has no version there.
    own = header.get("tool", {}).get("uv", {}).get("sources", {})
    problems = [
        f"{pin!r} is not the project's {pins.get(re.split(r'[<>=]', pin)[0])!r}"
        for pin in header["dependencies"]
        if pin not in pins.values() and pin not in own
    ]
    named = {re.split(r"[<>=]", pin)[0] for pin in header["dependencies"]}
    if "prefect" in named and not {"fastapi", "sqlalchemy"} <= named:
        problems.append("prefect without the bounds that it needs")
    newest = header.get("tool", {}).get("uv", {}).get("exclude-newer")
    if newest not in (None, PROJECT["tool"]["uv"]["exclude-newer"]):
        problems.append("exclude-newer is not the project's")
    return problems


@pytest.mark.parametrize("snippet", NOTEBOOKS, ids=lambda s: s.name)
def test_a_notebook_carries_the_bounds_of_the_project(snippet: Snippet) -> None:
    """A copied file works as it works here. Only a wrong notebook may carry others."""
    if not (scenario(snippet).wrong or snippet.name.endswith("_wrong.py")):
        assert _header_problems(snippet) == []


def test_the_check_of_headers_can_fail() -> None:
    often = find("template_often.py")
    assert any("'prefect>=3.0.0' is not" in p for p in _header_problems(often))
    assert "prefect without the bounds that it needs" in _header_problems(often)


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
