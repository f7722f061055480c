"""marimo's editor as a reader opens it: a browser, and nobody asks for a run."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from proven.browser import chromium
from proven.run.kernel import Notebook
from proven.run.process import clean_env, own_home

pytestmark = pytest.mark.slow

NOTEBOOK = """
import marimo

__generated_with = "0.25.2"
app = marimo.App()

with app.setup:
    import marimo as mo

    print("the setup cell ran")


@app.cell
def _():
    print("a cell ran")
    return


if __name__ == "__main__":
    app.run()
"""
SET = "[tool.marimo.runtime]\nauto_instantiate = true\n"


@pytest.mark.parametrize("runs", [False, True], ids=["as it is installed", "auto_instantiate"])
def test_opening_a_notebook_runs_no_cell_until_run_all(runs: bool, tmp_path: Path) -> None:
    (tmp_path / "n.py").write_text(NOTEBOOK)
    (tmp_path / "pyproject.toml").write_text(SET if runs else "")
    env = clean_env() | own_home(tmp_path / "home")
    with (
        Notebook(tmp_path / "n.py", "edit", env, tmp_path / "log") as notebook,
        chromium() as browser,
    ):
        notebook.ready()
        page = browser.new_page()
        page.set_default_timeout(60_000)
        with page.expect_response(re.compile("/api/kernel/instantiate")):
            page.goto(notebook.url("n.py"))
        printed = page.get_by_test_id("console-output-area")
        if not runs:
            page.wait_for_timeout(3_000)  # a cell that was to run would have run
            assert "ran" not in printed.all_inner_texts()
            page.get_by_test_id("run-button").first.wait_for()
            page.keyboard.press("Control+Shift+r")
        expect(page.get_by_text("the setup cell ran", exact=True)).to_be_visible(timeout=60_000)
        expect(page.get_by_text("a cell ran", exact=True)).to_be_visible(timeout=60_000)
