"""What mkdocs-marimo and marimo make of notebooks; alone in a build to import marimo."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from marimo import MarimoIslandGenerator
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs_marimo.plugin import MarimoPlugin  # type: ignore[import-untyped]


def bodies(notebooks: Iterable[Path]) -> list[str]:
    """Each notebook as islands; nothing is executed."""
    made = [
        MarimoIslandGenerator.from_file(str(path)).render_body(
            include_init_island=False, style="margin: 0"
        )
        for path in notebooks
    ]
    # marimo names every app `main`; two of them on a page would be one.
    return [
        body.replace('data-app-id="main"', f'data-app-id="island-{n}"')
        for n, body in enumerate(made)
    ]


def head(config: MkDocsConfig, marimo_version: str) -> str:
    """What mkdocs-marimo adds to the head of a page with islands."""
    # It adds nothing to a page without an address, as all are without `site_url`.
    page = cast(Page, SimpleNamespace(abs_url="/"))
    plugin = MarimoPlugin()
    plugin.load_config({"marimo_version": marimo_version})
    added: str = plugin.on_post_page("</head>", page=page, config=config)
    return added.removesuffix("</head>").strip()
