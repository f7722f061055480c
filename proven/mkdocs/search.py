"""Make the search index of what answers a reader: each line of code or record once, no boilerplate.

Material's plugin writes the index; this reads it, leaves out what repeats, adds what a page
says of itself in its front matter, and puts it where our worker (`assets/search.js`) fetches it
when somebody searches. What stays in its place has no documents, since the theme asks for it
with every page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

from proven.mkdocs.assets import FOLDER

_PLUGIN = "material/search"
_THEIRS, _OURS = Path("search/search_index.json"), Path("search/documents.json")
_WORKERS = "assets/javascripts/workers/"
# What the theme names as the worker, in the configuration of every page.
_WORKER = re.compile(rf'("search": "[^"]*{_WORKERS})(search\.\w+\.min\.js)"')
_CONFIG = {
    # Entities; whatever is no letter or digit; the humps of a name.
    "separator": r"&(?:lt|gt|amp|quot);|[^A-Za-z0-9\u00C0-\uFFFF]+|(?!\b)(?=[A-Z][a-z])",
    "pipeline": ["stopWordFilter", "stemmer"],
    # `about`, of a page: its title in the navigation, its description and keywords.
    # The worker adds `prose`, `names` and `page`, its page's title and `about`.
    "fields": {
        field: {"boost": boost}
        for field, boost in {
            "title": 6,
            "about": 4,
            "prose": 2,
            "names": 2,
            "text": 1,
            "page": 0.5,
        }.items()
    },
}
_PRE = re.compile(r"<pre>(?:<code>)?(.*?)(?:</code>)?</pre>", re.DOTALL)
_GAPS = re.compile(r"[ \t]{2,}")
# Lists of links to where Prefect and marimo document what a page uses.
_POINTERS = {"Reference"}
# A line that stands on so many pages says nothing about any; the first keeps it.
_MANY = 10
# Lines of a block that count: below them a long file is a tool to copy, not an answer.
_FIRST = 120
_CELLS = re.compile(r"(</t[dh]>)(?=<t[dh])")

Document = dict[str, Any]


def files(config: MkDocsConfig) -> Iterator[File]:
    """The worker, beside the theme's, which it loads."""
    if _PLUGIN in config.plugins:
        path = str(FOLDER / "search.js")
        yield File.generated(config, f"{_WORKERS}proven.js", abs_src_path=path)


def name_worker(html: str, config: MkDocsConfig) -> str:
    """Name our worker in place of the theme's.

    Raises:
        PluginError: the theme names its worker in another way than the one that is known here.
    """
    if _PLUGIN not in config.plugins or "__config" not in html:
        return html
    html, found = _WORKER.subn(r'\1proven.js?\2"', html)
    if not found:
        raise PluginError("this Material for MkDocs names its search worker in an unknown way")
    return html


def about(page: Page) -> str:
    """What a page says of itself, and what readers call it: words that may not stand in it."""
    said = (page.meta.get(name) for name in ("title", "description", "keywords"))
    return ". ".join(str(words) for words in said if words)


def spaced(html: str) -> str:
    """A table whose cells are not one word to whoever leaves out the tags."""
    return _CELLS.sub(r"\1 ", html)


def write(site: Path, abouts: dict[str, str]) -> None:
    """Replace the index that Material's plugin wrote; `abouts` are by the pages' addresses."""
    theirs = site / _THEIRS
    if not theirs.exists():
        return
    index = json.loads(theirs.read_text(encoding="utf-8"))
    documents = prepared(index["docs"])
    for document in documents:
        if words := abouts.get(document["location"]):
            document["about"] = words
    _save(site / _OURS, documents)
    _save(theirs, {"config": index["config"] | _CONFIG, "docs": []})


def prepared(documents: Iterable[Document]) -> list[Document]:
    """The documents with each line of a block once a page, and what each page has once."""
    kept = [d for d in documents if d["title"] not in _POINTERS]
    on: dict[str, set[str]] = {}
    for document in kept:
        for line in _lines(document["text"]):
            on.setdefault(line, set()).add(_page(document))
    common = {line for line, pages in on.items() if len(pages) >= _MANY}
    seen: set[tuple[str, str]] = set()
    return [d | {"text": _once(d, seen, common)} for d in kept]


def _once(document: Document, seen: set[tuple[str, str]], common: set[str]) -> str:
    def new(block: re.Match[str]) -> str:
        lines = []
        for line in _lines(block[0]):
            where = ("" if line in common else _page(document), line)
            if where not in seen:
                seen.add(where)
                lines.append(line)
        return "<pre>" + "\n".join(lines) + "</pre>" if lines else ""

    return _PRE.sub(new, document["text"])


def _lines(text: str) -> Iterator[str]:
    for block in _PRE.finditer(text):
        for line in block[1].splitlines()[:_FIRST]:
            if words := _GAPS.sub(" ", line.strip()):
                yield words


def _page(document: Document) -> str:
    return str(document["location"]).partition("#")[0]


def _save(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
