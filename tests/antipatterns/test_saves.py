"""Every right notebook survives a save in marimo's editor, byte for byte."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from proven.run.editor import Editor
from proven.run.process import clean_env
from proven.sidecar import scenario
from proven.snippet import Snippet
from tests.here import catalogue, find
from tests.stacking.changes import Edits, edited

pytestmark = pytest.mark.slow

RIGHT = [s for s in catalogue() if s.is_notebook and not scenario(s).wrong]


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    with Editor(clean_env()) as editor:
        yield editor


@pytest.mark.parametrize("snippet", RIGHT, ids=[s.name for s in RIGHT])
def test_right_notebook_survives_a_save(editor: Editor, snippet: Snippet) -> None:
    assert editor.saved(snippet) == []


@pytest.mark.parametrize(
    ("edits", "lost"),
    [
        ((("@task(retries=2)", "@task"),), "-@task"),
        ((("def double(", "async def double("),), "-@task(retries=2)"),
        ((("@app.function\n@flow", "@flow\n@app.function\n@flow"),), "-@flow"),
    ],
    ids=["without parentheses", "an async task", "a second decorator"],
)
def test_a_save_takes_what_stands_above(
    edits: Edits, lost: str, editor: Editor, tmp_path: Path
) -> None:
    assert lost in editor.saved(edited("antipatterns/decorator_order_wrong.py", edits, tmp_path))


def test_a_save_that_takes_a_line_away_is_seen(editor: Editor) -> None:
    wrong = find("antipatterns/decorator_order_wrong.py")
    assert editor.saved(wrong) == ["-@task(retries=2)"]
