"""The MkDocs plugin `proven`: tells pages what only MkDocs knows, and reports as MkDocs does.

    plugins:
      - proven:
          mkdocs_marimo: {enabled: true}

Nothing here expands a directive, which the Markdown extension `proven` does. Under
`mkdocs serve` a saved snippet is run again in the background, and notebooks are live.
"""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mkdocs.config.base import Config
from mkdocs.config.config_options import DictOfItems, SubConfig, Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError, PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage

from proven.errors import ProvenError
from proven.mkdocs import (
    agents,
    assets,
    feed,
    head,
    islands,
    missing,
    moved,
    policy,
    publish,
    search,
)
from proven.page import check
from proven.page.provenance import Block
from proven.page.site import Page, Site
from proven.project import Project, Snapshot

if TYPE_CHECKING:
    from proven.rerun import Rerunner

log = get_plugin_logger("proven")


class ProvenConfig(Config):  # type: ignore[no-untyped-call]
    """The plugin's options."""

    mkdocs_marimo = SubConfig(islands.IslandsConfig)
    """The islands of mkdocs-marimo, on the pages that name notebooks in their front matter."""
    moved = DictOfItems(Type(str), default={})
    """Pages that are elsewhere now: where each was, and where it is."""


class ProvenPlugin(BasePlugin[ProvenConfig]):  # type: ignore[no-untyped-call]
    """Everything of this package that MkDocs calls."""

    site: Site
    _nav: Navigation

    def __init__(self) -> None:
        self._serving = False
        self._rerunner: Rerunner | None = None
        self._pages: dict[str, Page] = {}
        self._blocks: list[Block] = []
        self._abouts: dict[str, str] = {}
        self._changes = ("", "")

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Note the command; with this method, MkDocs keeps the plugin from build to build."""
        self._serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Begin a build: the project, as it is now."""
        project = Project.around(Path(config.config_file_path).parent)
        if self._serving and self._rerunner is None:
            from proven.rerun import Rerunner

            self._rerunner = Rerunner(project, log)
        self.site = Site(
            Snapshot(project.root),
            repo_url=config.repo_url or "",
            # Under `mkdocs serve` bad input stands on the page; else it ends the build.
            fail=log.error if self._serving else _end_build,
            warn=log.warning,
            state=self._rerunner.state if self._rerunner else lambda run: None,
        )
        self._pages, self._blocks, self._abouts, self._changes = {}, [], {}, ("", "")
        assets.name(config)
        if not config.repo_url:
            # MkDocs would make links to edit pages that lead nowhere.
            config.edit_uri = None
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Start to run what was saved since its record was made."""
        if self._rerunner:
            self._rerunner.look()

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Publish the snippets and our own assets."""
        project = self.site.project
        ours = (m.files(config) for m in (assets, search, agents, head))
        published = (publish.snippets(project, config), publish.skill_archive(project, config))
        for file in chain(*published, *ours):
            files.append(file)
        for page in list(moved.pages(self.config.moved, files, config)):
            files.append(page)
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        """Note the order of the pages."""
        self._nav = nav

    def on_page_markdown(
        self, markdown: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files
    ) -> None:
        """Hand this page to the Markdown that is made for it next."""
        source = page.file.content_string
        front = source.removesuffix(markdown) if source.endswith(markdown) else ""
        ours = Page(
            self.site,
            f"docs/{page.file.src_uri}",
            1 + front.count("\n"),
            "../" * page.url.count("/"),
        )
        self._pages[page.file.src_uri] = ours
        config.mdx_configs["proven"] = {"page": ours}

    def on_page_content(
        self, html: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files
    ) -> str:
        """Make the ids of stashed HTML known, and check the page."""
        ours = self._pages[page.file.src_uri]
        if page.present_anchor_ids is not None:
            page.present_anchor_ids |= ours.anchors
        self._warn_of(check.of_page(ours, html, self._blocks))
        self._abouts[page.url] = search.about(page)
        if page.file.src_uri == feed.PAGE:
            self._changes = html, page.url
        return agents.controls(page) + search.spaced(html)

    def on_post_page(self, output: str, *, page: MkDocsPage, config: MkDocsConfig) -> str:
        """Add islands or, under `mkdocs serve`, the controls of live notebooks."""
        # By this mark the theme would ask another host how many stars the repository has.
        output = output.replace(' data-md-component="source"', "")
        output = _with_search(output, config)
        output = head.add(output, page, config, changes=bool(self._changes[0]))
        if self._serving:
            from proven.live import serve

            # No islands: they take scripts of other hosts, and these pages may start kernels.
            return serve.controls(output, self.site.project)
        try:
            return islands.add(output, page, config, self.config.mkdocs_marimo, self.site.project)
        except ProvenError as e:
            raise PluginError(f"docs/{page.file.src_uri}: {e}") from None

    def on_post_template(
        self, output_content: str, *, template_name: str, config: MkDocsConfig
    ) -> str:
        """The page for what is not found searches, too."""
        html = _with_search(output_content, config)
        if template_name != missing.NAME:
            return html
        return missing.filled(html, missing.sections(self._nav), config)

    # After the theme's plugin, which writes the index that is read here.
    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Publish the rest of the projects, and check what is no page's."""
        publish.hidden_files(self.site.project, Path(config.site_dir))
        publish.skill_files(self.site.project, Path(config.site_dir))
        agents.write(config, self._nav, self.site.project)
        search.write(Path(config.site_dir), self._abouts)
        feed.write(Path(config.site_dir), *self._changes, config)
        if not self._serving:
            policy.write(Path(config.site_dir))
        self._warn_of(check.of_project(self.site.project, self._blocks))

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any
    ) -> LiveReloadServer:
        """Rebuild when something that pages are made of is saved; open live notebooks."""
        from proven.live import serve

        # Not this build's: what is saved later counts.
        project = Project(self.site.project.root)
        for path in (project.snippets, project.claims, project.rules, project.ledger):
            if path.exists():
                server.watch(str(path))
        if self._rerunner:
            server.watch(str(self._rerunner.stamp.parent))
        serve.open_(server, dict(config.extra.get("live") or {}), project)
        return server

    def on_shutdown(self) -> None:
        """End all that was started."""
        if self._serving:
            from proven.live import serve

            serve.close()
        if self._rerunner:
            self._rerunner.close()

    def _warn_of(self, problems: Any) -> None:
        try:
            for problem in problems:
                log.warning(problem)
        except ProvenError as e:
            self.site.fail(str(e))


def _with_search(output: str, config: MkDocsConfig) -> str:
    """The page with our search, which a screen reader announces by a name."""
    named = output.replace('role="dialog"', 'role="dialog" aria-label="Search"', 1)
    return search.name_worker(named, config)


def _end_build(message: str) -> None:
    raise BuildError(message)
