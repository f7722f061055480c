"""Say what there is against a page: bad directives, stale records, code that never ran."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from markdown import Markdown

from proven import ledger, pages
from proven.snippet import ROOT, SNIPPETS

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.S)


def page_problems(path: Path, root: Path = SNIPPETS, records: Path | None = None) -> list[str]:
    """Convert the page as the site does, and look at every code block of it.

    Each problem names the page, and its line where a directive is at fault.
    """
    found: list[str] = []
    site = pages.Site(fail=found.append, warn=found.append, root=root)
    if records is not None:
        site.records = records
    text = path.read_text(encoding="utf-8")
    front = _FRONT_MATTER.match(text)
    if front:
        site.first_line += front[0].count("\n")
        text = text[front.end() :]
    name = path.relative_to(pages.DOCS) if pages.DOCS in path.parents else Path(path.name)
    site.page = f"docs/{name.as_posix()}"
    extensions, settings = _configuration()
    html = Markdown(
        extensions=extensions, extension_configs=settings | {"proven": {"site": site}}
    ).convert(text)
    listed = {line.what for line in ledger.read().block}
    for block in ledger.code_blocks(html, site.page):
        if block.name not in listed and not ledger.vouched(block, root, site.records):
            found.append(f"{block.name!r}: a code block that comes from no snippet and no run")
    return found


@cache
def _configuration() -> tuple[list[str], dict[str, dict[str, Any]]]:
    """The Markdown extensions of mkdocs.yml and their settings."""
    from mkdocs.config import load_config

    config = load_config(str(ROOT / "mkdocs.yml"))
    return config.markdown_extensions, dict(config.mdx_configs)
