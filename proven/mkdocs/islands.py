"""Notebooks without Prefect, live in the reader's browser: the islands of mkdocs-marimo.

A page opts in with `islands: [name.py, …]` in its front matter. Upstream's plugin
executes on every page and adds scripts from other hosts to each. Here a page without
islands pays nothing, and nothing is executed: a page shows the recorded run, and the
islands wait, inert, for a click.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from mkdocs.config.base import Config
from mkdocs.config.config_options import Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from proven.errors import ProvenError
from proven.html import Html, h
from proven.judge import judge
from proven.mkdocs.assets import ISLANDS
from proven.modes import Mode
from proven.project import Project, Run
from proven.snippet import Snippet

# What has no build for the browser; more come with a page that wants them.
_ABSENT = frozenset({"prefect", "dask", "ray"})
Made = tuple[list[str], str]
"""The body of each island, and what their page has in its head."""


class IslandsConfig(Config):  # type: ignore[no-untyped-call]
    """Two of mkdocs-marimo's options; its others are about code on the page itself."""

    enabled = Type(bool, default=True)
    marimo_version = Type(str, default=version("marimo"))


def add(
    output: str, page: Page, config: MkDocsConfig, options: IslandsConfig, project: Project
) -> str:
    """The page with its islands, inert, and the script that a click starts them with.

    Raises:
        ProvenError: a notebook can't be an island, or its recorded run failed.
    """
    names = page.meta.get("islands")
    if not (options.enabled and names):
        return output
    snippets = [_fit(project.run(f"{name}::{Mode.EDIT}")) for name in names]
    bodies, head = _made(snippets, config, options.marimo_version, project)
    parts = [
        h("template", Html(body), data_island=snippet.name)
        for snippet, body in zip(snippets, bodies, strict=True)
    ]
    parts.append(h("template", Html(head), data_islands_head=True))
    parts.append(h("script", src="../" * page.url.count("/") + ISLANDS, defer=True))
    return output.replace("</article>", f"{''.join(parts)}</article>", 1)


def _made(snippets: list[Snippet], config: MkDocsConfig, release: str, project: Project) -> Made:
    def make() -> Made:
        from proven.mkdocs import upstream

        return upstream.bodies(s.path for s in snippets), upstream.head(config, release)

    made_of = [version("marimo"), version("mkdocs-marimo"), release, *(s.text for s in snippets)]
    return _cached(project.root / ".cache" / "islands", made_of, make)


def _fit(run: Run) -> Snippet:
    """The snippet of the run, which can be an island.

    Raises:
        ProvenError: it needs what no browser has, or its recorded run is not a good one.
    """
    snippet = run.snippet
    if absent := _imports(snippet) & _ABSENT:
        raise ProvenError(f"{snippet.name} needs {', '.join(absent)}, which no browser has")
    kept = run.record
    if kept is None or kept.key != run.key:
        raise ProvenError(f"{snippet.name} has no fresh record; {run.hint}")
    failed = next((c for s in kept.steps for c in s.cells if c.error), None)
    why = judge(run, kept) or (failed and str(failed.error))
    if why:
        raise ProvenError(f"{snippet.name} fails: {why}")
    return snippet


def _cached(folder: Path, made_of: list[str], make: Callable[[], Made]) -> Made:
    """What `make` gives, from the folder where the same was made before.

    It depends on the files and the releases only, and to import marimo takes as long
    as many pages.
    """
    key = hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:16]
    path = folder / f"{key}.json"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
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
