"""Say what there is against a page: bad directives, stale records, code that never ran."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from markdown import Markdown

from proven import exclusions, ledger, pages
from proven.project import Project

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.S)


def page_problems(path: Path, project: Project) -> list[str]:
    """Convert the page as the site does, and look at every code block of it.

    Each problem names the page, and its line where a directive is at fault.
    """
    found: list[str] = []
    site = pages.Site(project, fail=found.append, warn=found.append)
    text = path.read_text(encoding="utf-8")
    front = _FRONT_MATTER.match(text)
    if front:
        site.first_line += front[0].count("\n")
        text = text[front.end() :]
    site.page = path.relative_to(project.root).as_posix()
    extensions, settings = _configuration(project.root)
    html = Markdown(
        extensions=extensions, extension_configs=settings | {"proven": {"site": site}}
    ).convert(text)
    listed = {line.what for line in exclusions.read(project.ledger).block}
    for block in ledger.code_blocks(html, site.page):
        if block.name not in listed and not ledger.vouched(block, project):
            found.append(f"{block.name!r}: a code block that comes from no snippet and no run")
    return found


@lru_cache(maxsize=4)
def _configuration(root: Path) -> tuple[list[str], dict[str, dict[str, Any]]]:
    """The Markdown extensions of mkdocs.yml and their settings."""
    from mkdocs.config import load_config

    config = load_config(str(root / "mkdocs.yml"))
    return config.markdown_extensions, dict(config.mdx_configs)
