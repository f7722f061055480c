"""Say what there is against pages and their project: one check, whoever asks.

`pytest`, `mkdocs build`, `mkdocs serve` and `proven check` come here, each with the
pages that it has converted, and get the same messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any

from markdown import Markdown

from proven import exclusions, strays
from proven.errors import ProvenError
from proven.exclusions import Ledger
from proven.page import rules
from proven.page.directives import DIRECTIVES
from proven.page.front import cut
from proven.page.provenance import CHECKS, Block, code_blocks, vouched
from proven.page.site import Page, Site
from proven.project import Project

_LEFT = re.compile(rf"<code>((?:{'|'.join(DIRECTIVES)})(?: [^<\n]*)?)(?:\n|</code>)")


def problems(project: Project, pages: Iterable[Path] | None = None) -> Iterator[str]:
    """What there is against these pages; without `pages`, against all and the project."""
    blocks: list[Block] = []
    for path in sorted(project.docs.rglob("*.md")) if pages is None else pages:
        found: list[str] = []
        page, html = _converted(project, path, found)
        yield from found
        yield from of_page(page, html, blocks)
    if pages is None:
        yield from of_project(project, blocks)


def of_page(page: Page, html: str, blocks: list[Block]) -> Iterator[str]:
    """What there is against a page that was converted.

    Args:
        page: the page.
        html: what became of its Markdown.
        blocks: gets the page's code blocks that nothing vouches for.
    """
    yield from rules.problems(page.project, page.name, page.first_line, page.lines)
    left = list(_not_expanded(page, html))
    for line, directive in left:
        yield (
            f"{page.at(line)}: not expanded: {directive!r}; a directive stands at the left edge, "
            "or indented in a tab, a list or an admonition, and never in a quotation"
        )
    known = {line.what for line in ledger(page.project).block}
    known |= {f"{page.name}: {directive}" for _, directive in left}
    for block in code_blocks(html, page.name):
        if vouched(block, page.project):
            continue
        blocks.append(block)
        if block.name not in known:
            yield (
                f"{page.where(block.first_line)}: {block.first_line!r}: a code block that comes "
                "from no snippet and no run; show a snippet by a directive, or give the reason "
                "in ledger.toml"
            )


def _not_expanded(page: Page, html: str) -> Iterator[tuple[int, str]]:
    """Fences of ours that are code on the page: the line of each, and what it says."""
    for found in _LEFT.findall(html):
        directive = unescape(found)
        fence = re.compile(rf"[`~]{{3,}} *{re.escape(directive)}")
        # Without such a line it is a text about directives.
        yield from ((i, directive) for i, x in enumerate(page.lines) if fence.search(x))


def of_project(project: Project, blocks: Iterable[Block]) -> Iterator[str]:
    """What there is against the project: lines of the ledger that do not hold, and strays."""
    lines, snippets = ledger(project), project.catalogue()
    yield from exclusions.problems(lines.mode, snippets)
    loose = {block.name: block for block in blocks}
    for line in lines.block:
        if line.what not in loose:
            yield f"ledger.toml: {line.what!r} is on no page; remove the line"
        elif not CHECKS[line.check](loose[line.what]):
            yield f"ledger.toml: {line.what!r} is not {line.check}"
    yield from strays.problems(project, snippets)


def ledger(project: Project) -> Ledger:
    """The ledger, with the names of its checks of blocks looked at.

    Raises:
        ProvenError: a line names no check that there is.
    """
    found = exclusions.read(project.ledger)
    for line in found.block:
        exclusions.check_name(line, CHECKS)
    return found


def _converted(project: Project, path: Path, found: list[str]) -> tuple[Page, str]:
    """The page as the site makes it; what the site is told goes into `found`."""
    text = path.read_text(encoding="utf-8")
    _, body = cut(text)
    site = Site(project, fail=found.append, warn=found.append)
    inside = project.root in path.resolve().parents
    name = path.resolve().relative_to(project.root).as_posix() if inside else path.name
    page = Page(site, name, 1 + text.removesuffix(body).count("\n"))
    extensions, settings = _configuration(project.root / "mkdocs.yml")
    known = Markdown(extensions=extensions, extension_configs=settings | {"proven": {"page": page}})
    return page, known.convert(body)


def _configuration(path: Path) -> tuple[list[str], dict[str, Any]]:
    """The Markdown extensions of the site and their settings."""
    if not path.is_file():
        raise ProvenError(f"no {path.name} in {path.parent}: the pages have no site")
    return _loaded(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _loaded(path: Path, changed: int) -> tuple[list[str], dict[str, Any]]:
    from mkdocs.config import load_config

    config = load_config(str(path))
    return config.markdown_extensions, dict(config.mdx_configs)
