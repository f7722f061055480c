"""The MkDocs door: tells the extension what only MkDocs knows, and reports as MkDocs does.

Nothing here expands a directive; a site built without these hooks has the same pages.
Under `mkdocs serve` a saved snippet is run again, in the background (`rerun`).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from proven import archive, ledger, pages
from proven.files import below
from proven.project import Project

if TYPE_CHECKING:
    from proven.rerun import Rerunner

log = get_plugin_logger("proven")
site = pages.Site(Project(Path()), warn=log.warning)
_blocks: list[ledger.Block] = []
_serving = False
_rerunner: Rerunner | None = None


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    """Under `mkdocs serve` bad input stands on the page; anywhere else it ends the build."""
    site.fail = log.error if command == "serve" else _end_build
    global _serving
    _serving = command == "serve"


def on_pre_build(config: MkDocsConfig) -> None:
    """Start to run what was saved since its record was made."""
    if _serving:
        _running().look()


def _running() -> Rerunner:
    from proven.rerun import Rerunner

    global _rerunner
    if _rerunner is None:
        _rerunner = Rerunner(site.project, log)
        site.state = _rerunner.state
    return _rerunner


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
    """Rebuild when a snippet is saved, and when a run has ended."""
    server.watch(str(site.project.snippets))
    for listed in (site.project.ledger, site.project.claims):
        server.watch(str(listed))
    if _rerunner:
        server.watch(str(_rerunner.stamp.parent))
    return server


def on_shutdown() -> None:
    """End the runs."""
    if _rerunner:
        _rerunner.close()


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Hand the site to the extension."""
    site.project = Project(Path(config.config_file_path).parent)
    config.mdx_configs["proven"] = {"site": site}
    _blocks.clear()
    if config.repo_url:
        site.repo_url = config.repo_url
        site.repo = f"{config.repo_url.rstrip('/')}/blob/HEAD/snippets/"
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Publish the snippets, byte for byte, for downloads and `uvx marimo edit URL`."""
    snippets = site.project.snippets
    for path in below(snippets):
        # A Markdown file among them would become a page.
        if path.suffix != ".md":
            uri = f"snippets/{path.relative_to(snippets).as_posix()}"
            files.append(File.generated(config, uri, abs_src_path=str(path)))
    for project in archive.projects(site.project):
        uri = f"snippets/{project.relative_to(snippets).as_posix()}.zip"
        files.append(File.generated(config, uri, content=archive.pack(project)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    """Say which page is read now, and where in its file the Markdown begins."""
    source = page.file.content_string
    front = source.removesuffix(markdown) if source.endswith(markdown) else ""
    site.page = f"docs/{page.file.src_uri}"
    site.first_line = 1 + front.count("\n")
    site.base = "../" * page.url.count("/")


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    """Make the ids of stashed HTML known, and look at every code block of the page."""
    if page.present_anchor_ids is not None:
        page.present_anchor_ids |= site.anchors
    _blocks.extend(ledger.code_blocks(html, f"docs/{page.file.src_uri}"))
    for leftover in re.findall(rf"<code>((?:{'|'.join(pages.DIRECTIVES)}) [^<\n]+)", html):
        log.warning(f"docs/{page.file.src_uri}: not expanded: {leftover!r}")


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Name the theme's search dialog, which a screen reader would announce without one."""
    return output.replace('role="dialog"', 'role="dialog" aria-label="Search"', 1)


def on_post_build(config: MkDocsConfig) -> None:
    """Publish the rest of the projects; warn of code that nothing vouches for.

    Warn of lines of the ledger that do not hold, too.
    """
    for project in archive.projects(site.project):
        # Those that MkDocs would take for pages, or leave out: a README, hidden files.
        for path in archive.files(project):
            target = Path(config.site_dir, "snippets", path.relative_to(site.project.snippets))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    for problem in ledger.problems(_blocks, site.project):
        log.warning(problem)


def _end_build(message: str) -> None:
    raise BuildError(message)
