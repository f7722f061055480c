"""Take out of a run's text what differs from run to run, and nothing else.

Each filter is narrow: it replaces one volatile thing by a word that names it. A
test changes every value that a record keeps and sees the comparison go red.
"""

from __future__ import annotations

import getpass
import re
import socket
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

_UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_FILTERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\x1b\[[0-9;?]*[A-Za-z]"), ""),  # colours
    (re.compile(r"(?m)^\d\d:\d\d:\d\d\.\d{3} \| "), ""),  # Prefect's clock
    (_UUID, "<id>"),
    (re.compile(r"\b(127\.0\.0\.1|localhost|0\.0\.0\.0):\d{2,5}\b"), r"\1:4200"),
    (re.compile(r"(?m)^\[([EWI]) \d{6} \d\d:\d\d:\d\d (\w+):\d+\]"), r"[\1 \2]"),  # marimo's log
    (re.compile(r"\b0x[0-9a-f]{6,}\b"), "0x…"),
    (re.compile(r"\bin \d+\.\d+s\b(?: \(\d+:\d\d:\d\d\))?"), "in …s"),  # pytest's clock
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"\bPID:? \d+"), "PID <pid>"),
    (re.compile(r"\bwill start \d+\.\d{4,} second"), "will start … second"),  # jitter
    (re.compile(r" random-id=(['\"])<id>\1"), ""),  # marimo's name for a widget's life
)
_FRAME = re.compile(r'^  File "(?P<file>.+)", line (?P<line>\d+), in ')
# What uv says about its cache before it runs anything, and Prefect of events that a
# loaded machine has not sent yet when a process ends.
_CHATTER = re.compile(
    r"^WARNING +\| EventsWorker - Still processing items: \d+ items remaining\.\.\.$"
    r"|^(?:(?:Resolved|Prepared|Installed|Uninstalled|Audited) \d+ packages? in "
    r"| *(?:Downloading|Downloaded|Building|Built) \S+)"
)
# Dask's worker asks once more while its scheduler already ends, on a loaded machine.
_LAST_HEARTBEAT = re.compile(
    r"(?m)^ERROR +\| distributed\.worker - "
    r"Failed to communicate with scheduler during heartbeat\.\n"
    r"(?:(?:|Traceback .*| .*|The above .*|tornado\.iostream\.StreamClosedError: .*)\n)*"
    r"distributed\.comm\.core\.CommClosedError: .*\n?"
)
_MARKER = re.compile(r"^\s+[~^]+\s*$")


class Scrub:
    """The filters, with the folder and the names of one run."""

    def __init__(self, folder: Path) -> None:
        packages = sysconfig.get_paths()["purelib"]
        stdlib = sysconfig.get_paths()["stdlib"]
        self._literal: dict[str, str] = {}
        for path in (folder, folder.resolve()):
            self._literal[f"{path}/"] = ""
            self._literal[str(path)] = "."
        self._literal[packages] = "site-packages"
        self._literal[stdlib] = "python"
        self._literal[sys.prefix] = "venv"
        self._words: dict[str, str] = {}
        host = socket.gethostname()
        if len(host) > 3 and host != "localhost":
            self._words[host] = "<host>"
        self._user = getpass.getuser()

    def path(self, path: Path, stable: str) -> None:
        """From now on, call this folder by a stable name."""
        self._literal = {str(p): stable for p in (path.resolve(), path)} | self._literal

    def name(self, word: str, stable: str) -> None:
        """From now on, call this random name by a stable one."""
        self._words[word] = stable

    def text(self, text: str) -> str:
        """Any text, HTML included."""
        for old, new in self._literal.items():
            text = text.replace(old, new)
        for pattern, new in _FILTERS:
            text = pattern.sub(new, text)
        for word, stable in self._words.items():
            text = re.sub(rf"(?<![\w-]){re.escape(word)}(?![\w-])", stable, text)
        return text.replace(f"/home/{self._user}/", "~/")

    def lines(self, text: str) -> list[str]:
        """Console text as lines: tracebacks cut down to the snippet's own frames."""
        text = _LAST_HEARTBEAT.sub("", self.text(text))
        lines = [line.rstrip() for line in text.splitlines() if not _CHATTER.match(line)]
        while lines and not lines[-1]:
            lines.pop()
        return list(_own_frames(lines))


def _own_frames(lines: Iterable[str]) -> Iterable[str]:
    """Drop frames of libraries: they differ between versions and say little.

    Python marks the failing columns with ^ since 3.11 and otherwise since 3.13:
    the marker lines go too.
    """
    foreign = dropped = False
    for line in lines:
        frame = _FRAME.match(line)
        if frame:
            file = frame["file"]
            foreign = file.startswith(("site-packages", "python", "venv", "<frozen", "/"))
            if foreign and not dropped:
                dropped = True
                yield "  …"
        elif not line.startswith("    "):
            foreign = False
        if foreign or _MARKER.match(line):
            continue
        if frame or not line.startswith("    "):
            dropped = False
        yield line
