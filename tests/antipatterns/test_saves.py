"""Every right notebook survives a save in marimo's editor, byte for byte."""

from collections.abc import Iterator

import pytest

from proven.run.editor import Editor
from proven.run.process import clean_env
from proven.sidecar import scenario
from proven.snippet import Snippet
from tests.here import catalogue, find

pytestmark = pytest.mark.slow

RIGHT = [s for s in catalogue() if s.is_notebook and not scenario(s).wrong]


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    with Editor(clean_env()) as editor:
        yield editor


@pytest.mark.parametrize("snippet", RIGHT, ids=[s.name for s in RIGHT])
def test_right_notebook_survives_a_save(editor: Editor, snippet: Snippet) -> None:
    assert editor.saved(snippet) == []


def test_a_save_that_takes_a_line_away_is_seen(editor: Editor) -> None:
    wrong = find("antipatterns/decorator_order_wrong.py")
    assert editor.saved(wrong) == ["-@task(retries=2)"]
