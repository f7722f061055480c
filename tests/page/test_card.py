"""A card: what a reader can do with its file, and links that lead somewhere."""

import json
import re
from pathlib import Path

import pytest

from proven.html import join
from proven.page.card import elsewhere, hosted
from proven.project import Project
from proven.snippet import Snippet
from proven.testing import NOTEBOOK, html, page, tiny
from tests.here import find


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
    assert ("molab" in join(elsewhere(find("template.py"), repo))) is leads


def test_a_file_that_can_not_be_opened_alone_has_no_control(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text("x = 1\n")
    (tmp_path / "bare.py").write_text("import marimo\napp = marimo.App()\n")
    for name in ("plain.py", "bare.py"):
        assert not list(elsewhere(Snippet(name, tmp_path), "https://github.com/owner/name"))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return tiny(tmp_path)


def test_the_whole_file_is_there_to_copy_once(project: Project) -> None:
    made = html(project, "``` snippet a.py\nshow: half\n```\n\n``` snippet a.py\nshow: double\n```")
    files = re.findall(r'<script type="application/json" data-file="a.py">(.*?)</script>', made)
    assert [json.loads(file) for file in files] == [NOTEBOOK]
    assert made.count("Copy excerpt only</button>") == 2
    assert made.count('href="../snippets/a.py" download') == 2
    assert "Source" not in made


def test_a_file_that_holds_html_breaks_out_of_nothing(tmp_path: Path) -> None:
    text = NOTEBOOK.replace("Twice <x>", "</script><!-- <script>")
    made = html(tiny(tmp_path, {"snippets/a.py": text}), "``` snippet a.py\ntitle: <b>\n```")
    (file,) = re.findall(r"<script[^>]*>(.*?)</script>", made)
    assert json.loads(file) == text and "&lt;b&gt;" in made


def test_the_repository_is_linked_where_one_is_known(project: Project) -> None:
    on = page(project, repo_url="https://example.org/r/")
    made = html(project, "``` snippet a.py\n```", on)
    assert 'href="https://example.org/r/blob/HEAD/snippets/a.py"' in made


def test_the_markup_that_live_controls_rely_on(project: Project) -> None:
    made = html(project, "``` snippet a.py\n```\n\n``` snippet a.py\n```")
    for index in (0, 1):
        assert f'<div class="snippet" data-snippet="a.py" data-page-index="{index}">' in made
    assert made.count('<div class="snippet-bar">') == made.count('class="snippet-recorded">') == 2
    assert made.count("<div") == made.count("</div>")
