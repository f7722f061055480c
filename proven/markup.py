"""Read the HTML of a cell's output: a small tree, and the widgets in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = frozenset({"br", "hr", "img", "input", "col", "wbr"})
"""Elements that have no end tag."""


@dataclass
class Node:
    """An element of an output."""

    tag: str
    attrs: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    def value(self, name: str, default: Any = None) -> Any:
        """The attribute `data-NAME`, which marimo writes as JSON."""
        raw = self.attrs.get(f"data-{name}")
        return default if raw is None else json.loads(raw)

    @property
    def text(self) -> str:
        """The text of the element and all below it."""
        return "".join(c if isinstance(c, str) else c.text for c in self.children)

    def walk(self) -> Iterator[Node]:
        """The element and all elements below it."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()


@dataclass(frozen=True)
class Widget:
    """One widget in a cell's output: its element, its label, its id for the kernel."""

    object_id: str
    tag: str
    label: str


def tree(html: str) -> Node:
    """The output as a tree; its root has no tag."""
    builder = _TreeBuilder()
    builder.feed(html)
    builder.close()
    return builder.stack[0]


def text(html: Any) -> str:
    """The text of what marimo sends as a label: HTML, or null."""
    return tree(str(html)).text.strip() if html is not None else ""


def widgets(html: str) -> Iterator[Widget]:
    """The widgets that this output shows."""
    for node in tree(html).walk():
        if node.tag == "marimo-ui-element":
            for child in node.children:
                if isinstance(child, Node):
                    label = text(child.value("label"))
                    yield Widget(node.attrs.get("object-id", ""), child.tag, label)


class _TreeBuilder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.stack = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {k: v or "" for k, v in attrs})
        self.stack[-1].children.append(node)
        if tag not in VOID:
            self.stack.append(node)

    def handle_endtag(self, tag: str) -> None:
        if any(node.tag == tag for node in self.stack[1:]):
            while self.stack.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.stack[-1].children.append(data)
