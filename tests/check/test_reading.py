"""What is looked at, how it is read, and that one bad file harms no other."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.check.loading import CHECK, FILE, found, notebook, repository

pytestmark = pytest.mark.slow

WRONG = notebook("@task\n@app.function\ndef double(x):\n    return 2 * x\n")
AT = "decorator_order @app.function must stand above @task"


@pytest.mark.parametrize(
    "text",
    [
        WRONG.replace("import marimo\n", "import marimo as m\n", 1).replace(
            "marimo.App()", "m.App()"
        ),
        WRONG.replace("app = marimo.App()", "app=marimo.App( )"),
        WRONG.replace("\n", "\r\n"),
        WRONG.replace("\n", "\r"),
        b"\xef\xbb\xbf" + WRONG.encode(),
    ],
    ids=["alias", "spacing", "crlf", "cr", "byte-order mark"],
)
def test_a_notebook_is_what_marimo_opens(text: str | bytes, tmp_path: Path) -> None:
    assert found(repository(tmp_path, book=text)) == [f"book.py:13 {AT}"]


def test_blank_lines_above_count(tmp_path: Path) -> None:
    assert found(repository(tmp_path, book="\n\n\n" + WRONG)) == [f"book.py:16 {AT}"]


def test_every_folder_is_looked_into_but_not_that_of_an_environment(tmp_path: Path) -> None:
    repository(tmp_path, _drafts__book=WRONG, env__lib__book=WRONG, __marimo____book=WRONG)
    (tmp_path / "env/pyvenv.cfg").touch()
    assert found(tmp_path) == [f"_drafts/book.py:13 {AT}"]


def test_what_git_ignores_is_not_looked_at(tmp_path: Path) -> None:
    repository(tmp_path, book=WRONG, build__book=WRONG)
    (tmp_path / ".gitignore").write_text("build/\n")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert found(tmp_path) == [f"book.py:13 {AT}"]


def test_a_bad_file_is_one_finding_and_no_other_suffers(tmp_path: Path) -> None:
    repository(tmp_path, book=notebook("print(1)"), latin="x = 'é'\n".encode("latin-1"))
    repository(
        tmp_path, old="import prefect\nprint 'x'\n", text='NOTEBOOK = """\nimport marimo\n"""\n'
    )
    (tmp_path / "gone.py").symlink_to("/nowhere.py")
    (tmp_path / "folder.py").mkdir()
    _, findings = CHECK.check(tmp_path)
    assert [(f.path, f.line, f.rule, f.rank) for f in findings] == [
        ("gone.py", 1, "unreadable", "error"),
        ("latin.py", 1, "unreadable", "error"),
        ("old.py", 2, "unreadable", "note"),
    ]


@pytest.mark.parametrize("says", ["# -*- coding: latin-1 -*-\n", ""])
def test_a_notebook_that_is_latin_1_is_said(says: str, tmp_path: Path) -> None:
    text = f"{says}{WRONG}# é\n"
    [first, _] = found(repository(tmp_path, book=text.encode("latin-1")))
    assert first.startswith("book.py:1 unreadable this is not UTF-8")


def test_imports_that_go_in_a_circle(tmp_path: Path) -> None:
    repository(
        tmp_path,
        pkg__a="from .b import *\nfrom . import *\n",
        pkg__b="from .a import *\nfrom pkg import *\nfrom .b import run\n",
        book=notebook("import pkg\nfrom pkg import run\nrun()\npkg.run()\npkg.pkg.pkg.run()"),
    )
    circle = "from .a import *\nfrom .b import *\nfrom . import pkg\n"
    (tmp_path / "pkg/__init__.py").write_text(circle)
    assert found(tmp_path) == []


def test_what_is_nested_too_deeply_harms_no_other_file(tmp_path: Path) -> None:
    deep = "from book import double\n\ndef test_it():\n    double(" + "+".join(["1"] * 700) + ")\n"
    _, findings = CHECK.check(repository(tmp_path, book=WRONG, test_deep=deep))
    assert {(f.path, f.rule, f.rank) for f in findings} == {
        ("book.py", "decorator_order", "error"),
        ("test_deep.py", "unreadable", "note"),
    }


def test_a_syntax_error_has_the_line_of_python(tmp_path: Path) -> None:
    repository(tmp_path, book=notebook("print((1)"), other=WRONG)
    [first, second] = found(tmp_path)
    assert first.startswith("book.py:14 marimo_check unparsable-cells") and second.endswith(AT)


def test_all_places_and_the_hint_are_said_once(tmp_path: Path) -> None:
    repository(tmp_path, book=notebook("shown = 1\nprint(shown)", "shown = 2\nprint(shown)"))
    _, [one] = CHECK.check(tmp_path)
    assert one.lines == (14, 21)
    assert str(one).count("also line 21") == 1 and "unique across cells" in one.hint


def test_reading_does_not_depend_on_the_locale(tmp_path: Path) -> None:
    repository(tmp_path, book=WRONG, quotes="x = '“quoted”'\n")
    plain = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C", "HOME": str(tmp_path)}
    run = subprocess.run([sys.executable, FILE], cwd=tmp_path, env=plain, capture_output=True)
    assert run.returncode == 1 and b"book.py:13: decorator_order" in run.stdout


def test_no_notebook_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CHECK.Wrong, match="no notebook found"):
        CHECK.check(repository(tmp_path, plain="x = 1\n"))


def test_a_flow_of_another_module_or_notebook_is_one(tmp_path: Path) -> None:
    repository(
        tmp_path,
        lib__deco="from prefect import flow as job\n",
        lib__flows="from .deco import job\n\n@job(name='x')\ndef nightly():\n    pass\n",
        book=notebook("from lib.flows import nightly as n", "n()"),
        other=notebook("import lib.flows", "lib.flows.nightly()"),
    )
    assert [line.split()[:2] for line in found(tmp_path)] == [
        ["book.py:20", "guards"],
        ["other.py:20", "guards"],
    ]


def tree(folder: Path, size: int) -> Path:
    """So many notebooks, and five times as many modules that may matter."""
    folder.mkdir()
    for number in range(5 * size):
        (folder / f"m{number}.py").write_text("import prefect\n" + "x = 1\n" * 40)
    book = notebook(*(f"v{n} = {n}\nprint(v{n})" for n in range(8)))
    for number in range(size):
        (folder / f"n{number}.py").write_text(book)
    return folder


TWICE = 3  # Twice the tree: twice the time is right, four times is quadratic.


def growth(folder: Path, rounds: int) -> float:
    """Processor time for a tree twice as big ÷ that for the tree; the best of the rounds."""
    small, big = tree(folder / "small", 20), tree(folder / "big", 40)
    times: dict[Path, list[float]] = {small: [], big: []}
    for one in [small, big] * rounds:
        before = time.process_time()
        assert found(one) == []
        times[one].append(time.process_time() - before)
    return min(times[big]) / min(times[small])


def test_the_time_grows_with_the_tree(tmp_path: Path) -> None:
    assert growth(tmp_path, rounds=4) < TWICE


def test_a_check_that_reads_all_files_for_each_would_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = CHECK.Project._read

    def again(project: Any, path: str) -> None:
        for other in project.files:
            text, _ = CHECK.read(project.root / other)
            CHECK.parsed(text)
        once(project, path)

    monkeypatch.setattr(CHECK.Project, "_read", again)
    assert growth(tmp_path, rounds=1) > TWICE
