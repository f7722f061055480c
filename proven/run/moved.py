"""Find what a snippet writes anew in each run, by two runs of the same."""

from __future__ import annotations

import difflib

from proven.record import Record, comparable


def moved(first: Record, second: Record) -> list[str]:
    """What the two records of one run differ in: a sentence a place, none where they agree."""
    old, new = comparable(first).splitlines(), comparable(second).splitlines()
    found = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            found.append(f"{_said(old[a:b])} became {_said(new[c:d])} in the second run")
    return found


def advice(lines: list[str]) -> str:
    """What moved, and what mends it."""
    return "\n".join(
        [
            "it writes another text in each run:",
            *(f"  {line}" for line in lines),
            "make it steady, or declare it in the sidecar: [[varies]] text = …, why = …",
        ]
    )


def _said(lines: list[str]) -> str:
    return " / ".join(line.strip().rstrip(",") for line in lines) or "nothing"
