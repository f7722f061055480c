"""Say whether a run gave what its snippet promises; two-sided for wrong snippets."""

from __future__ import annotations

from proven.errors import ProvenError
from proven.probes import PROBES, Probe
from proven.project import Run
from proven.record import Record
from proven.sidecar import Wrong


def judge(run: Run, record: Record) -> str | None:
    """None where the run is as expected; otherwise what was expected and what came.

    A right snippet passes. A wrong one goes wrong in the way that its sidecar
    declares: it is refused when it passes, and when it fails for another reason.
    """
    wrong = run.scenario.wrong.get(run.mode)
    if wrong is None:
        return None if record.passed else f"snippets/{run} failed: {record.error or record.exit}"
    found = _mismatch(run, record, wrong)
    return f"snippets/{run} is expected to be wrong, but {found}" if found else None


def _mismatch(run: Run, record: Record, wrong: Wrong) -> str | None:
    if wrong.kind == "harm":
        return _no_harm(run, record, wrong)
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


def _no_harm(run: Run, record: Record, wrong: Wrong) -> str | None:
    try:
        probe = probe_of(wrong)
    except ProvenError as e:
        return str(e)
    if not record.passed:
        return f"it failed where it should run and do harm: {record.error}"
    if probe(run.snippet, record) is None:
        return f"the probe {wrong.probe} sees no harm"
    right = run.project.run(f"{wrong.right}::{run.mode}")
    kept = right.record
    if kept is None:
        return f"its right sibling {wrong.right} has no record to probe"
    seen = probe(right.snippet, kept)
    return f"the probe {wrong.probe} is red on {wrong.right} too: {seen}" if seen else None


def harm(run: Run, record: Record) -> str:
    """What the declared probe sees in a run that passes and does harm; empty for any other.

    Raises:
        ProvenError: the sidecar names a probe that there is not.
    """
    wrong = run.scenario.wrong.get(run.mode)
    if wrong is None or wrong.kind != "harm":
        return ""
    return probe_of(wrong)(run.snippet, record) or ""


def probe_of(wrong: Wrong) -> Probe:
    """The probe of this expectation.

    Raises:
        ProvenError: there is none of this name; the message lists those that exist.
    """
    if wrong.probe not in PROBES:
        there = ", ".join(sorted(PROBES))
        raise ProvenError(f"there is no probe {wrong.probe!r}; there are: {there}")
    return PROBES[wrong.probe]
