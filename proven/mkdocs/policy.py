"""Give the pages of the built site a content-security policy, as a meta element.

A script runs if it is a file of the site, or stands in a page as it was built: in any page,
since under instant navigation the first page's policy holds for all. A page with islands
allows what they load as well, and `islands.js` loads it anew where another page's policy still
holds. Under `mkdocs serve` there is none, since that server sends its own as a header.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from proven.html import Html, h

_HEAD = re.compile(r"<meta charset=[^>]*>")
_INLINE = re.compile(r"<script(?![^>]*\b(?:src|type)=)[^>]*>(.+?)</script>", re.DOTALL)
_ISLANDS = "data-islands-head"
_OURS = {
    "default-src": "'self'",
    "script-src": "'self'",
    # The theme and drawings set styles of single elements.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
# What an island needs after its click: marimo's page and Python from there, packages from
# anywhere. What a worker imports as a module is a worker by its name too.
_FOR_ISLANDS = {
    "script-src": "https://cdn.jsdelivr.net 'wasm-unsafe-eval'",
    "style-src": "https://cdn.jsdelivr.net https://fonts.googleapis.com",
    "font-src": "https://cdn.jsdelivr.net https://fonts.gstatic.com",
    "worker-src": "'self' blob: https://cdn.jsdelivr.net",
    "connect-src": "'self' https:",
}


def write(site: Path) -> None:
    """Put the policy into every page, and let it know the scripts of them all."""
    pages = {path: path.read_text(encoding="utf-8") for path in _pages(site)}
    plain, islands = meta(pages.values()), meta(pages.values(), _FOR_ISLANDS)
    for path, text in pages.items():
        head = rf"\g<0>{islands if _ISLANDS in text else plain}"
        path.write_text(_HEAD.sub(head, text, count=1), encoding="utf-8")


def meta(pages: Iterable[str], more: Mapping[str, str] = MappingProxyType({})) -> Html:
    """The element that allows the scripts in these pages, and more sources by directive."""
    scripts = dict.fromkeys(script for text in pages for script in _INLINE.findall(text))
    policy = _OURS | {"script-src": " ".join(["'self'", *sorted(map(_hash, scripts))])}
    for name, sources in more.items():
        policy[name] = f"{policy.get(name, '')} {sources}".strip()
    content = "; ".join(f"{name} {sources}" for name, sources in policy.items())
    return h("meta", http_equiv="Content-Security-Policy", content=content)


def _pages(site: Path) -> Iterator[Path]:
    """Pages, not what readers download."""
    for path in site.rglob("*.html"):
        if path.relative_to(site).parts[0] not in ("snippets", "skill"):
            yield path


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
