"""A reader who copies a script is told what lies beside it."""

from pathlib import Path

import pytest

from proven.page.needs import told
from proven.project import Project
from proven.testing import html, page, record, tiny
from proven.text.page import of_page

FILES = {
    "snippets/x/go.sh": "cat b.txt data/c.txt\n",
    "snippets/x/go.toml": 'brings = ["b.txt", "data"]\n',
    "snippets/x/b.txt": "b\n",
    "snippets/x/data/c.txt": "c\n",
}
RUN = "``` snippet x/go.sh\noutput: shell\n```"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = tiny(tmp_path, FILES)
    record(made, "x/go.sh::shell", console=["b", "c"])
    return made


def test_each_file_is_a_link_and_a_folder_a_name(project: Project) -> None:
    made = html(project, RUN)
    assert 'In the same folder: <a href="../snippets/x/b.txt" download><code>b.txt</code>' in made
    assert "<code>data/</code>" in made
    text = of_page(RUN.split("\n"), page(project), str)
    assert "In the same folder: `b.txt`, `data`" in text


def test_code_without_a_run_and_a_file_that_runs_alone_say_nothing(project: Project) -> None:
    assert "needs" not in html(project, "``` snippet x/go.sh\n```")
    assert "needs" not in html(project, "``` snippet a.py\noutput: script\n```")
    assert told(project.find("a.py")) == ""
