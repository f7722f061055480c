"""Under `mkdocs serve`: run what was saved, that alone, and show the page again.

The kept record stays on the page, marked, until the run has ended. A run that
fails keeps nothing: its error stands on the page and in the log, and the server
goes on. The first save starts the Prefect server; closing ends it.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

from proven import update
from proven.errors import ProvenError
from proven.modes import Mode
from proven.project import Project, Run
from proven.run.pool import Pool, own_pool


@dataclass(frozen=True)
class State:
    """Where a run is; `key` is of the source that it runs."""

    key: str
    message: str
    failed: bool = False


class Rerunner:
    """Makes stale runs in the background; `stamp` is touched when one has ended."""

    def __init__(
        self, project: Project, log: logging.Logger | logging.LoggerAdapter[logging.Logger]
    ) -> None:
        self._project = project
        self._log = log
        self.stamp = project.root / ".cache" / "serve" / "stamp"
        self.stamp.parent.mkdir(parents=True, exist_ok=True)
        self._states: dict[str, State] = {}
        # Two saves in a row: the second one does not wait for the runs of the first.
        self._batches = ThreadPoolExecutor(2)
        self._stack = ExitStack()
        self._pool: Pool | None = None
        self._lock = threading.Lock()
        self._closed = False

    def look(self) -> None:
        """Find what is stale and not yet being run; start to run it."""
        try:
            found = [run for run in update.stale(self._project) if self._is_new(run)]
        except ProvenError as e:
            self._log.error(str(e))
            return
        for run in found:
            words = f"{run.snippet.name} was saved; the run below is the one before."
            self._states[str(run)] = State(run.key, f"{words} Running it again ({run.mode}) …")
            self._log.info(f"running {run}")
        if found:
            self._batches.submit(self._renew, found)

    def state(self, run: Run) -> tuple[str, str] | None:
        """What to say of the run of the source that there is now, and in which box."""
        state = self._states.get(str(run))
        if state is None or state.key != run.key:
            return None
        return state.message, "failure" if state.failed else "info"

    def close(self) -> None:
        """End the runs and their Prefect server."""
        self._closed = True
        self._batches.shutdown(wait=False, cancel_futures=True)
        with self._lock:  # a pool that is just being made is ended, too
            self._stack.close()

    def _is_new(self, run: Run) -> bool:
        known = self._states.get(str(run))
        return known is None or known.key != run.key

    def _renew(self, runs: list[Run]) -> None:
        try:
            if pool := self._shared():
                update.renew(pool, runs, self._told)
        except ProvenError as e:
            self._log.error(str(e))

    def _told(self, run: Run, verdict: update.Verdict, text: str) -> None:
        if self._closed or not (state := self._states.get(str(run))):
            return
        if verdict == "failed":
            self._log.error(text)
            self._states[str(run)] = State(state.key, text, failed=True)
        else:
            self._log.info(f"{verdict}: {run}")
            if run.fresh:  # it may have been saved again meanwhile
                self._states.pop(str(run), None)
        self.stamp.write_text(f"{run} {state.key}")

    def _shared(self) -> Pool | None:
        with self._lock:
            if self._pool is None and not self._closed:
                self._pool = self._stack.enter_context(own_pool(list(Mode)))
            return self._pool
