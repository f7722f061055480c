"""SIGINT, SIGTERM and SIGHUP end what runs here in the same way, and once."""

from __future__ import annotations

import signal
import threading
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def end_on_signals() -> None:
    """Raise KeyboardInterrupt in the main thread at the first signal, ignore those after it."""
    if _in_main_thread():
        for number in _SIGNALS:
            # One that is ignored stays so: a shell does that to what it starts behind it.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _end)


def ignore_signals() -> None:
    """Ignore all signals from now on: a second one must not leave half behind."""
    if _in_main_thread():
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)


def _end(number: int, frame: FrameType | None) -> None:
    # `uv run` passes on what a terminal or a supervisor has already sent to us.
    ignore_signals()
    raise KeyboardInterrupt


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
