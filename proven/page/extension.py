"""The Markdown extension `proven`: each directive expands before others see the page.

So it works inside tabs and admonitions, and in any tool that runs Markdown extensions.
Bad input is one error that names page and line.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from proven.errors import ProvenError
from proven.page import rules
from proven.page.directives import DIRECTIVES
from proven.page.fences import Fence, fences
from proven.page.index import places
from proven.page.pieces import box
from proven.page.site import Lines, Page, Site
from proven.project import Project


class SnippetExtension(Extension):
    """The extension; `page` is the page that the next Markdown is of."""

    def __init__(self, **kwargs: Any) -> None:
        # Not None: Markdown would take a page for a truth value then.
        self.config = {"page": ["", "What only the site generator knows of the page"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the preprocessor, above the fences of superfences (25)."""
        md.preprocessors.register(_Directives(md, self.getConfig("page")), "proven", 27)


class _Directives(Preprocessor):
    def __init__(self, md: Markdown, page: Page | None) -> None:
        super().__init__(md)
        self.page = page

    def run(self, lines: Lines) -> Lines:
        page = self.page or Page(Site(Project.around(Path.cwd())))
        page.stash = self.md.htmlStash.store
        return expand(lines, page)


def expand(lines: Lines, page: Page) -> Lines:
    """The page's lines with every directive expanded."""
    page.lines = lines
    lines = rules.marked(page.project, page.name, lines)
    page.places = partial(page.project.once, places)
    out: Lines = []
    for item in fences(lines, DIRECTIVES):
        if isinstance(item, str):
            out.append(item)
        else:
            out += [item.indent + line if line else "" for line in _expanded(item, page)]
    return out


def _expanded(fence: Fence, page: Page) -> Lines:
    try:
        return fence.options(DIRECTIVES[fence.word]).expand(fence.name, page)
    except ProvenError as e:
        message = f"{page.at(fence.line)}: {e}"
    page.site.fail(message)
    return page.html(box(message))
