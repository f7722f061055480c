"""Keep the ledger of all that no run proves, each line with a reason that is checked.

`ledger.toml` holds two lists. `[[mode]]`: a notebook that is not run in a mode; its
name may be a pattern, which then means those notebooks for which the check holds.
`[[block]]`: a code block on a page that comes from no snippet and no run. Each
line has `what`, `reason` and `check`, the name of a predicate below; a line whose
thing is gone, or whose predicate is false, is an error.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import msgspec
from lxml.html import document_fromstring  # type: ignore[import-untyped]

from proven import record, render
from proven.errors import ProvenError
from proven.scenario import Mode, Strict, modes, scenario
from proven.snippet import ROOT, SNIPPETS, Snippet, catalogue, find

LEDGER = ROOT / "ledger.toml"


class Reason(Strict, frozen=True):
    """One line of the ledger."""

    what: str
    """`template.py::worker`, `*::worker`, or `docs/page.md: first line of the block`."""
    reason: str
    check: str


class Ledger(Strict, frozen=True):
    """The file `ledger.toml`."""

    mode: list[Reason] = []
    block: list[Reason] = []


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


@cache
def read(path: Path = LEDGER) -> Ledger:
    """The ledger; empty where there is no file.

    Raises:
        ProvenError: the file is not valid, or a line names no known check.
    """
    if not path.is_file():
        return Ledger()
    try:
        ledger = msgspec.toml.decode(path.read_bytes(), type=Ledger)
    except msgspec.MsgspecError as e:
        raise ProvenError(f"{path.name}: {e}") from e
    for lines, known in ((ledger.mode, MODE_CHECKS), (ledger.block, BLOCK_CHECKS)):
        for line in lines:
            if line.check not in known:
                raise ProvenError(
                    f"{path.name}: {line.what}: no check {line.check!r}; "
                    f"there are: {', '.join(known)}"
                )
    return ledger


def left_out(snippet: Snippet, mode: Mode, ledger: Ledger | None = None) -> Reason | None:
    """Why this snippet is not run in this mode; None where it is."""
    lines = (ledger or read()).mode
    return next((line for line in lines if _covers(line, snippet, mode)), None)


def problems(
    blocks: Sequence[Block], ledger: Ledger | None = None, root: Path = SNIPPETS
) -> Iterator[str]:
    """Lines of the ledger that do not hold, and blocks on pages that nothing vouches for."""
    ledger = ledger or read()
    for line in ledger.mode:
        yield from _mode_problem(line, root)
    loose = {b.name: b for b in blocks if not vouched(b, root)}
    listed = {line.what: line for line in ledger.block}
    for name, line in listed.items():
        if name not in loose:
            yield f"ledger.toml: {name!r} is on no page"
        elif not BLOCK_CHECKS[line.check](loose[name]):
            yield f"ledger.toml: {name!r} is not {line.check}"
    for name in loose.keys() - listed.keys():
        yield f"{name!r}: a code block that comes from no snippet and no run"


def _covers(line: Reason, snippet: Snippet, mode: Mode) -> bool:
    name, _, left = line.what.partition("::")
    if left != mode or not fnmatchcase(snippet.name, name):
        return False
    # A line with a plain name is held to its check by `problems`.
    return "*" not in name or (mode in modes(snippet) and MODE_CHECKS[line.check](snippet))


def _mode_problem(line: Reason, root: Path) -> Iterator[str]:
    name, _, mode = line.what.partition("::")
    if "*" in name:
        if not any(_covers(line, s, mode) for s in catalogue(root)):  # type: ignore[arg-type]
            yield f"ledger.toml: {line.what}: there is no such notebook and mode"
        return
    try:
        snippet = find(name, root)
    except ProvenError as e:
        yield f"ledger.toml: {e}"
        return
    if mode not in modes(snippet):
        yield f"ledger.toml: {line.what}: no such mode"
    elif not MODE_CHECKS[line.check](snippet):
        yield f"ledger.toml: {line.what}: not so: {line.check}"


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


def vouched(block: Block, root: Path = SNIPPETS, records: Path = record.RECORDS) -> bool:
    """Whether the block is what it claims to be.

    A claim alone proves nothing: `NAME:FIRST-LAST` must be these very lines of the
    snippet, and `NAME::MODE` must be a text of that record.
    """
    name, _, mode = block.claim.partition("::")
    try:
        if mode:
            kept = record.load(find(name, root), mode, records)  # type: ignore[arg-type]
            return kept is not None and block.text in evidence(kept)
        match = re.fullmatch(r"(.+):(\d+)-(\d+)", block.claim)
        if match is None:
            return False
        shown = find(match[1], root).lines(int(match[2]), int(match[3]))
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


# The predicates -------------------------------------------------------------


def _no_flow(snippet: Snippet) -> bool:
    """Nothing in the file is decorated as a flow, so nothing can be deployed."""
    return not any(_decorated(snippet, "flow"))


def _no_tests(snippet: Snippet) -> bool:
    """No function and no cell is called `test_…`, so pytest has nothing to collect."""
    return not any(
        isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n.name.startswith("test_")
        for n in ast.walk(snippet.tree)
    )


def _script_fails(snippet: Snippet) -> bool:
    """The script that would make the data for its deployment is declared to fail."""
    how = scenario(snippet)
    return how.worker.script is not None and "script" in how.wrong


def _decorated(snippet: Snippet, name: str) -> Iterator[ast.AST]:
    for node in ast.walk(snippet.tree):
        for mark in getattr(node, "decorator_list", []):
            mark = mark.func if isinstance(mark, ast.Call) else mark
            if name == (mark.attr if isinstance(mark, ast.Attribute) else getattr(mark, "id", "")):
                yield node


def _diagram(block: Block) -> bool:
    """Every line draws: it holds an arrow or a box-drawing character."""
    return all(re.search(r"[─-╿→▶▼←]", line) for line in block.text.splitlines() if line.strip())


MODE_CHECKS: dict[str, Callable[[Snippet], bool]] = {
    "no-flow": _no_flow,
    "no-tests": _no_tests,
    "script-fails": _script_fails,
}
BLOCK_CHECKS: dict[str, Callable[[Block], bool]] = {"a diagram": _diagram}
