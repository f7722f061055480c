"""Notebooks without Prefect, live in the reader's browser: the islands of mkdocs-marimo.

    plugins:
      - proven-islands        # a page opts in with `islands: [name.py, …]` in its front matter

Upstream's plugin executes on every page and adds scripts from other hosts to
each. This one returns at once on a page without islands, and executes nothing:
the page shows the recorded run, and the islands wait, inert, for a click.
"""

from __future__ import annotations

import ast
from html import escape

from marimo import MarimoIslandGenerator
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs_marimo.plugin import MarimoPlugin  # type: ignore[import-untyped]

from proven import record
from proven.errors import ProvenError
from proven.judge import judge
from proven.snippet import Snippet, find

SCRIPT = "assets/islands.js"
# What has no build for the browser; more come with a page that wants them.
_ABSENT = frozenset({"prefect", "dask", "ray"})


class IslandsPlugin(MarimoPlugin):  # type: ignore[misc]
    """mkdocs-marimo's plugin, on the pages that ask for it only."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Add no Markdown extension: the code of an island comes from a file."""
        return config

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Make no pages of notebooks."""
        return files

    def on_page_markdown(
        self, markdown: str, /, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Execute nothing."""
        return markdown

    def on_post_page(self, output: str, /, *, page: Page, config: MkDocsConfig) -> str:
        """Add the islands, inert, and the script that a click starts them with.

        Raises:
            PluginError: a notebook can't be an island, or its recorded run failed.
        """
        names = page.meta.get("islands")
        if not (self.config.enabled and names):
            return output
        try:
            parts = [_island(find(str(name)), n) for n, name in enumerate(names)]
        except ProvenError as e:
            raise PluginError(f"docs/{page.file.src_uri}: {e}") from None
        head = MarimoIslandGenerator().render_head(version_override=self.config.marimo_version)
        parts.append(f"<template data-islands-head>{head}</template>")
        source = "../" * page.url.count("/") + SCRIPT
        parts.append(f'<script src="{source}" defer></script>')
        return output.replace("</article>", f"{''.join(parts)}</article>", 1)


def _island(snippet: Snippet, n: int) -> str:
    """The notebook as upstream's islands, in a template: no browser runs or loads it.

    Raises:
        ProvenError: it needs what no browser has, or its recorded run is not a good one.
    """
    if not snippet.is_notebook:
        raise ProvenError(f"{snippet.name} is not a notebook")
    if absent := _imports(snippet) & _ABSENT:
        raise ProvenError(f"{snippet.name} needs {', '.join(absent)}, which no browser has")
    kept = record.load(snippet, "edit")
    if kept is None or kept.key != record.key_of(snippet):
        raise ProvenError(f"{snippet.name} has no fresh record; {record.mend(snippet)}")
    failed = next((c for s in kept.steps for c in s.cells if c.error), None)
    why = judge(snippet, kept) or (failed and str(failed.error))
    if why:
        raise ProvenError(f"{snippet.name} fails: {why}")
    body = MarimoIslandGenerator.from_file(str(snippet.path)).render_body(
        include_init_island=False, style="margin: 0"
    )
    # Upstream names every app `main`; two of them on a page would be one.
    body = body.replace('data-app-id="main"', f'data-app-id="island-{n}"')
    return f'<template data-island="{escape(snippet.name)}">{body}</template>'


def _imports(snippet: Snippet) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(snippet.text)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names
