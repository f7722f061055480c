"""Write the site for agents: each page as Markdown beside its HTML, `llms.txt`, `llms-full.txt`.

The two files follow https://llmstxt.org: a list of the pages with what each answers, and
all pages in one text. Where the site's address is known, links are whole addresses.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page as MkDocsPage

from proven.errors import ProvenError
from proven.html import Html, h
from proven.mkdocs.nav import pages
from proven.page.index import places
from proven.page.site import Page, Site
from proven.project import Project
from proven.text.page import of_page

LIST, WHOLE = "llms.txt", "llms-full.txt"
# Where a link leads stands between these, until it is known where the text will stand.
_LINK = re.compile("\0(.*?)\0")
# What Material's own "copy to clipboard" and the Markdown mark look like.
_COPY = (
    "M19 21H8V7h11m0-2H8a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2V7a2 2 0 0 0-2-2"
    "m-3-4H4a2 2 0 0 0-2 2v14h2V3h12z"
)
_TEXT = (
    "M20.56 18H3.44C2.65 18 2 17.37 2 16.59V7.41C2 6.63 2.65 6 3.44 6h17.12c.79 0 1.44.63 1.44"
    " 1.41v9.18c0 .78-.65 1.41-1.44 1.41M6.81 15.19v-3.66l1.92 2.35 1.92-2.35v3.66h1.93V8.81h-1.93"
    "l-1.92 2.35-1.92-2.35H4.89v6.38zM19.69 12h-1.92V8.81h-1.92V12h-1.93l2.89 3.28z"
)


def files(config: MkDocsConfig) -> Iterator[File]:
    """The two lists, so that pages can link to them; `write` fills them."""
    yield from (File.generated(config, name, content="") for name in (LIST, WHOLE))


def controls(page: MkDocsPage) -> Html:
    """A link to the page's Markdown, and a button that copies it."""
    link = h(
        "a",
        _icon(_TEXT),
        href=PurePosixPath(_text_of(page)).name,
        title="This page as Markdown",
        class_="md-content__button md-icon",
        data_text=True,
    )
    button = h(
        "button",
        _icon(_COPY),
        type="button",
        title="Copy this page as Markdown",
        class_="md-content__button md-icon",
        data_copy="page",
    )
    said = h("span", class_="snippet-said", role="status")
    return h("div", link, button, said, class_="page-text", data_search_exclude=True)


def _icon(path: str) -> Html:
    return h("svg", h("path", d=path), viewBox="0 0 24 24", aria_hidden="true")


def write(config: MkDocsConfig, nav: Navigation, project: Project) -> None:
    """All of it, in the folder of the built site."""
    site = Path(config.site_dir)
    texts = [(page, _told(page, project)) for page in nav.pages]
    for page, text in texts:
        path = site / _text_of(page)
        path.parent.mkdir(parents=True, exist_ok=True)
        here = posixpath.dirname(_text_of(page))
        path.write_text(_LINK.sub(partial(_to, here, config), text), encoding="utf-8")
    whole = "\n\n".join(text for _, text in texts)
    listed = "\n".join(_listed(config, nav))
    for name, text in ((LIST, listed), (WHOLE, f"{listed}\n\n{whole}")):
        (site / name).write_text(_LINK.sub(partial(_to, "", config), text), encoding="utf-8")


def _told(page: MkDocsPage, project: Project) -> str:
    # Another page than that of the build: it takes no ids, and what is wrong was said already.
    ours = Page(Site(project, warn=lambda message: None), f"docs/{page.file.src_uri}")
    ours.places = partial(project.once, places)
    folder = posixpath.dirname(page.file.src_uri)

    def address(path: str) -> str:
        return f"\0{posixpath.normpath(posixpath.join(folder, path))}\0"

    try:
        return of_page((page.markdown or "").split("\n"), ours, address)
    except ProvenError as e:
        return f"# {page.title}\n\n{e}\n"


def _to(folder: str, config: MkDocsConfig, link: re.Match[str]) -> str:
    source = PurePosixPath(link[1])
    stays = source.suffix != ".md" or source.stem == "index" or not config.use_directory_urls
    target = (source if stays else source.with_suffix("") / "index.md").as_posix()
    if config.site_url:
        return f"{config.site_url}{target}"  # MkDocs ends it with a slash
    return os.path.relpath(target, folder or ".")


def _text_of(page: MkDocsPage) -> str:
    return PurePosixPath(page.file.dest_uri).with_suffix(".md").as_posix()


def _listed(config: MkDocsConfig, nav: Navigation) -> Iterator[str]:
    """`llms.txt`: a section for each of the navigation's, the single pages first."""
    yield f"# {config.site_name}\n"
    yield f"> {config.site_description}\n" if config.site_description else ""
    yield "Each link leads to a page as Markdown, with its code and what it gave."
    yield f"All pages in one file: [{WHOLE}]({urljoin(config.site_url or '', WHOLE)})."
    singles = [item for item in nav.items if isinstance(item, MkDocsPage)]
    sections = [item for item in nav.items if isinstance(item, Section)]
    groups = [("Pages", singles), *((s.title, list(pages(s))) for s in sections)]
    for title, listed in groups:
        yield f"\n## {title}\n"
        yield from map(_line, listed)


def _line(page: MkDocsPage) -> str:
    about = page.meta.get("description")
    return f"- [{page.title}](\0{page.file.src_uri}\0)" + (f": {about}" if about else "")
