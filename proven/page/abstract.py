"""What a page says of itself, for those that speak of it: overviews, lists, the page's own head."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from proven.errors import ProvenError
from proven.page.fences import LOADER
from proven.page.front import cut
from proven.page.sentences import sentences


@dataclass(frozen=True)
class Abstract:
    """A page in four short texts; what it does not say is empty."""

    title: str
    """Its name in the navigation."""
    description: str
    question: str
    """Its heading, as Markdown."""
    answer: str
    """The first sentence of its answer, as Markdown without links."""


def of(path: Path) -> Abstract:
    """Read it from the page's file.

    Raises:
        ProvenError: there is no such page, or it has no heading.
    """
    if not path.is_file():
        raise ProvenError(f"no page {path.name!r} in {path.parent.name}/")
    front, body = cut(path.read_text(encoding="utf-8"))
    said = yaml.load(front, LOADER) if front else {}
    lines = body.splitlines()
    question = next((line[2:].strip() for line in lines if line.startswith("# ")), "")
    if not question:
        raise ProvenError(f"{path.name} has no heading")
    answer = next((sentence.text for sentence in sentences(lines)), "")
    return Abstract(said.get("title", question), said.get("description", ""), question, answer)
