"""What shows a claim, in a cell of a table: each run with what came of it, each test by name."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from functools import cache

from proven.errors import ProvenError
from proven.html import Html, h, join
from proven.judge import harm
from proven.page.icons import icon
from proven.page.pieces import tone
from proven.project import Project, Run
from proven.record import Record

_WORDS = {
    "marimo": r"\bmarimo\b|\bmo\.|@app\b|\bcells?\b|\bwidgets?\b|\beditor\b|\bnotebooks?\b",
    "Prefect": r"\bPrefect\b|@task|@flow|\bflows?\b|\btasks?\b|\bworkers?\b|\bdeploy",
    "uv": r"\buv\b|PEP 723|\bheader\b|\bdependenc",
    "pytest": r"\bpytest\b|\btests?\b",
}
PACKAGES = tuple(_WORDS)
"""What a claim can speak of, by the words in it."""


def speaks_of(text: str) -> str:
    """The packages that a claim speaks of, with spaces between."""
    return " ".join(name for name, words in _WORDS.items() if re.search(words, text))


def address(kind: str, text: str) -> str:
    """The id of a claim: its first words, and a number that its whole text gives.

    It stays when claims before it come or go.
    """
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].rstrip("-")
    return f"{kind}-{words}-{number(text)}"


def number(text: str) -> str:
    """Four digits that tell a text from the others of its page."""
    return f"{zlib.crc32(text.encode()) & 0xFFFF:04x}"


def listed(
    proofs: Iterable[str], shown: Mapping[str, str], project: Project, *, tasks: bool = True
) -> str:
    """The proofs as Markdown, a line each; a run leads to where it is shown.

    Args:
        proofs: runs and tests.
        shown: the link to the place where each run is shown.
        project: whose runs they are.
        tasks: draw the task runs of each run, too.
    """
    return "<br>".join(_listed(proof, shown, project, tasks) for proof in proofs)


def _listed(proof: str, shown: Mapping[str, str], project: Project, tasks: bool) -> str:
    if proof.startswith("tests/"):
        return f"`{proof}`"
    try:
        run = project.run(proof)
        drawn = _drawn(run, run.path.stat().st_mtime_ns, tasks)
    except (ProvenError, OSError):
        drawn = Html()  # the check of the page says so
    return drawn + (f"[`{proof}`]({shown[proof]})" if proof in shown else f"`{proof}`")


# Many claims are shown by the same runs.
@cache
def _drawn(run: Run, changed: int, tasks: bool) -> Html:
    """A run in a few shapes: what came of it, then each of its task runs."""
    record = run.record
    if record is None:
        return Html()
    word = "harm" if harm(run, record) else "passed" if record.passed else "failed"
    states = _states(record) if tasks else []
    shapes = [icon(tone(word), word), *(icon(tone(state)) for state in states)]
    return h("span", join(shapes), class_="claim-run", title=_said(word, states))


def _states(record: Record) -> list[str]:
    """The states of the first task runs; more would be a pattern and no picture."""
    tasks = [*(t for flow in record.flows for t in flow.tasks), *record.tasks]
    return [task.state for task in tasks[:6]]


def _said(word: str, states: list[str]) -> str:
    return f"{word}; task runs: {', '.join(states)}" if states else word
