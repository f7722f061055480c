"""Say whether a run gave what its snippet promises; two-sided for wrong snippets."""

from __future__ import annotations

from pathlib import Path

from proven.probes import PROBES
from proven.record import RECORDS, Record, load
from proven.scenario import Wrong, scenario
from proven.snippet import Snippet, find


def judge(snippet: Snippet, record: Record, records: Path = RECORDS) -> str | None:
    """None where the run is as expected; otherwise what was expected and what came.

    A right snippet passes. A wrong one goes wrong in the way that its sidecar
    declares: it is refused when it passes, and when it fails for another reason.
    """
    here = f"snippets/{record.snippet}::{record.mode}"
    wrong = scenario(snippet).wrong.get(record.mode)
    if wrong is None:
        return None if record.passed else f"{here} failed: {record.error or record.exit}"
    found = _mismatch(snippet, record, wrong, records)
    return f"{here} is expected to be wrong, but {found}" if found else None


def _mismatch(snippet: Snippet, record: Record, wrong: Wrong, records: Path) -> str | None:
    if wrong.kind == "harm":
        return _no_harm(snippet, record, wrong, records)
    if record.passed:
        return f"it passed (expected: {wrong.type}: {wrong.message})"
    if wrong.kind == "rejected":
        # marimo prints the rule, then the code that it means; the message may be of either.
        report = "\n".join(record.console)
        if f"[{wrong.type}]" in report and wrong.message in report:
            return None
        came = next((x for x in record.console if "[" in x), str(record.error))
    else:
        error = record.error
        if error and error.type == wrong.type and wrong.message in str(error):
            return None
        came = str(error)
    return f"for another reason: {came} (expected: {wrong.type}: {wrong.message})"


def _no_harm(snippet: Snippet, record: Record, wrong: Wrong, records: Path) -> str | None:
    if wrong.probe not in PROBES:
        return f"there is no probe {wrong.probe!r}; there are: {', '.join(sorted(PROBES))}"
    probe = PROBES[wrong.probe]
    if not record.passed:
        return f"it failed where it should run and do harm: {record.error}"
    if probe(snippet, record) is None:
        return f"the probe {wrong.probe} sees no harm"
    right = find(wrong.right, snippet.root)
    kept = load(right, record.mode, records)
    if kept is None:
        return f"its right sibling {wrong.right} has no record to probe"
    seen = probe(right, kept)
    return f"the probe {wrong.probe} is red on {wrong.right} too: {seen}" if seen else None
