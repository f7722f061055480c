"""What a page is told by the site, and what is known of a page while it is made."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from proven.errors import ProvenError
from proven.html import Html
from proven.page.pieces import box
from proven.project import Project, Run

Lines = list[str]


def _fail(message: str) -> None:
    raise ProvenError(message)


@dataclass(frozen=True)
class Site:
    """What only the site generator knows; the defaults serve where it says nothing."""

    project: Project
    repo_url: str = ""
    """The repository's own URL, as mkdocs.yml has it."""
    fail: Callable[[str], None] = _fail
    """Told of bad input. Where it returns, the message stands on the page instead."""
    warn: Callable[[str], None] = logging.getLogger("proven").warning
    """Told of a stale or missing record; the message stands on the page too."""
    state: Callable[[Run], tuple[str, str] | None] = lambda run: None
    """Under `mkdocs serve`: what to say of a run that is being made again, and in which box."""

    @property
    def source(self) -> str:
        """The URL of the folder `snippets/` in the repository, if there is one."""
        return f"{self.repo_url.rstrip('/')}/blob/HEAD/snippets/" if self.repo_url else ""


@dataclass
class Page:
    """One page, while its Markdown is converted."""

    site: Site
    name: str = "page"
    """What messages call it: `docs/template.md`."""
    first_line: int = 1
    """The line of its file on which its Markdown begins (after front matter)."""
    base: str = "/"
    """The URL of the site's root, seen from the page."""
    lines: Lines = field(default_factory=list, init=False)
    """Its Markdown, for messages that name a line."""
    anchors: set[str] = field(default_factory=set, init=False)
    """The ids in its stashed HTML, of which nobody else hears."""
    files: set[str] = field(default_factory=set, init=False)
    """The snippets whose whole text is on it."""
    cards: int = field(default=0, init=False)
    stash: Callable[[str], str] = field(default=str, init=False)
    """Keeps HTML out of Markdown's way."""
    places: Callable[[], Mapping[str, str]] = field(default=dict, init=False)
    """Finds where each run is shown, on all pages (see `index`)."""

    @property
    def project(self) -> Project:
        """The project that the page belongs to."""
        return self.site.project

    def html(self, html: Html) -> Lines:
        """A block of HTML, as Markdown that no other extension touches."""
        return ["", self.stash(html), ""]

    def anchor(self, wanted: str) -> str:
        """An id that this page does not have yet; the first asker gets the one it wants."""
        name, n = wanted, 1
        while name in self.anchors:
            n += 1
            name = f"{wanted}-{n}"
        self.anchors.add(name)
        return name

    def at(self, index: int) -> str:
        """How a message names this line of the Markdown, which counts from 0."""
        return f"{self.name}:{self.first_line + index}"

    def where(self, text: str) -> str:
        """How a message names the first line that has this text; the page, where none has."""
        found = (i for i, line in enumerate(self.lines) if text and text in line)
        return next((self.at(i) for i in found), self.name)

    def warning(self, message: str) -> Html:
        """The message for the page, after the site has been told."""
        self.site.warn(f"{self.name}: {message}")
        return box(message, "warning")
