"""A project of three files in a folder: all that the machinery needs."""

from pathlib import Path

import pytest

from proven.project import Project

NOTEBOOK = """\
import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.function
def double(number):
    return 2 * number


@app.cell
def _():
    print(double(21))
    return


if __name__ == "__main__":
    app.run()
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Project:
    """One notebook, one page, one configuration; nothing is recorded yet."""
    for name, text in {
        "snippets/double.py": NOTEBOOK,
        "docs/index.md": "# Double\n\n``` snippet double.py\noutput: check\n```\n",
        "mkdocs.yml": "site_name: Tiny\nnav:\n  - index.md\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return Project(tmp_path)
