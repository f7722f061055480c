"""The same findings through pytest and the command; what a person may decide; safe fixes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from proven import rule_pages
from proven.testing import served
from tests.check.loading import CHECK, FILE, notebook, repository, rules
from tests.here import PROJECT, SNIPPETS

pytestmark = pytest.mark.slow

DOUBLE = "@task\n@app.function\ndef double(x):\n    return 2 * x\n"
WRONG = notebook(DOUBLE)


def command(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    told = [sys.executable, str(FILE), *options]
    return subprocess.run(told, cwd=folder, capture_output=True, text=True)


def by_pytest(folder: Path, stand: Path) -> subprocess.CompletedProcess[str]:
    """A copy in the repository's folder of tests, started from anywhere."""
    (folder / "tests").mkdir(exist_ok=True)
    copy = shutil.copy(FILE, folder / "tests")
    told = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", copy]
    return subprocess.run(told, cwd=stand, capture_output=True, text=True)


@pytest.mark.parametrize("stand", [".", "tests", "/"])
def test_pytest_finds_the_notebooks_from_any_folder(stand: str, tmp_path: Path) -> None:
    repository(tmp_path, notebooks__wrong=WRONG, notebooks__right=notebook("print(1)"), tests__x="")
    run = by_pytest(tmp_path, tmp_path / stand)
    assert run.returncode == 1 and "1 failed, 1 passed" in run.stdout
    assert "notebooks/wrong.py:13: decorator_order: " in run.stdout


def test_pytest_says_when_there_is_no_notebook(tmp_path: Path) -> None:
    run = by_pytest(repository(tmp_path, plain="x = 1\n"), tmp_path)
    assert run.returncode == 1 and "no notebook found in" in run.stdout


def test_nothing_is_imported_or_run(tmp_path: Path) -> None:
    mark = f"open({str(tmp_path / 'ran')!r}, 'w')"
    text = notebook(mark, setup=f"    {mark}\n    from book import mo\n")
    repository(tmp_path, notebooks__book=text, tests__test_it=f"{mark}\n", plain=f"{mark}\n")
    assert command(tmp_path, "--advice").returncode == 1 and not (tmp_path / "ran").exists()
    subprocess.run([sys.executable, "notebooks/book.py"], cwd=tmp_path, capture_output=True)
    assert (tmp_path / "ran").exists(), "what the check does not do"


def test_a_broken_plain_file_is_noted_and_red_for_nobody(tmp_path: Path) -> None:
    repository(tmp_path, old="import prefect\nprint 'x'\n", book=notebook("print(1)"))
    assert "1 passed, 1 skipped" in by_pytest(tmp_path, tmp_path).stdout


def test_uv_runs_the_file_from_its_address(tmp_path: Path) -> None:
    repository(tmp_path, book=WRONG)
    with served(FILE.parent) as address:
        uv = [str(Path(sys.executable).with_name("uv")), "run", "--quiet", "--no-project"]
        told = [*uv, "--python", sys.executable, f"{address}{FILE.name}"]
        run = subprocess.run(told, cwd=tmp_path, capture_output=True, text=True)
    assert run.stdout.startswith("book.py:13: decorator_order: "), run.stderr
    assert run.returncode == 1 and list(tmp_path.iterdir()) == [tmp_path / "book.py"]


def test_json_and_github_annotations(tmp_path: Path) -> None:
    repository(tmp_path, book=WRONG)
    [one] = json.loads(command(tmp_path, "--format", "json").stdout)
    assert (one["path"], one["line"], one["rule"], one["rank"]) == (
        "book.py",
        13,
        "decorator_order",
        "error",
    )
    said = command(tmp_path, "--format", "github").stdout
    assert said.startswith("::error file=book.py,line=13,title=decorator_order::@app.function must")


def test_exit_statuses(tmp_path: Path) -> None:
    assert command(repository(tmp_path / "a", book=notebook("print(1)"))).returncode == 0
    assert command(repository(tmp_path / "b", book=WRONG)).returncode == 1
    assert command(repository(tmp_path / "c", plain="x = 1\n")).returncode == 2
    assert "there is no gone.py" in command(tmp_path / "b", "gone.py").stderr


