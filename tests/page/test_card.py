"""A card: what a reader can do with its file, and links that lead somewhere."""

import json
import re
from html import unescape
from pathlib import Path

import pytest

from proven.page.card import hosted
from proven.project import Project
from proven.record import Error
from proven.testing import NOTEBOOK, html, page, record, tiny
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


BARE = {"snippets/plain.py": "x = 1\n", "snippets/bare.py": "import marimo\napp = marimo.App()\n"}


def test_two_controls_have_weight_and_the_others_are_in_a_menu(project: Project) -> None:
    on = page(project, repo_url="https://github.com/owner/name")
    bar, menu = html(project, "``` snippet a.py\nshow: half\n```", on).split("pop--menu")
    assert bar.count("btn--first") == 1 and ">Copy</button>" in bar
    for control in ("Copy excerpt only", "Download", "Open in molab", "Source in the repository"):
        assert f">{control}</" in menu and control not in bar


def test_a_file_that_can_not_be_opened_alone_has_no_control(tmp_path: Path) -> None:
    project = tiny(tmp_path, BARE)
    for name in ("plain.py", "bare.py"):
        assert hosted(project.find(name), "https://github.com/owner/name") == ""
        made = html(project, f"``` snippet {name}\n```")
        assert "btn--first" not in made and 'data-copy="command"' not in made
    assert "btn--first" in html(project, "``` snippet a.py\n```")


def test_a_folded_card_says_what_came_of_its_runs_in_its_line(project: Project) -> None:
    def line(options: str) -> str:
        made = html(project, f"``` snippet a.py\n{options}folded: true\n```")
        summary, behind = made.partition("<summary")[2].split("</summary>", 1)
        assert "data-search-exclude" in summary and 'data-snippet="a.py"' in behind
        assert made.count("<details") == made.count("</details>")
        return summary

    assert ">a.py</span>" in line("") and "fold-told" not in line("")
    assert "prints <code>42 &lt;ok&gt;</code>" in line("output: script\n")
    record(project, "a.py::edit", passed=False, error=Error("ValueError", "no"))
    assert "<b>ValueError</b>: no" in line("output: edit\n")
    both = line("output: script, edit\n")
    assert ">script</span>" in both and 'aria-label="fails"' in both and "ValueError" not in both


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return tiny(tmp_path)


def test_the_whole_file_is_there_to_copy_once(project: Project) -> None:
    made = html(project, "``` snippet a.py\nshow: half\n```\n\n``` snippet a.py\nshow: double\n```")
    assert whole_files(made) == [NOTEBOOK]
    assert made.count("Copy excerpt only</button>") == 2
    assert made.count('href="../snippets/a.py" download') == 2
    assert "Source" not in made


def test_a_file_that_holds_html_breaks_out_of_nothing(tmp_path: Path) -> None:
    text = NOTEBOOK.replace("Twice <x>", "</script><!-- <script>")
    made = html(tiny(tmp_path, {"snippets/a.py": text}), "``` snippet a.py\ntitle: <b>\n```")
    assert whole_files(made) == [text]
    assert "<script" not in made and "&lt;b&gt;" in made


def whole_files(made: str) -> list[str]:
    found = re.findall(r'<template data-file="a.py" data-text="([^"]*)"></template>', made)
    return [json.loads(unescape(file)) for file in found]


def test_the_repository_is_linked_where_one_is_known(project: Project) -> None:
    on = page(project, repo_url="https://example.org/r/")
    made = html(project, "``` snippet a.py\n```", on)
    assert 'href="https://example.org/r/blob/HEAD/snippets/a.py"' in made


def test_the_markup_that_live_controls_rely_on(project: Project) -> None:
    made = html(project, "``` snippet a.py\n```\n\n``` snippet a.py\nshow: half\n```")
    for index in (0, 1):
        assert f'<div class="snippet" data-snippet="a.py" data-page-index="{index}">' in made
    assert made.count('<div class="snippet-bar">') == made.count('class="snippet-recorded">') == 2
    assert made.count("<div") == made.count("</div>")
