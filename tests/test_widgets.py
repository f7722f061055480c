"""The widgets of an output, as those find them who drive the page; and who loads lxml for it."""

import subprocess
import sys

import pytest

from proven.widgets import Widget, widgets
from tests.page.test_outputs import LABEL, element


def test_a_widget_is_found_with_its_label_wherever_it_stands() -> None:
    html = f"<div>{element('slider', label=LABEL)}<p>{element('text', label=None)}</p></div>"
    assert list(widgets(html)) == [
        Widget("a-0", "marimo-slider", "Source path"),
        Widget("a-0", "marimo-text", ""),
    ]
    assert list(widgets("<p>marimo-slider</p>")) == []


@pytest.mark.parametrize("module", ["proven.cli", "proven.run.driven", "proven.judge"])
def test_the_running_side_loads_nothing_of_the_pages(module: str) -> None:
    code = f"import sys, {module}; print({{'lxml', 'proven.page', 'markdown'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
