"""Notebooks without Prefect, live in the reader's browser: the islands of mkdocs-marimo.

    plugins:
      - proven-islands        # a page opts in with `islands: [name.py, …]` in its front matter

Upstream's plugin executes on every page and adds scripts from other hosts to
each. This one returns at once on a page without islands, and executes nothing:
the page shows the recorded run, and the islands wait, inert, for a click.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
from collections.abc import Callable
from html import escape
from importlib.metadata import version
from pathlib import Path

from mkdocs.config.base import Config
from mkdocs.config.config_options import Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin
from mkdocs.structure.pages import Page

from proven.errors import ProvenError
from proven.judge import judge
from proven.project import Project
from proven.snippet import Snippet

SCRIPT = "assets/islands.js"
# What has no build for the browser; more come with a page that wants them.
_ABSENT = frozenset({"prefect", "dask", "ray"})


class IslandsConfig(Config):  # type: ignore[no-untyped-call]
    """Two of mkdocs-marimo's options; its others are about code on the page itself."""

    enabled = Type(bool, default=True)
    marimo_version = Type(str, default=version("marimo"))


class IslandsPlugin(BasePlugin[IslandsConfig]):  # type: ignore[no-untyped-call]
    """mkdocs-marimo for notebooks that are files, on the pages that ask for it only."""

    def on_post_page(self, output: str, /, *, page: Page, config: MkDocsConfig) -> str:
        """Add the islands, inert, and the script that a click starts them with.

        Raises:
            PluginError: a notebook can't be an island, or its recorded run failed.
        """
        names = page.meta.get("islands")
        if not (self.config.enabled and names):
            return output
        try:
            project = Project(Path(config.config_file_path).parent)
            snippets = [_fit(project, str(name)) for name in names]
        except ProvenError as e:
            raise PluginError(f"docs/{page.file.src_uri}: {e}") from None
        bodies, head = self._markup(snippets, page, config)
        parts = [
            f'<template data-island="{escape(snippet.name)}">{body}</template>'
            for snippet, body in zip(snippets, bodies, strict=True)
        ]
        parts.append(f"<template data-islands-head>{head}</template>")
        source = "../" * page.url.count("/") + SCRIPT
        parts.append(f'<script src="{source}" defer></script>')
        return output.replace("</article>", f"{''.join(parts)}</article>", 1)

    def _markup(
        self, snippets: list[Snippet], page: Page, config: MkDocsConfig
    ) -> tuple[list[str], str]:
        release = self.config.marimo_version

        def make() -> tuple[list[str], str]:
            from proven import upstream

            head = upstream.head(page, config, release)
            return upstream.bodies(s.path for s in snippets), head

        made_of = [version("marimo"), version("mkdocs-marimo"), release]
        cache = Path(config.config_file_path).parent / ".cache" / "islands"
        return _kept(cache, made_of + [s.text for s in snippets], make)


def _fit(project: Project, name: str) -> Snippet:
    """The snippet of this name, which can be an island.

    Raises:
        ProvenError: it needs what no browser has, or its recorded run is not a good one.
    """
    snippet = project.find(name)
    if not snippet.is_notebook:
        raise ProvenError(f"{snippet.name} is not a notebook")
    if absent := _imports(snippet) & _ABSENT:
        raise ProvenError(f"{snippet.name} needs {', '.join(absent)}, which no browser has")
    run = project.run(f"{name}::edit")
    kept = run.record
    if kept is None or kept.key != run.key:
        raise ProvenError(f"{snippet.name} has no fresh record; {run.hint}")
    failed = next((c for s in kept.steps for c in s.cells if c.error), None)
    why = judge(run, kept) or (failed and str(failed.error))
    if why:
        raise ProvenError(f"{snippet.name} fails: {why}")
    return snippet


def _kept(
    cache: Path, made_of: list[str], make: Callable[[], tuple[list[str], str]]
) -> tuple[list[str], str]:
    """What `make` gives, from the cache where the same was made before.

    It depends on the files and the releases only, and to import marimo takes as long
    as many pages.
    """
    key = hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:16]
    path = cache / f"{key}.json"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(make()))
        part.replace(path)
    bodies, head = json.loads(path.read_text())
    return bodies, head


def _imports(snippet: Snippet) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(snippet.tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names
