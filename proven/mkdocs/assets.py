"""The style sheet and the scripts of the site.

`theme.css` and every file in `components/` are one sheet, and all in `scripts/` one script,
so that a new part of a page brings its own as a file, and a reader's browser asks once.
The fonts are in the sheet: one that came after the text would move it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File

FOLDER = Path(__file__).parent / "assets"
ICONS = Path(__file__).parent / "theme"
"""A theme's folder with the mark, where `theme.icon.logo: proven/mark` finds it."""
MARK = "assets/mark.svg"
STYLE, SCRIPT, ISLANDS = "assets/proven.css", "assets/proven.js", "assets/islands.js"
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


def name(config: MkDocsConfig) -> None:
    """Name them in every page's head, before the site's own, which may overrule them."""
    if str(ICONS) not in config.theme.dirs:
        config.theme.dirs.append(str(ICONS))
    if STYLE not in config.extra_css:
        config.extra_css.insert(0, STYLE)
    if not any(str(script) == SCRIPT for script in config.extra_javascript):
        script = ExtraScriptValue(SCRIPT)
        script.defer = True
        config.extra_javascript.insert(0, script)


def files(config: MkDocsConfig) -> Iterator[File]:
    """The files, as MkDocs publishes them."""
    yield File.generated(config, STYLE, content=style())
    yield File.generated(config, SCRIPT, content=script())
    for licence in sorted((FOLDER / "fonts").glob("*.txt")):
        yield File.generated(config, f"assets/fonts/{licence.name}", abs_src_path=str(licence))
    yield File.generated(config, MARK, abs_src_path=str(FOLDER / "mark.svg"))
    yield File.generated(config, ISLANDS, abs_src_path=str(FOLDER / "islands.js"))


def style() -> str:
    """The whole style sheet, without its comments: a page is drawn once it has come."""
    sheets = [FOLDER / "theme.css", *sorted((FOLDER / "components").glob("*.css"))]
    plain = _COMMENT.sub("", _joined(sheets))
    return re.sub(r"(?<=url\(\")fonts/[\w.-]+", lambda name: _inline(name[0]), plain)


def script() -> str:
    """The whole script."""
    return _joined(sorted((FOLDER / "scripts").glob("*.js")))


def _inline(font: str) -> str:
    data = base64.b64encode((FOLDER / font).read_bytes()).decode()
    return f"data:font/woff2;base64,{data}"


def _joined(files: Iterable[Path]) -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in files)
