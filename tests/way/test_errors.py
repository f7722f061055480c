"""The errors page: every line that was left out is on it, below the error that really came."""

import re
from pathlib import Path

import pytest

from tests.here import PROJECT, ROOT, SNIPPETS, find, load

pytestmark = pytest.mark.slow

PAGE = (ROOT / "docs/project/errors.md").read_text()
LEFT_OUT = sorted(p.name for p in (SNIPPETS / "deployments/left_out").glob("*.sh"))


def sections(page: str) -> dict[str, str]:
    """Each heading, with the snippet below it."""
    parts = re.findall(r"(?ms)^## (.+?)\n(.*?)(?=^## |\Z)", page)
    found = {}
    for title, text in parts:
        if snippet := re.search(r"^``` snippet (\S+)", text, re.M):
            found[title.replace("\\", "")] = snippet[1]
    return found


def missing(page: str) -> set[str]:
    """The lines that were left out and are not on the page."""
    return set(LEFT_OUT) - {Path(name).name for name in sections(page).values()}


def said(name: str) -> str:
    """All that the recorded run said."""
    record = load(find(name), "shell")
    assert record is not None and record.error is not None
    return re.sub(r"\s+", " ", "\n".join([*record.console, record.error.message]))


def test_every_line_that_was_left_out_is_on_the_page() -> None:
    assert len(LEFT_OUT) >= 10
    assert missing(PAGE) == set()
    assert missing(PAGE.replace("left_out/init_py.sh", "wrong_run.sh")) == {"init_py.sh"}


@pytest.mark.parametrize("title", sections(PAGE))
def test_each_heading_is_a_text_of_its_run(title: str) -> None:
    assert title in said(sections(PAGE)[title])
    assert "a text of no run" not in said(sections(PAGE)[title])


def test_each_is_meant_to_fail() -> None:
    assert all("[wrong.shell]" in (SNIPPETS / n).with_suffix(".toml").read_text()
               for n in sections(PAGE).values())  # fmt: skip
    assert PROJECT.root == ROOT
