"""Replace in a run's text what the run itself made up: known, never guessed.

A run tells what is its own: its folders, the ports that were opened for it, and the ids,
names and storage keys that Prefect gave in it. Each is replaced wherever it stands, by a
word that names it. What merely looks like one of them stays: it is the notebook's. The few
patterns below (`ENGINE`, `SHOWN`) are for text that the notebook did not write.
"""

from __future__ import annotations

import html
import json
import re
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

PACKAGES = sysconfig.get_paths()["purelib"]
STDLIB = sysconfig.get_paths()["stdlib"]
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HEX = re.compile(r"[0-9a-f]{32}")
_WORD = re.compile(r"[\w-]+")
_PORT = re.compile(r"\b(127\.0\.0\.1|localhost|0\.0\.0\.0):(\d{2,5})\b")


@dataclass(frozen=True)
class Replacement:
    """What is replaced by what, and why it can't stay."""

    pattern: re.Pattern[str]
    by: str
    why: str


ENGINE = (
    Replacement(
        re.compile(r"(?<= will start )\d+\.\d{4,}(?= second\(s\) from now$)"),
        "…",
        "the jitter of a retry is random; four digits or more, so a delay that was given stays",
    ),
    Replacement(
        re.compile(r"(?<=`retry_condition_fn` check '<function )(\S+) at 0x[0-9a-f]+(?=>')"),
        r"\1 at 0x…",
        "where a function lies in memory",
    ),
    Replacement(
        re.compile(r"^(?P<file>(?:site-packages|python|venv)/\S+):\d+: (?=\w*Warning: )"),
        r"\g<file>: ",
        "the line of a library that Python warns about",
    ),
    Replacement(
        re.compile(r"(?<=^An internal error occurred: )[0-9a-f-]{36}$"),
        "<id>",
        "marimo numbers what goes wrong by chance",
    ),
    Replacement(
        re.compile(
            r"(?<= - (?:Starting|Stopping) temporary server on http://127\.0\.0\.1:)\d+$", re.M
        ),
        "…",
        "Prefect takes a port that is free",
    ),
    Replacement(
        re.compile(r"(?<= - The Dask dashboard is available at http://127\.0\.0\.1:)\d+(?=/)"),
        "8787",
        "Dask takes another port where this one is in use",
    ),
    Replacement(
        re.compile(r"^\(error_id=\S+\) "),
        "",
        "marimo numbers what goes wrong by chance",
    ),
    Replacement(
        re.compile(r"(?<=https://docs\.prefect\.io/)\S+|(?<=https://www\.prefect\.io/docs/)\S+"),
        "…",
        "Prefect's documentation moves from release to release",
    ),
)
"""In log messages whose words are Prefect's own or a library's."""

SHOWN = (
    Replacement(
        re.compile(r"(<marimo-[a-z-]+ object-id='[^']*') random-id='[0-9a-f-]{36}'"),
        r"\1",
        "marimo's name for one life of a widget",
    ),
    Replacement(
        re.compile(r"(?<=ResultRecordMetadata\(storage_key=)('|&#x27;)(?:[^'&]*/)?[0-9a-f]{32}\1"),
        r"\1<key>\1",
        "the key of a result that was never stored, so the API has not heard of it",
    ),
)
"""In what a cell shows: marimo's HTML, and objects of Prefect as they print themselves."""

_FRAME = re.compile(r'^(?P<indent> *)File "(?P<file>.+)", line (?P<line>\d+)(?:, in .+)?$')
_FOREIGN = ("site-packages/", "python/", "venv/", "<frozen ", "/")
_MARKER = re.compile(r"^\s+[~^]+\s*$")


