"""The links that open a snippet elsewhere: only where they lead somewhere."""

from pathlib import Path

import pytest

from proven.anywhere import controls, hosted
from proven.snippet import Snippet, find


@pytest.mark.parametrize(
    ("repo", "leads"),
    [
        ("https://github.com/owner/name", True),
        ("https://github.com/owner/name/", True),
        ("https://github.com/owner/name.git", True),
        ("https://gitlab.com/owner/name", False),
        ("https://github.com.example/owner/name", False),
        ("https://github.com/owner", False),
        ("", False),
    ],
)
def test_the_hosted_notebook_needs_a_repository_on_github(repo: str, leads: bool) -> None:
    url = hosted(find("template.py"), repo)
    wanted = "https://molab.marimo.io/github/owner/name/blob/HEAD/snippets/template.py"
    assert url == (wanted if leads else "")
    assert ("molab" in controls(find("template.py"), repo)) is leads


def test_a_file_that_can_not_be_opened_alone_has_no_control(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text("x = 1\n")
    (tmp_path / "bare.py").write_text("import marimo\napp = marimo.App()\n")
    for name in ("plain.py", "bare.py"):
        assert controls(Snippet(name, tmp_path), "https://github.com/owner/name") == ""
