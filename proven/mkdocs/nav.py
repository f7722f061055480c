"""Walk what MkDocs knows of the navigation."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs.structure.pages import Page


def pages(item: object) -> Iterator[Page]:
    """The pages of an entry of the navigation: itself, or those below it in their order."""
    if isinstance(item, Page):
        yield item
    for child in getattr(item, "children", None) or ():
        yield from pages(child)
