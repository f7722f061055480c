"""What no run proves: the list `ledger.toml`, each line with a reason that is checked.

`[[mode]]`: a notebook that is not run in a mode; its name may be a pattern, which then
means those notebooks for which the check holds. `[[block]]`: a code block on a page that
comes from no snippet and no run (`proven.page` checks those). Each line has `what`,
`reason` and `check`, the name of a predicate; a line whose thing is gone, or whose
predicate is false, is an error.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

import msgspec

from proven.errors import ProvenError
from proven.modes import Mode
from proven.sidecar import Strict, modes, scenario
from proven.snippet import Snippet


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


def read(path: Path) -> Ledger:
    """The ledger; empty where there is no file.

    Raises:
        ProvenError: the file is not valid, or a line names no known check.
    """
    if not path.is_file():
        return Ledger()
    try:
        ledger = _parsed(path.read_bytes())
    except msgspec.MsgspecError as e:
        raise ProvenError(f"{path.name}: {e}") from e
    for line in ledger.mode:
        check_name(line, CHECKS)
    return ledger


def check_name(line: Reason, known: Iterable[str]) -> None:
    """Refuse a line whose check is none of those that there are.

    Raises:
        ProvenError: it is none of them.
    """
    if line.check not in known:
        there = ", ".join(known)
        raise ProvenError(f"ledger.toml: {line.what}: no check {line.check!r}; there are: {there}")


# A build asks for each run's line; the file is parsed once for each content.
@lru_cache(maxsize=8)
def _parsed(text: bytes) -> Ledger:
    return msgspec.toml.decode(text, type=Ledger)


def left_out(snippet: Snippet, mode: Mode, lines: Iterable[Reason]) -> Reason | None:
    """Why this snippet is not run in this mode; None where it is."""
    return next((line for line in lines if _covers(line, snippet, mode)), None)


def problems(lines: Iterable[Reason], snippets: Iterable[Snippet]) -> Iterator[str]:
    """Lines that leave out what is not there, or whose reason does not hold."""
    known = {snippet.name: snippet for snippet in snippets}
    for line in lines:
        name, _, mode = line.what.partition("::")
        if "*" in name:
            if not any(_covers(line, s, m) for s in known.values() for m in Mode):
                yield f"ledger.toml: {line.what}: there is no such notebook and mode"
        elif name not in known:
            yield f"ledger.toml: no snippet {name!r}"
        elif mode not in modes(known[name]):
            yield f"ledger.toml: {line.what}: no such mode"
        elif not CHECKS[line.check](known[name]):
            yield f"ledger.toml: {line.what}: not so: {line.check}"


def _covers(line: Reason, snippet: Snippet, mode: Mode) -> bool:
    name, _, left = line.what.partition("::")
    if left != mode or not fnmatchcase(snippet.name, name):
        return False
    # A line with a plain name is held to its check by `problems`.
    return "*" not in name or (mode in modes(snippet) and CHECKS[line.check](snippet))


# The predicates -------------------------------------------------------------


def _no_flow(snippet: Snippet) -> bool:
    """Nothing in the file is decorated as a flow, so nothing can be deployed."""
    return not snippet.flows


def _no_tests(snippet: Snippet) -> bool:
    """No function and no cell is called `test_…`, so pytest has nothing to collect."""
    return not any(
        isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n.name.startswith("test_")
        for n in ast.walk(snippet.tree)
    )


def _script_fails(snippet: Snippet) -> bool:
    """The script that would make the data for its deployment is declared to fail."""
    how = scenario(snippet)
    return how.worker.script is not None and Mode.SCRIPT in how.wrong


CHECKS: dict[str, Callable[[Snippet], bool]] = {
    "no-flow": _no_flow,
    "no-tests": _no_tests,
    "script-fails": _script_fails,
}
