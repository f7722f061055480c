"""The MkDocs hook of live notebooks; under any other command than `serve` it does nothing.

A build imports this file, and nothing else of `proven.live`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.pages import Page

    from proven.project import Project

_serving = False


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    """Note the command."""
    global _serving
    _serving = command == "serve"


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Give the page its controls."""
    if not _serving:
        return output
    from proven.live import serve

    return serve.controls(output, _project(config))


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
    """Put our door before MkDocs' own server."""
    from proven.live import serve

    serve.open_(server, dict(config.extra.get("live") or {}), _project(config))
    return server


def _project(config: MkDocsConfig) -> Project:
    from proven.project import Project

    return Project(Path(config.config_file_path).parent)


def on_shutdown() -> None:
    """End all that was started."""
    if _serving:
        from proven.live import serve

        serve.close()
