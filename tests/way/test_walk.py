"""The way in, walked with what the built pages show, in their order, in an empty folder.

Nothing comes from the repository but the pages: a whole file is what its card shows, an excerpt
is what the card's download link gives. Python files run as scripts and under pytest, shell files
in plain bash, with a home of their own, in which none leaves anything. The last one deploys,
fails and retries.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml.html import HtmlElement, document_fromstring  # type: ignore[import-untyped]

from proven.run.api import Api
from tests.way.leftovers import Left, left_by, terminal

pytestmark = pytest.mark.slow

PAGE = "way/index.html"
LIMIT = 400  # seconds for one file; ten on an idle machine


@dataclass(frozen=True)
class File:
    """A file that the page hands out: its name, and the bytes behind its download link."""

    name: str
    bytes: bytes


def files(site: Path) -> Iterator[File]:
    """What the page hands out, in its order, each file once."""
    page = site / PAGE
    seen = set()
    for link in document_fromstring(page.read_text()).iter("a"):
        target = _download(link, page)
        if target and target not in seen:
            seen.add(target)
            yield File(target.name, target.read_bytes())


def _download(link: HtmlElement, page: Path) -> Path | None:
    target = (page.parent / str(link.get("href"))).resolve()
    return target if link.get("download") is not None and target.is_file() else None


def shown_whole(site: Path) -> dict[str, str]:
    """The whole files that the page shows, as a reader copies them."""
    document = document_fromstring((site / PAGE).read_text())
    blocks = {}
    for pre in document.iter("pre"):
        if match := re.fullmatch(r"way/(.+):1-\d+", pre.get("data-lines") or ""):
            blocks[match[1]] = str(pre.text_content())
    return blocks


def test_the_way_is_walked_through_failure_and_retry(site: Path, api: Api, tmp_path: Path) -> None:
    folder = tmp_path / "reader" / "project"
    folder.mkdir(parents=True)
    env, said = api.env(tmp_path / "prefect"), {}
    for file in files(site):  # all of them first: what one needs beside it stands below its card
        (folder / file.name).write_bytes(file.bytes)
    for file in files(site):
        if command := _command(file.name):
            left = left_by(command, folder, env, folder / "said.txt", limit=LIMIT)
            said[file.name] = (folder / "said.txt").read_text(errors="replace")
            assert left == Left(0), f"{file.name}:\n{said[file.name][-3000:]}"
    ran = "cells.py", "convert.sh", "functions.py", "pipeline.py", "finished.py", "deploy.sh"
    assert tuple(said) == ran
    report = (folder / "report.csv").read_text().splitlines()
    assert report == ["product,amount", "coffee,18.0", "kettle,39.0", "mug,55.0", "tea,27.0"]
    assert "FAILED" in said["deploy.sh"]
    assert "Finished in state Completed()" in said["deploy.sh"]


def _command(name: str) -> list[str]:
    if name.endswith(".sh"):
        return terminal(name)
    return [sys.executable, name] if name.endswith(".py") else []


def test_the_whole_files_that_are_shown_are_those_that_are_handed_out(site: Path) -> None:
    given = {f.name: f.bytes.decode() for f in files(site)}
    shown = shown_whole(site)
    whole = {"cells.py", "finished.py", "prefect.yaml", "deploy.sh"}
    assert {name for name in shown if shown[name] == given[name]} >= whole


def test_the_page_is_read_in_half_an_hour(site: Path) -> None:
    words = document_fromstring((site / PAGE).read_text()).text_content().split()
    assert len(words) < 6000  # 200 a minute; most of them are code and output