def test_a_marimo_that_cannot_serve_is_one_sentence(tmp_path: Path) -> None:
    repository(tmp_path, book=WRONG)
    (tmp_path / "stub/marimo").mkdir(parents=True)
    (tmp_path / "stub/marimo/__init__.py").touch()
    given = {**os.environ, "PYTHONPATH": str(tmp_path / "stub")}
    run = subprocess.run(
        [sys.executable, FILE], cwd=tmp_path, env=given, capture_output=True, text=True
    )
    assert run.returncode == 2 and run.stderr.count("\n") == 1
    assert run.stderr.startswith(f"This check needs marimo {CHECK.OLDEST_MARIMO} or newer")


def settings(folder: Path, text: str) -> Path:
    (folder / "pyproject.toml").write_text(f"[tool.notebook-check]\n{text}\n")
    return folder


def test_settings_decide_on_rules_files_and_ranks(tmp_path: Path) -> None:
    repository(tmp_path, book=WRONG, legacy__book=WRONG)
    assert rules(settings(tmp_path, 'exclude = ["legacy/**"]')) == ["decorator_order"]
    assert rules(settings(tmp_path, 'rules = { decorator_order = "off", header = "error" }')) == [
        "header"
    ]
    assert rules(settings(tmp_path, 'files = { "*.py" = ["decorator_order"] }')) == []
    assert rules(settings(tmp_path, "advice = true")) == ["decorator_order", "header"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("advise = true", "has no advise; it knows advice"),
        ("exclude = [3]", "exclude must have lists of texts"),
        ("files = { x = 3 }", "files must have lists of texts"),
        ('rules = { guard = "off" }', "no rule is called guard"),
        ('rules = { guards = "warn" }', "error, advice or off, not warn"),
        ('exclude = "x"', "exclude must be a list"),
        ("[", "pyproject.toml"),
    ],
)
def test_a_wrong_setting_is_named(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(CHECK.Wrong, match=said):
        rules(settings(repository(tmp_path, book=WRONG), text))


REASON = "# check: ignore[decorator_order] kept for a reason"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (WRONG.replace("@app.function", f"@app.function  {REASON}"), []),
        (WRONG.replace("@app.function", f"{REASON}\n@app.function"), []),
        (WRONG.replace("    return 2", f"    {REASON}\n    return 2"), []),
        (f"{REASON}\n{WRONG}", []),
        (
            WRONG.replace("@app.function", "@app.function  # check: ignore[decorator_order]"),
            ["decorator_order", "ignore"],
        ),
        (
            WRONG.replace("@app.function", "@app.function  # check: ignore[guard] x"),
            ["decorator_order", "ignore"],
        ),
        (WRONG.replace("    return 2", f"    return '''{REASON}'''"), ["decorator_order"]),
    ],
)
def test_a_comment_with_a_reason_ignores(text: str, left: list[str], tmp_path: Path) -> None:
    assert rules(repository(tmp_path, book=text)) == left


def test_with_a_baseline_only_what_is_new_is_red(tmp_path: Path) -> None:
    repository(tmp_path, book=WRONG)
    assert "1 findings accepted" in command(tmp_path, "--write-baseline").stdout
    repository(tmp_path, book="\n" + WRONG)
    assert command(tmp_path).returncode == 0
    repository(tmp_path, book=notebook(DOUBLE, DOUBLE.replace("double", "again")))
    assert command(tmp_path).stdout.count("decorator_order") == 1


@pytest.mark.parametrize("text", ["{", "[]", '{"book.py": 3}'])
def test_a_baseline_that_is_none_is_named(text: str, tmp_path: Path) -> None:
    (repository(tmp_path, book=WRONG) / "notebook-baseline.json").write_text(text)
    run = command(tmp_path)
    assert run.returncode == 2 and "notebook-baseline.json: " in run.stderr


