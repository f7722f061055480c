"""Every code block of a page comes from a snippet or a run, or stands in the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lxml.html import document_fromstring  # type: ignore[import-untyped]

from proven import exclusions, record, render
from proven.errors import ProvenError
from proven.project import Project


@dataclass(frozen=True)
class Block:
    """A code block in a page's HTML; `claim` says where it pretends to come from."""

    page: str
    text: str
    claim: str = ""

    @property
    def name(self) -> str:
        """What the ledger calls it."""
        lines = self.text.strip().splitlines() or [""]
        return f"{self.page}: {lines[0].strip()}"


def problems(blocks: Sequence[Block], project: Project) -> Iterator[str]:
    """Lines of the ledger that do not hold, and blocks on pages that nothing vouches for."""
    ledger = exclusions.read(project.ledger)
    yield from exclusions.problems(ledger.mode, project.catalogue())
    loose = {b.name: b for b in blocks if not vouched(b, project)}
    listed = {line.what: line for line in ledger.block}
    for name, line in listed.items():
        exclusions.check_name(line, BLOCK_CHECKS)
        if name not in loose:
            yield f"ledger.toml: {name!r} is on no page"
        elif not BLOCK_CHECKS[line.check](loose[name]):
            yield f"ledger.toml: {name!r} is not {line.check}"
    for name in loose.keys() - listed.keys():
        yield f"{name!r}: a code block that comes from no snippet and no run"


# Code blocks of a page ------------------------------------------------------

_BLOCKS = frozenset({"pre", "textarea", "xmp", "listing", "plaintext"})
_INLINE = frozenset({"code", "samp", "kbd"})


def code_blocks(html: str, page: str) -> list[Block]:
    """Every element that shows lines as they are, whatever wrote it, and who claims it."""
    found = []
    for element in document_fromstring(html or "<p>").iter(*_BLOCKS, *_INLINE):
        around = [element, *element.iterancestors()]
        if any(outer.tag in _BLOCKS | _INLINE for outer in around[1:]):
            continue
        text = element.text_content()
        if element.tag in _BLOCKS or "\n" in text.strip("\n"):
            claims = (e.get("data-run") or e.get("data-lines") for e in around)
            found.append(Block(page, text, next(filter(None, claims), "")))
    return found


def vouched(block: Block, project: Project) -> bool:
    """Whether the block is what it claims to be.

    A claim alone proves nothing: `NAME:FIRST-LAST` must be these very lines of the
    snippet, and `NAME::MODE` must be a text of that record.
    """
    try:
        if "::" in block.claim:
            kept = project.run(block.claim).record
            return kept is not None and block.text in evidence(kept)
        match = re.fullmatch(r"(.+):(\d+)-(\d+)", block.claim)
        if match is None:
            return False
        shown = project.find(match[1]).lines(int(match[2]), int(match[3]))
        return block.text == shown
    except ProvenError:
        return False


def evidence(kept: record.Record) -> frozenset[str]:
    """Every text that a page may show of a record as a block."""
    texts = {"\n".join(kept.console), *map("\n".join, kept.kept.values())}
    texts |= {"\n".join(step.saved) for step in kept.steps if step.saved}
    errors = [kept.error] if kept.error else []
    for cell in (cell for step in kept.steps for cell in step.cells):
        texts.add("\n".join(cell.console))
        errors += [cell.error] if cell.error else []
        if cell.output:
            texts |= {cell.output.data, *render.blocks_of(cell.output)}
    return frozenset(texts | {e.message for e in errors})


def _diagram(block: Block) -> bool:
    """Every line draws: it holds an arrow or a box-drawing character."""
    return all(re.search(r"[─-╿→▶▼←]", line) for line in block.text.splitlines() if line.strip())


BLOCK_CHECKS: dict[str, Callable[[Block], bool]] = {"a diagram": _diagram}
