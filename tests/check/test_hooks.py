"""The check as a hook: pre-commit itself runs it, and a commit with a wrong notebook is stopped."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.check.loading import FILE, notebook, repository
from tests.here import ROOT, SNIPPETS

pytestmark = pytest.mark.slow

WRONG = notebook("@task\n@app.function\ndef double(x):\n    return 2 * x\n")


def git(folder: Path, *words: str) -> str:
    me = ["-c", "user.name=me", "-c", "user.email=me@example.com"]
    told = ["git", "-C", str(folder), *me, *words]
    return subprocess.run(told, check=True, capture_output=True, text=True).stdout.strip()


def hooked(folder: Path) -> subprocess.CompletedProcess[str]:
    """What pre-commit says of all that is about to be committed."""
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    tools = str(Path(sys.executable).parent)
    env = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    told = [f"{tools}/uvx", "--quiet", "pre-commit", "run"]
    return subprocess.run(told, cwd=folder, env=env, capture_output=True, text=True)


def by_repository(folder: Path, home: Path) -> None:
    """The hook that this repository offers, taken from a clone's worth of it."""
    file = home / FILE.relative_to(ROOT)
    file.parent.mkdir(parents=True)
    shutil.copy(FILE, file)
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", home)
    git(home, "init", "--quiet")
    git(home, "add", ".")
    git(home, "commit", "--quiet", "--message", "The hook")
    text = f"repos:\n- repo: {home}\n  rev: {git(home, 'rev-parse', 'HEAD')}\n"
    (folder / ".pre-commit-config.yaml").write_text(f"{text}  hooks:\n  - id: notebooks\n")


def by_copy(folder: Path, _: Path) -> None:
    """The hook that the page shows, beside a copy of the file."""
    shutil.copy(FILE, folder)
    config = SNIPPETS / "check/pre-commit-config.yaml"
    shutil.copy(config, folder / ".pre-commit-config.yaml")


@pytest.mark.parametrize("way", [by_repository, by_copy])
def test_pre_commit_stops_a_wrong_notebook(
    way: Callable[[Path, Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "cache"))
    folder = repository(tmp_path / "mine", book=notebook("print(1)"))
    way(folder, tmp_path / "theirs")
    green = hooked(folder)
    assert green.returncode == 0 and "Passed" in green.stdout, green.stdout + green.stderr
    red = hooked(repository(folder, book=WRONG))
    assert red.returncode == 1 and "book.py:13: decorator_order: " in red.stdout
