"""Find the code blocks of a page, and say of each whether it is what it pretends to be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from proven.errors import ProvenError
from proven.html import parsed
from proven.page.log import logged, printed
from proven.page.outputs import blocks_of
from proven.project import Project
from proven.record import Record

_BLOCKS = frozenset({"pre", "textarea", "xmp", "listing", "plaintext"})
_INLINE = frozenset({"code", "samp", "kbd"})


@dataclass(frozen=True)
class Block:
    """A code block in a page's HTML; `source` says where it pretends to come from."""

    page: str
    text: str
    source: str = ""

    @property
    def first_line(self) -> str:
        """By which a message and the ledger name it."""
        return (self.text.strip().splitlines() or [""])[0].strip()

    @property
    def name(self) -> str:
        """What the ledger calls it."""
        return f"{self.page}: {self.first_line}"


def code_blocks(html: str, page: str) -> Iterator[Block]:
    """Every element that shows lines as they are, whatever wrote it."""
    for element in parsed(html).iter(*_BLOCKS, *_INLINE):
        around = [element, *element.iterancestors()]
        if any(outer.tag in _BLOCKS | _INLINE for outer in around[1:]):
            continue
        text = str(element.text_content())
        if element.tag in _BLOCKS or "\n" in text.strip("\n"):
            sources = (e.get("data-run") or e.get("data-lines") for e in around)
            yield Block(page, text, next(filter(None, sources), ""))


def vouched(block: Block, project: Project) -> bool:
    """Whether the block is what it pretends to be.

    The name alone proves nothing: `NAME:FIRST-LAST` must be these very lines of the
    snippet, and `NAME::MODE` must be a text of that record.
    """
    try:
        if "::" in block.source:
            record = project.run(block.source).record
            return record is not None and block.text in texts_of(record)
        match = re.fullmatch(r"(.+):(\d+)-(\d+)", block.source)
        if match is None:
            return False
        return block.text == project.find(match[1]).lines(int(match[2]), int(match[3]))
    except ProvenError:
        return False


def texts_of(record: Record) -> frozenset[str]:
    """Every text that a page may show of a record as a block."""
    texts = {"\n".join(logged(record)) + "\n", *map("\n".join, record.kept.values())}
    texts |= {"\n".join(step.saved) for step in record.steps if step.saved}
    errors = [record.error] if record.error else []
    cells = [cell for step in record.steps for cell in step.cells]
    for console in (record.console, *(cell.console for cell in cells)):
        texts |= {"\n".join(console), "\n".join(printed(console))}
    for cell in cells:
        errors += [cell.error] if cell.error else []
        if cell.output:
            texts |= {cell.output.data, *blocks_of(cell.output)}
    return frozenset(texts | {e.message for e in errors})


def is_diagram(block: Block) -> bool:
    """Every line draws: it holds an arrow or a box-drawing character."""
    return all(re.search(r"[─-╿→▶▼←]", line) for line in block.text.splitlines() if line.strip())


CHECKS = {"a diagram": is_diagram}
"""What the ledger may say of a block that comes from no snippet and no run."""