class Scrub:
    """What one run knows of itself."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}
        self._ports: dict[str, str] = {}
        self._ids: set[str] = set()
        self._keys: set[str] = set()
        self._names: dict[str, list[tuple[str, str]]] = {}
        self.tasks: dict[str, str] = {}
        """Names of task runs by id: of many, two may have got the same three letters."""
        self._varies: list[tuple[re.Pattern[str], str]] = []
        self.varied: set[str] = set()
        """The expressions of `vary` that something matched."""
        for folder, stable in ((PACKAGES, "site-packages"), (STDLIB, "python")):
            self.folder(Path(folder), stable)
        self.folder(Path(sys.prefix), "venv")

    def folder(self, path: Path, stable: str, *, bare: bool = False) -> None:
        """From now on, call this folder by a stable name, however it is spelt.

        `.` is the working directory: what lies in it has no folder in front. `bare`: also
        as an archive names it, without the first slash; for a folder of this run alone.
        """
        for place in (str(path), str(path.resolve())):
            names = (place, place.lstrip("/")) if bare else (place,)
            for spelling in (x for name in names for x in _spellings(name)):
                if stable == ".":
                    self._places[spelling + "/"] = ""
                self._places[spelling] = stable
        # The longest first: a folder inside another one has a name of its own.
        self._places = dict(sorted(self._places.items(), key=lambda x: -len(x[0])))

    def port(self, number: int, stable: int) -> None:
        """From now on, call this port that was opened for the run by a stable number."""
        self._ports[str(number)] = str(stable)

    def ids(self, known: Iterable[str]) -> None:
        """From now on, these ids are `<id>`."""
        self._ids.update(known)

    def keys(self, known: Iterable[str]) -> None:
        """From now on, these storage keys are `<key>`."""
        self._keys.update(known)

    def name(self, word: str, stable: str) -> None:
        """From now on, call this made-up name by a stable one."""
        tail = _WORD.findall(word)[-1]
        self._names.setdefault(tail, []).append((word, stable))

    def vary(self, expression: str, why: str) -> None:
        """From now on, what this finds is called by why it varies: its author declares it."""
        self._varies.append((re.compile(expression, re.M), why))

    def text(self, text: str) -> str:
        """Any text, HTML included."""
        text = readable(text)
        for old, new in self._places.items():
            text = text.replace(old, new)
        if self._ports:
            text = _PORT.sub(self._known_port, text)
        if self._ids:
            text = _UUID.sub(lambda m: "<id>" if m[0] in self._ids else m[0], text)
        if self._keys:
            text = _HEX.sub(lambda m: "<key>" if m[0] in self._keys else m[0], text)
        text = self._named(text) if self._names else text
        for pattern, why in self._varies:
            text = pattern.sub(partial(self._varied, why), text)
        return text

    def _varied(self, why: str, match: re.Match[str]) -> str:
        self.varied.add(match.re.pattern)
        part = 1 if match.re.groups else 0
        start, end = match.start(part) - match.start(), match.end(part) - match.start()
        return f"{match[0][:start]}⟨{why}⟩{match[0][end:]}"

    def shown(self, text: str) -> str:
        """What a cell shows."""
        text = self.text(text)
        for each in SHOWN:
            text = each.pattern.sub(each.by, text)
        return text

    def engine(self, text: str) -> str:
        """A log message whose words are not the notebook's."""
        text = self.text(text)
        for each in ENGINE:
            text = each.pattern.sub(each.by, text)
        return text

    def trace(self, text: str) -> str:
        """A traceback that Python, Prefect or marimo wrote: the run's own frames alone."""
        return "\n".join(_own_frames(self.text(text).split("\n")))

    def _known_port(self, match: re.Match[str]) -> str:
        return f"{match[1]}:{self._ports.get(match[2], match[2])}"

    def _named(self, text: str) -> str:
        """The text with its names replaced: one walk, however many names there are."""
        parts, done = [], 0
        for word in _WORD.finditer(text):
            for full, stable in self._names.get(word[0], ()):
                start = word.end() - len(full)
                if start >= done and text.startswith(full, start) and _alone(text, start):
                    parts += [text[done:start], stable]
                    done = word.end()
                    break
        return "".join([*parts, text[done:]])


def readable(text: str) -> str:
    """The text, what no file can hold as text escaped: half a letter, a byte of a name."""
    return text if text.isascii() else text.encode(errors="backslashreplace").decode()


def _alone(text: str, start: int) -> bool:
    return start == 0 or not (text[start - 1].isalnum() or text[start - 1] in "_-")


def _spellings(place: str) -> dict[str, None]:
    """As it is, in a URL and in its query, in HTML, in JSON, and printed by `repr`."""
    written = json.dumps(place)[1:-1]
    inner = [place, quote(place), quote(place, safe=""), written, repr(place)[1:-1]]
    inner.append(written.replace("/", "\\/"))  # where JSON stands in a script
    return dict.fromkeys(x for text in inner for x in (text, html.escape(text)))


def _own_frames(lines: Iterable[str]) -> Iterable[str]:
    """Drop frames of libraries: they differ between versions and say little.

    Python marks the failing columns with ^ since 3.11 and otherwise since 3.13, and prints
    a call over several lines whole since 3.13: the first line of a frame stays.
    """
    foreign = dropped = False
    depth, shown = -1, 0
    for line in lines:
        frame = _FRAME.match(line)
        indent = len(line) - len(line.lstrip(" "))
        if frame and frame["indent"]:
            depth, shown = len(frame["indent"]), 0
            foreign = frame["file"].startswith(_FOREIGN)
            if foreign and not dropped:
                dropped = True
                yield f"{frame['indent']}…"
        elif indent > depth >= 0:
            shown += 1
        else:
            foreign, depth = False, -1
        if foreign or (depth >= 0 and (shown > 1 or _MARKER.match(line))):
            continue
        if frame or depth < 0:
            dropped = False
        yield line
