"""Put what Prefect, marimo and Python write in a run between marks of this run alone.

    MARK hexadecimal JSON list SEPARATOR text SEPARATOR traceback MARK-END

A mark holds a random token, so no notebook prints one by chance. Imported by path in
processes that know nothing of `proven`; it does not change what they do.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # `signal` itself imports much
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from types import CodeType, FrameType, TracebackType
from typing import Any

_TOKEN = os.environ.get("PROVEN_MARK", "")
START, SEPARATOR, END = f"\x1e{_TOKEN}<", f"\x1e{_TOKEN}|", f"\x1e{_TOKEN}>"
_TOOL = 4  # of sys.monitoring: free of debuggers, coverage and profilers
_DEEP = 40  # frames of a note


def marked(fields: list[str], text: str, trace: str = "") -> str:
    """The text between marks; `fields` say whose it is, `trace` is an exception's part."""
    import json

    head = json.dumps(fields).encode().hex()
    return f"{START}{head}{SEPARATOR}{text}{SEPARATOR}{trace}{END}"


def watch() -> None:
    """Begin: what ends the process is noted, and its last traceback marked."""
    sys.excepthook = _uncaught
    monitoring = sys.monitoring
    if monitoring.get_tool(_TOOL) is None:
        monitoring.use_tool_id(_TOOL, "proven")
        monitoring.register_callback(_TOOL, monitoring.events.RAISE, _raised)
        monitoring.set_events(_TOOL, monitoring.events.RAISE)
    ours = os.getpid
    for module, name, what in (
        (os, "_exit", lambda status: ("exit", status)),
        (os, "abort", lambda: ("signal", 6)),
        (os, "kill", lambda pid, number: ("signal", int(number)) if pid in (0, ours()) else None),
        (os, "killpg", lambda group, number: ("signal", int(number)) if _is_ours(group) else None),
        (_signal, "raise_signal", lambda number: ("signal", int(number))),
    ):
        setattr(module, name, _noting(getattr(module, name), what))
    with suppress(OSError):
        import faulthandler  # where the interpreter itself fails, C code says where

        faulthandler.enable(open(f"{os.environ['PROVEN_NOTES']}.crash", "a"))  # noqa: PTH123, SIM115


def _is_ours(group: int) -> bool:
    return group in (0, os.getpgrp())


def _note(kind: str, value: object, frames: Iterable[object]) -> None:
    """Append a line to the run's notes; one that can't be written changes nothing."""
    import json

    with suppress(Exception), open(os.environ["PROVEN_NOTES"], "a", encoding="utf-8") as notes:  # noqa: PTH123
        notes.write(json.dumps([os.getpid(), kind, value, list(frames)]) + "\n")


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What Python does with an exception that nobody caught, between marks."""
    import traceback

    text = "".join(traceback.format_exception(kind, error, trace)).removesuffix("\n")
    said = ""
    with suppress(Exception):
        said = str(error)
    _note("raised", kind.__name__, [["", 0, said], *_walk(trace)])
    print(marked(["python"], "", text), file=sys.stderr, flush=True)


def _walk(trace: TracebackType | None) -> Iterator[tuple[str, int]]:
    while trace is not None:
        yield trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next


_last: list[BaseException] = []


def _raised(code: CodeType, offset: int, error: BaseException) -> None:
    """Called for every exception; one that ends the process is noted, where it began."""
    if isinstance(error, SystemExit) and error not in _last:
        _last[:] = [error]  # it is raised anew in each frame on its way out
        status = error.code
        _note("exit", status if isinstance(status, int) else int(status is not None), _stack())


def _stack() -> list[tuple[str, int]]:
    frames: list[tuple[str, int]] = []
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and len(frames) < _DEEP:
        frames.append((frame.f_code.co_filename, frame.f_lineno))
        frame = frame.f_back
    return frames[::-1]


def _noting(
    function: Callable[..., Any], what: Callable[..., tuple[str, int] | None]
) -> Callable[..., Any]:
    """The function, which notes that it ends the process."""
    import functools

    @functools.wraps(function)
    def noting(*args: Any, **more: Any) -> Any:
        with suppress(Exception):
            if end := what(*args, **more):
                _note(*end, _stack())
        return function(*args, **more)

    return noting
