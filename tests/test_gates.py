"""Every gate can fail: break a site that is green, and the right command goes red."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from proven.run.process import clean_env
from proven.testing import CONFIG, write
from tests.here import SNIPPETS, copy_template

pytestmark = pytest.mark.slow

PYTEST = ("pytest", "-q", "-p", "proven.pytest_plugin")
PAGE = "# Template\n\n``` snippet template.py\noutput: script\n```\n"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A site of one page that shows our template and its record."""
    copy_template(tmp_path)
    (tmp_path / "ledger.toml").unlink()  # it speaks of the other snippets
    write(tmp_path / "mkdocs.yml", CONFIG)
    write(tmp_path / "docs/index.md", PAGE)
    return tmp_path


def _module(copy: Path, *command: str) -> tuple[int, str]:
    """Run `python -m …` in the copy."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=copy,
        env=clean_env(),
        capture_output=True,
        text=True,
        timeout=560,
    )
    return done.returncode, done.stdout + done.stderr


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    "command",
    [
        ("mkdocs", "build", "--strict"),
        ("proven.cli", "check"),
        (*PYTEST, "docs", "snippets", "-k", "page or check"),
    ],
)
def test_what_is_not_broken_is_green(copy: Path, command: tuple[str, ...]) -> None:
    code, said = _module(copy, *command)
    assert code == 0, said


def test_a_changed_operator_is_red_and_names_the_cell(copy: Path) -> None:
    _edit(copy / "snippets/template.py", 'pl.col("value") > 0', 'pl.col("value") < 0')
    code, said = _module(copy, *PYTEST, "snippets/template.py", "-k", "script or test")
    assert code == 1
    assert "changed since then: cell transform" in said
    assert "+  \"INFO    | Task run 'load-1' - Loaded 1 rows to data/output.parquet\"" in said
    assert "snippets/template.py:" in said and "cell test_transform_keeps_positive_values" in said
    assert "pytest_plugin.py" not in said


def test_a_missing_record_ends_the_strict_build_and_names_the_command(copy: Path) -> None:
    (copy / "records/template.py/script.json").unlink()
    code, said = _module(copy, "mkdocs", "build", "--strict")
    assert code == 1
    assert "uv run proven update template.py" in said


def test_a_stale_record_ends_the_strict_build_and_names_the_command(copy: Path) -> None:
    _edit(copy / "snippets/template.py", "read_parquet(source)", "read_parquet( source)")
    code, said = _module(copy, "mkdocs", "build", "--strict")
    assert code == 1
    assert "uv run proven update template.py" in said


def test_wrong_code_that_was_repaired_is_red(copy: Path) -> None:
    shutil.copy(copy / "snippets/template.py", copy / "snippets/template_often.py")
    shutil.copy(SNIPPETS / "template_often.toml", copy / "snippets")
    code, said = _module(copy, "proven.cli", "run", "template_often.py", "check")
    assert code == 1
    assert "is expected to be wrong, but it passed" in said


def test_code_typed_into_a_page_is_red(copy: Path) -> None:
    page = copy / "docs/index.md"
    page.write_text(page.read_text() + "\n```python\nimport this\n```\n")
    code, said = _module(copy, *PYTEST, "docs/index.md")
    assert code == 1
    assert "'import this': a code block that comes from no snippet and no run" in said


def test_an_unknown_snippet_on_a_page_is_red_with_page_and_line(copy: Path) -> None:
    page = copy / "docs/index.md"
    lines = page.read_text().count("\n")
    page.write_text(page.read_text() + "\n``` snippet templat.py\n```\n")
    code, said = _module(copy, "mkdocs", "build")
    assert code == 1
    assert f"docs/index.md:{lines + 2}" in said
    assert "did you mean template.py" in said


def test_no_snippets_are_an_error_and_not_an_empty_pass(copy: Path) -> None:
    shutil.rmtree(copy / "snippets")
    (copy / "snippets").mkdir()
    code, said = _module(copy, *PYTEST, "snippets")
    assert code != 0
    code, said = _module(copy, "proven.cli", "update")
    assert code == 1
    assert "no snippets" in said


def test_a_name_that_matches_nothing_is_an_error(copy: Path) -> None:
    code, said = _module(copy, "proven.cli", "update", "tempalte.py")
    assert code == 1
    assert "no snippet 'tempalte.py'" in said and "template.py" in said


@pytest.mark.parametrize(
    ("number", "times"), [(signal.SIGINT, 1), (signal.SIGTERM, 1), (signal.SIGTERM, 400)]
)
def test_a_signal_in_the_middle_of_an_update_leaves_nothing(
    copy: Path, number: signal.Signals, times: int
) -> None:
    before = {p: p.read_bytes() for p in (copy / "records").rglob("*.json")}
    command = [sys.executable, "-m", "proven.cli", "update", "template.py"]
    env = clean_env() | {"TMPDIR": str(copy)}
    update = subprocess.Popen(
        command, cwd=copy, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    me = psutil.Process(update.pid)
    deadline = time.monotonic() + 120
    while not any("prefect" in " ".join(c.cmdline()) for c in me.children(recursive=True)):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    children = me.children(recursive=True)
    for _ in range(times):
        update.send_signal(number)
        time.sleep(0.0005)
    said, _ = update.communicate(timeout=120)
    assert update.returncode == 130
    assert "interrupted" in said and "Traceback" not in said
    _, alive = psutil.wait_procs(children, timeout=30)
    assert not alive
    assert {p: p.read_bytes() for p in (copy / "records").rglob("*.json")} == before
    assert not list(copy.glob("proven-*"))