def test_marimos_own_settings_are_respected(tmp_path: Path) -> None:
    repository(tmp_path, book=notebook("shown = 1", "shown = 2"))
    assert rules(tmp_path) == ["marimo_check"]
    (tmp_path / "pyproject.toml").write_text('[tool.marimo.lint]\nignore = ["MB002"]\n')
    assert rules(tmp_path) == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("antipatterns/decorator_order_wrong.py", "antipatterns/decorator_order_right.py"),
        ("antipatterns/widgets_in_if_wrong.py", "antipatterns/widgets_in_if_right.py"),
        ("stacking/mapping_wrong.py", "stacking/mapping.py"),
    ],
)
def test_a_fix_makes_of_the_wrong_file_the_right_one(
    wrong: str, right: str, tmp_path: Path
) -> None:
    """Of both sides there are records: what a run of each gave."""
    file = tmp_path / "book.py"
    shutil.copy(SNIPPETS / wrong, file)
    before = file.read_bytes()
    shown = command(tmp_path, "--diff").stdout
    assert shown.startswith("--- a/book.py") and file.read_bytes() == before
    assert command(tmp_path, "--fix").stdout == shown
    assert _code(file) == _code(SNIPPETS / right)


def _code(file: Path) -> list[str]:
    lines = file.read_text().splitlines()
    return [line.split("  #")[0] for line in lines if not line.strip().startswith("#")]


def test_a_fix_keeps_line_ends_and_the_mark(tmp_path: Path) -> None:
    repository(tmp_path, book=b"\xef\xbb\xbf" + WRONG.replace("\n", "\r\n").encode())
    command(tmp_path, "--fix")
    data = (tmp_path / "book.py").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and data.count(b"\n") == data.count(b"\r\n")
    assert b"@app.function\r\n@task\r\n" in data


RIGHT = DOUBLE.replace("@task\n@app.function", "@app.function\n@task")
ODD = """
@task(
    retries=2,  # as the network is slow
)
# the lock is taken

@object
@app.function(hide_code=True)  # shown to nobody
def double(x):
    return 2 * x
"""
NESTED = """if mo.app_meta().mode == "edit":  # the editor
    # only here
    a = mo.ui.text(
        value="é",  # a letter
    )

    b = 1"""
SHALLOW = 'if mo.app_meta().mode == "edit":\n    a = mo.ui.text(\n  value="x")'
BACK = (
    "@app.function\n@flow\ndef f(ns):\n"
    "    return (\n        double.map(\n            ns  # é\n        )\n    )\n"
)


@pytest.mark.parametrize(
    ("cells", "rule", "left"),
    [
        ([ODD], "decorator_order", []),
        ([NESTED, "print(a, b)"], "widgets_in_if", []),
        ([SHALLOW, "print(a)"], "widgets_in_if", ["widgets_in_if"]),
        ([RIGHT, BACK], "map_result", []),
    ],
)
def test_a_fix_is_whole_and_done_once(
    cells: list[str], rule: str, left: list[str], tmp_path: Path
) -> None:
    """What it leaves to a person it does not touch; comments stay."""
    file = repository(tmp_path, book=notebook(*cells).replace("\n", "\r\n")) / "book.py"
    before = file.read_bytes()
    assert rule in rules(tmp_path)
    command(tmp_path, "--fix")
    once = file.read_bytes()
    command(tmp_path, "--fix")
    assert (rules(tmp_path), file.read_bytes()) == (left, once)
    assert (once == before) is bool(left) and once.count(b"#") == before.count(b"#")
    assert once.count(b"\n") == once.count(b"\r\n")


def test_the_pages_of_the_rules_are_those_of_the_file() -> None:
    stale = [
        p.name
        for p, text in rule_pages.pages(PROJECT).items()
        if not p.exists() or p.read_text() != text
    ]
    assert stale == [], "python -m proven.rule_pages renews them"


def test_the_table_names_each_rule_with_its_rank() -> None:
    text = (PROJECT.docs / "check.md").read_text()
    rows = [line.split(" | ")[:2] for line in text.splitlines() if line.startswith("| [`")]
    said = {first.partition("`")[2].partition("`")[0]: rank for first, rank in rows}
    source = PROJECT.find("check/test_notebooks.py").text
    assert said == {name: rank for name, rank, _ in rule_pages.rules(source)} != {}
