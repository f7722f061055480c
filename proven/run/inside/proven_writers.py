"""Let the log lines of Prefect and marimo, their tracebacks and warnings mark themselves.

The modules that write them are changed once they are imported, and only where the text
leaves them: what they write stays the same, between marks.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import proven_marks

marked: Callable[..., str] = proven_marks.marked
Line = Callable[[Any, str, str], str]


def watch() -> None:
    """Begin."""
    import warnings

    sys.meta_path.insert(0, _Importing())
    vars(warnings)["formatwarning"] = _warning(warnings.formatwarning)


class _Importing:
    """Changes a module when it has been imported."""

    def __init__(self) -> None:
        self._wanted: dict[str, Callable[[ModuleType], None]] = {
            "marimo._messaging.tracebacks": lambda m: vars(m).update(sys=_Sys()),
            "marimo._utils.log_formatter": lambda m: _wrap(m.LogFormatter, _marimo_line),
            "prefect.logging.formatters": lambda m: _wrap(m.PrefectFormatter, _prefect_line),
        }

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        change = self._wanted.pop(name, None)
        if change is None:
            return None
        import importlib.util

        spec: Any = importlib.util.find_spec(name)
        run = spec.loader.exec_module

        def run_and_change(module: ModuleType) -> None:
            run(module)
            change(module)

        spec.loader.exec_module = run_and_change
        return spec


def _wrap(formatter: Any, line: Line) -> None:
    plain = formatter.format
    formatter.format = lambda self, record: line(record, *_split(plain(self, record), record))


def _split(text: str, record: Any) -> tuple[str, str]:
    """The message, and the traceback that the formatter put behind it."""
    trace = record.exc_text or ""
    if trace and text.endswith(trace):
        return text[: -len(trace)].removesuffix("\n"), trace
    return text, ""


def _marimo_line(record: Any, message: str, trace: str) -> str:
    clock = message.find("] ") + 2
    return marked(["marimo", record.levelname, record.name], message[clock:], trace)


def _prefect_line(record: Any, message: str, trace: str) -> str:
    clock = f"{getattr(record, 'asctime', '')}.{int(record.msecs):03d} | "
    run = ("flow_run_id", "flow_run_name", "task_run_id", "task_run_name", "task_name")
    fields = ["prefect", record.levelname, record.name, record.pathname]
    fields += [str(getattr(record, name, None) or "") for name in run]
    line = marked(fields, message.removeprefix(clock), trace)
    if file := os.environ.get("PROVEN_LOG"):  # under a worker, whose output is that of all runs
        with open(file, "a", encoding="utf-8") as log:  # noqa: PTH123
            log.write(line)
    return line


class _Sys:
    """The module `sys` for marimo's writer of tracebacks: in an app it writes to the terminal."""

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)

    @property
    def stderr(self) -> Any:
        terminal = sys.stderr
        return terminal if type(terminal).__name__ == "Stderr" else _Marking(terminal)


class _Marking:
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        trace = text.removesuffix("\n")
        self._stream.write(marked(["marimo", "ERROR", "traceback"], "", trace) + "\n")


def _warning(plain: Callable[..., str]) -> Callable[..., str]:
    """Warnings about a library's line, between marks: it moves with each release."""

    def format(
        message: Any, category: type[Warning], filename: str, lineno: int, line: str | None = None
    ) -> str:
        if not filename.startswith((sys.prefix, sys.base_prefix)):
            return plain(message, category, filename, lineno, line)
        # Without the library's own line below it.
        text = f"{filename}:{lineno}: {category.__name__}: {message}"
        return marked(["warning"], text) + "\n"

    return format
