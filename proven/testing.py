"""A project of three files in a folder, for tests of the whole machinery.

project = tiny(tmp_path)
record(project, "a.py::edit", console=["hello"])
assert "hello" in html(project, "``` record a.py")
"""

from __future__ import annotations

import importlib.util
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any

import msgspec
from markdown import Markdown

from proven.page.extension import SnippetExtension
from proven.page.site import Page, Site
from proven.project import Project, Run
from proven.record import Record, save

NOTEBOOK = '''\
# /// script
# dependencies = ["marimo"]
# ///

import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.function
def double(x: int) -> int:
    """Twice <x>."""
    return x * 2


@app.function
def half(x: int) -> int:
    return x // 2


@app.cell
def show():
    print(double(21))
    return


if __name__ == "__main__":
    app.run()
'''
CONFIG = """\
site_name: Tiny
theme: {name: material, font: false}
plugins: [proven]
markdown_extensions:
  - admonition
  - pymdownx.details
  - pymdownx.superfences
  - pymdownx.tabbed: {alternate_style: true}
  - toc: {toc_depth: 3}
  - proven
validation: {anchors: warn}
"""
PAGE = "# Tiny\n\n``` snippet a.py\noutput: script\n```\n"


def tiny(folder: Path, files: dict[str, str] | None = None, *, recorded: bool = True) -> Project:
    """A notebook with one record, the page that shows both, and its site.

    Args:
        folder: an empty folder.
        files: more files, or others in place of these, by their path in the folder.
        recorded: whether the run that the page shows was made.
    """
    ours = {"snippets/a.py": NOTEBOOK, "docs/index.md": PAGE, "mkdocs.yml": CONFIG}
    for name, text in (ours | (files or {})).items():
        write(folder / name, text)
    project = Project(folder)
    if recorded:
        record(project, "a.py::script", console=["42 <ok>"])
    return project


def write(path: Path, text: str) -> Path:
    """Write the file, and the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def record(project: Project, name: str, **fields: Any) -> Run:
    """Keep a fresh record of `NAME::MODE` that holds these fields."""
    run = project.run(name)
    kept = Record(run.snippet.name, run.mode, key=run.key, passed=True)
    save(msgspec.structs.replace(kept, **fields), run.path)
    return run


def page(project: Project, **site: Any) -> Page:
    """A page `docs/p.md` of the project, to be converted by `html`."""
    return Page(Site(project, **site), "docs/p.md", base="../")


def html(project: Project, text: str, on: Page | None = None) -> str:
    """The Markdown converted as a page of the project."""
    extension = SnippetExtension(page=on or page(project))
    others = ["admonition", "pymdownx.superfences", "pymdownx.tabbed", "pymdownx.details", "tables"]
    settings = {"pymdownx.tabbed": {"alternate_style": True}}
    return Markdown(extensions=[*others, extension], extension_configs=settings).convert(text)


def module(path: Path, name: str) -> ModuleType:
    """The file as a module of this name, wherever it lies."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made
    spec.loader.exec_module(made)
    return made


def build(project: Project, *, strict: bool = True) -> tuple[Path, list[str]]:
    """What `mkdocs build` makes of the project, and what it warns of."""
    from mkdocs.commands.build import build as mkdocs_build
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort

    heard = _Heard()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(heard)
    try:
        config = load_config(str(project.root / "mkdocs.yml"), strict=strict)
        config.plugins.on_startup(command="build", dirty=False)
        mkdocs_build(config)
    except Abort as e:
        heard.messages.append(f"aborted: {e}")
    finally:
        logger.removeHandler(heard)
    return project.root / "site", heard.messages


class Quiet(SimpleHTTPRequestHandler):
    """Files, and not a word of who asked."""

    def log_message(self, *args: object) -> None:
        """Nothing."""


@contextmanager
def served(folder: Path, handler: type[SimpleHTTPRequestHandler] = Quiet) -> Iterator[str]:
    """The address of the folder, while it is served."""
    answers = partial(handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), answers) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


class _Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage().removeprefix("proven: "))
