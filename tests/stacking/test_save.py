"""What marimo writes when it saves a notebook of the section: the same bytes.

The saving code is marimo's own, called as its editor calls it; that the editor itself
saves so is shown by the snippets that have a step `save`.
"""

import pytest
from marimo._ast.app import InternalApp
from marimo._ast.codegen import generate_filecontents, get_header_comments
from marimo._ast.load import load_app

from proven.snippet import Snippet
from tests.here import catalogue

NOTEBOOKS = [s for s in catalogue() if s.name.startswith("stacking/")]


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
