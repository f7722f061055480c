"""Keep of pytest's report what the next run says again.

pytest's head names versions, its last line a duration, and its tracebacks go through
libraries, whose lines move with each release. All of it stands at known places.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from pathlib import Path

from proven.record import Error
from proven.run.ends import ended
from proven.run.job import Job

WIDTH = 100
_LAST = re.compile(r"^=+ (?P<what>.+ in )\d+\.\d\ds(?: \(\d+:\d\d:\d\d\))? =+$")
_TITLE = re.compile(r"^_+ .+ _+$")
_RULE = re.compile(r"^(?:_ )+_?$")
_SHORT = re.compile(r"^(?P<file>\S.*):\d+: in .+$")
_PLACE = re.compile(r"^(?P<file>\S.*):\d+: ?[\w.]*$")
_RAISED = re.compile(r"^E +")
_MARKER = re.compile(r"^\s+[~^]+\s*$")
_CHAINED = ("The above exception was", "During handling of the above")
_FOREIGN = ("site-packages/", "python/", "venv/", "/", "<frozen ")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def tidy(lines: list[str], xml: str = "") -> list[str]:
    """The report from where it collects; `xml` is the file that it says it wrote."""
    start = next((i for i, line in enumerate(lines) if line.startswith("collect")), 0)
    body = [line for line in lines[start:] if not (xml and f"generated xml file: {xml}" in line)]
    last = max((i for i, line in enumerate(body) if _LAST.match(line)), default=-1)
    if last >= 0 and (found := _LAST.match(body[last])):
        body[last] = f"{found['what']}…s"
    return list(_summary(own_frames(body)))


def _summary(lines: Iterable[str]) -> Iterator[str]:
    """Which tests failed; why is cut there to the width of a line, maybe amid a folder's name."""
    inside = False
    for line in lines:
        inside = inside or (len(line) >= WIDTH and line.strip("=") == " short test summary info ")
        cut = inside and line.startswith(("FAILED ", "ERROR "))
        yield line.partition(" - ")[0] if cut else line


def own_frames(lines: list[str]) -> Iterator[str]:
    """The report, its tracebacks cut down to what is not a library's."""
    entry: list[str] = []
    inside = False
    for line in lines:
        title = len(line) >= WIDTH and bool(_TITLE.match(line)) and not _RULE.match(line)
        ends = len(line) >= WIDTH and line.startswith(("---", "==="))
        if inside and (title or ends or _starts_entry(line)):
            yield from _entry(entry)
            entry = []
        if title or ends:
            inside = title
            yield line
        elif inside:
            entry.append(line)
        else:
            yield line
    yield from _entry(entry)


def _starts_entry(line: str) -> bool:
    return bool(_RULE.match(line) or _SHORT.match(line)) or line.startswith(_CHAINED)


def _entry(lines: list[str]) -> Iterator[str]:
    """One frame of a traceback; of a library's, what was raised and no more."""
    places = [m for line in lines if (m := _SHORT.match(line) or _PLACE.match(line))]
    if places and places[-1]["file"].startswith(_FOREIGN):
        raised = [_RAISED.sub("E   ", line) for line in lines if _RAISED.match(line)]
        yield from (raised or ["…"])
    else:
        yield from (line.rstrip() for line in lines if not _MARKER.match(line))


def failed(job: Job, xml: Path, exit: int) -> Error:
    """The first test that failed, or why there was none."""
    if exit == 5:
        return Error("NoTests", "the notebook has no tests: pytest collected nothing")
    found = _first(xml)
    if found is None:
        why = ended(job, exit)
        return why if why.line else Error(f"pytest exit {exit}", "pytest ended without a report")
    # Of a chain of exceptions pytest shows the cause first; the last one is what came out.
    text = found.text or ""
    for word in _CHAINED:
        text = text.rpartition(word)[2]
    lines = [line[2:].strip() for line in text.splitlines() if line.startswith("E ")]
    message = lines[0] if lines else (found.get("message") or "").partition("\n")[0]
    kind, _, rest = message.partition(": ")
    places = re.findall(rf"^{re.escape(job.name)}:(\d+): ", found.text or "", re.M)
    line = int(places[0]) if places else 0
    cell = job.snippet.cell_at(line) if line else None
    kind = kind if rest else "Failed"
    return Error(kind, job.scrub.text(rest or message), cell.name if cell else "", line)


def _first(xml: Path) -> ET.Element | None:
    try:
        root = ET.parse(xml).getroot()
    except (OSError, ET.ParseError):
        return None
    for case in root.iter("testcase"):
        for kind in ("failure", "error"):
            if (found := case.find(kind)) is not None:
                return found
    return None
