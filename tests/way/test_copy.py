"""A notebook that was copied whole from its page runs where nothing else is."""

import sys
from pathlib import Path

import pytest

from proven.browser import chromium
from proven.run.api import Api
from tests.site.test_copy import press_all
from tests.way.leftovers import Left, left_by

pytestmark = pytest.mark.slow

LIMIT = 400  # seconds; ten on an idle machine


@pytest.mark.parametrize(
    ("place", "name"),
    [("template/", "template.py"), ("stacking/retries/", "stacking/retries.py")],
)
def test_a_copied_notebook_runs_in_an_empty_folder(
    place: str, name: str, address: str, api: Api, tmp_path: Path
) -> None:
    with chromium() as browser:
        page = browser.new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
        pressed = press_all(page, place, address)
    copied = next(one for one in pressed if (one["kind"], one["name"]) == ("file", name))
    folder = tmp_path / "reader" / "empty"
    folder.mkdir(parents=True)
    (folder / "notebook.py").write_text(copied["text"])
    command, said = [sys.executable, "notebook.py"], folder / "said.txt"
    left = left_by(command, folder, api.env(tmp_path / "prefect"), said, limit=LIMIT)
    assert left == Left(0), said.read_text()[-3000:]
    assert "Finished in state Completed" in said.read_text()
