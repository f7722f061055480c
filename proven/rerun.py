"""Under `mkdocs serve`: run what was saved, that alone, and show the page again.

The kept record stays on the page, marked, until the run has ended. A run that
fails keeps nothing: its error stands on the page and in the log, and the server
goes on. The first save starts the Prefect server; closing ends it.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from proven import ledger
from proven.errors import ProvenError
from proven.keep import fresh, keep
from proven.record import Record, key_of
from proven.scenario import Mode, modes
from proven.snippet import Snippet, catalogue
from proven.suite import WORKERS, Suite, own_suite


@dataclass(frozen=True)
class State:
    """Where the run of a snippet in a mode is; `key` is of the source that it runs."""

    key: str
    message: str
    failed: bool = False


class Rerunner:
    """Runs stale snippets in the background; `stamp` is touched when one has ended."""

    def __init__(self, log: logging.Logger | logging.LoggerAdapter[logging.Logger]) -> None:
        self._log = log
        self.stamp = Path(tempfile.mkdtemp(prefix="proven-stamp-")) / "stamp"
        self._states: dict[tuple[str, Mode], State] = {}
        self._pool = ThreadPoolExecutor(WORKERS)
        self._stack = ExitStack()
        self._suite: Suite | None = None
        self._lock = threading.Lock()
        self._closed = False

    def look(self) -> None:
        """Find what is stale and not yet being run; start to run it."""
        for snippet in catalogue():
            for mode in modes(snippet):
                try:
                    if ledger.left_out(snippet, mode) is None and not fresh(snippet, mode):
                        self._start(snippet, mode, key_of(snippet))
                except ProvenError as e:
                    self._log.error(str(e))

    def state(self, snippet: Snippet, mode: Mode) -> tuple[str, str] | None:
        """What to say of the run of the source that there is now, and in which box."""
        state = self._states.get((snippet.name, mode))
        if state is None or state.key != key_of(snippet):
            return None
        return state.message, "failure" if state.failed else "info"

    def close(self) -> None:
        """End the runs and their Prefect server."""
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._stack.close()
        shutil.rmtree(self.stamp.parent, ignore_errors=True)

    def _start(self, snippet: Snippet, mode: Mode, key: str) -> None:
        at = (snippet.name, mode)
        known = self._states.get(at)
        if known and known.key == key:
            return
        self._states[at] = State(
            key, f"{snippet.name} was saved; its {mode} run is being made. This is the run before."
        )
        self._log.info(f"running {snippet.name}::{mode}")
        self._pool.submit(self._run, snippet, mode, key)

    def _run(self, snippet: Snippet, mode: Mode, key: str) -> None:
        try:
            result: Record | ProvenError = self._shared().run(snippet, mode)
        except ProvenError as e:
            result = e
        except Exception as e:  # whatever a snippet does, the server goes on
            result = ProvenError(f"{snippet.name}::{mode}: {type(e).__name__}: {e}")
        if self._closed or key != key_of(snippet):
            return
        verdict, text = keep(snippet, mode, result)
        if verdict == "failed":
            self._log.error(text)
            self._states[snippet.name, mode] = State(key, text, failed=True)
        else:
            self._log.info(f"{verdict}: {snippet.name}::{mode}")
            self._states.pop((snippet.name, mode), None)
        self.stamp.write_text(f"{snippet.name}::{mode} {key}")

    def _shared(self) -> Suite:
        with self._lock:
            if self._suite is None:
                self._suite = self._stack.enter_context(own_suite(worker=True))
            return self._suite
