"""What marimo writes when it saves a notebook of the section: the same bytes.

The saving code is marimo's own, called as its editor calls it; that the editor itself
saves so is shown by the snippets that have a step `save`.
"""

from pathlib import Path

import pytest
from marimo._ast.app import InternalApp
from marimo._ast.codegen import generate_filecontents, get_header_comments
from marimo._ast.load import load_app

from proven.snippet import Snippet
from tests.here import catalogue, find

NOTEBOOKS = [s for s in catalogue() if s.name.startswith("stacking/") and s.is_notebook]


def saved(snippet: Snippet) -> str:
    """The file as a save would write it."""
    app = load_app(snippet.path)
    assert app is not None
    notebook = InternalApp(app)
    cells = list(notebook.cell_manager.cell_data())
    return generate_filecontents(
        [cell.code for cell in cells],
        [cell.name for cell in cells],
        [cell.config for cell in cells],
        notebook.config,
        get_header_comments(snippet.path),
    )


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda n: n.name)
def test_a_save_changes_nothing(notebook: Snippet) -> None:
    assert saved(notebook) == notebook.text


FUNCTION = "@task\ndef one() -> int:\n    return 1"


def written(code: str) -> str:
    """The file that a save writes for a notebook with this cell beside a setup cell."""
    snippet = find("stacking/unseen.py")
    app = load_app(snippet.path)
    assert app is not None
    notebook = InternalApp(app)
    first, *_ = notebook.cell_manager.cell_data()
    codes = ["from prefect import task", code]
    return generate_filecontents(codes, ["setup", "_"], [first.config] * 2, notebook.config, None)


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        (FUNCTION, "@app.function\n@task\ndef one()"),
        (f"# above\n{FUNCTION}", "@app.function\n# above\n@task\ndef one()"),
        (
            FUNCTION.replace("\ndef", "\n# between\ndef"),
            "@app.function\n@task\n# between\ndef one()",
        ),
        (f"{FUNCTION}\n    # inside", "    return 1\n    # inside"),
        (f"{FUNCTION}\n# below", "@app.cell\ndef _():\n    @task\n    def one()"),
        (f"{FUNCTION}\none", "@app.cell\ndef _():\n    @task\n    def one()"),
    ],
    ids=["none", "above", "between", "inside", "below, typed", "another line below"],
)
def test_a_comment_that_stands(code: str, kept: str) -> None:
    assert kept in written(code)


def test_a_comment_in_the_file_between_two_cells_is_dropped(tmp_path: Path) -> None:
    text = find("antipatterns/private_name_right.py").text
    assert text.count("    return abs(n)\n") == 1
    (tmp_path / "x.py").write_text(text.replace("return abs(n)\n", "return abs(n)\n# to do\n"))
    assert saved(Snippet("x.py", tmp_path)) == text


def test_a_comment_behind_the_last_line_of_the_setup_cell_is_dropped(tmp_path: Path) -> None:
    text = find("antipatterns/private_name_right.py").text
    line = "    from prefect import flow, task\n"
    assert text.count(line) == 1
    (tmp_path / "x.py").write_text(text.replace(line, f"{line[:-1]}  # what for\n"))
    assert saved(Snippet("x.py", tmp_path)) == text


def test_a_function_that_names_what_stands_below_becomes_a_cell() -> None:
    wrong = find("antipatterns/definition_order_wrong.py")
    assert "@app.function\n@flow\ndef settled" in wrong.text
    assert "@app.function" not in saved(wrong)


def test_a_function_that_names_it_in_quotes_stays(tmp_path: Path) -> None:
    wrong = find("antipatterns/definition_order_wrong.py").text
    quoted = wrong.replace("(settings: Settings)", '(settings: "Settings")')
    assert quoted != wrong
    (tmp_path / "x.py").write_text(quoted)
    assert saved(Snippet("x.py", tmp_path)) == quoted


def test_a_private_function_becomes_a_cell() -> None:
    wrong = find("antipatterns/private_name_wrong.py")
    assert "@app.function\n@task\ndef _clean" in wrong.text
    assert "@app.cell\ndef _():\n    @task\n    def _clean" in saved(wrong)
