"""Keep a record where the run was as expected and differs from the kept one."""

from __future__ import annotations

from typing import Literal

from proven.errors import ProvenError
from proven.judge import judge
from proven.record import Record, difference, key_of, load, save
from proven.scenario import Mode
from proven.snippet import Snippet

Verdict = Literal["new", "changed", "renewed", "same", "failed"]


def fresh(snippet: Snippet, mode: Mode) -> bool:
    """Whether the kept record was made from what there is now."""
    kept = load(snippet, mode)
    return kept is not None and kept.key == key_of(snippet)


def keep(snippet: Snippet, mode: Mode, result: Record | ProvenError) -> tuple[Verdict, str]:
    """Write the record where it differs; a verdict, and what there is to say.

    `renewed`: the run came out the same from another source. `failed`: nothing is
    written, the kept record stays.
    """
    if isinstance(result, ProvenError):
        return "failed", str(result)
    problem = judge(snippet, result)
    if problem:
        return "failed", "\n".join([problem, *result.console[-12:]])
    kept = load(snippet, mode)
    diff = difference(kept, result)
    if kept is not None and not diff and kept.key == result.key:
        return "same", ""
    save(result, snippet)
    if kept is None:
        return "new", ""
    return ("changed", diff) if diff else ("renewed", "")
