"""All benches: how many there may be, which one is next, when one is cleared away."""

from __future__ import annotations

import contextlib
import logging
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from websockets.exceptions import WebSocketException

from proven.errors import ProvenError
from proven.live import broom
from proven.live.api import Prefect
from proven.live.bench import Bench
from proven.live.server import View
from proven.project import Project
from proven.run.process import tidy
from proven.sidecar import scenario
from proven.snippet import Snippet

log = logging.getLogger("mkdocs.proven.live")


@dataclass(frozen=True)
class Limits:
    """What `extra.live` of mkdocs.yml may set."""

    notebooks: int = 8
    """Live at once; each is 200 to 300 MB."""
    starting: int = 2
    """Started at once; the others wait their turn."""
    unseen: float = 60
    """Seconds after which a notebook is ended that no page shows."""
    unused: float = 3600
    """Seconds after which a notebook is ended that nobody does anything with."""


class Room:
    """The live notebooks of one `mkdocs serve`. Nothing is started before the first `open`."""

    def __init__(self, project: Project, site: str, limits: Limits) -> None:
        self._project = project
        self._site = site
        self._limits = limits
        self._benches: dict[str, Bench] = {}
        self._spare: Bench | None = None
        self._lock = threading.RLock()
        self._turn = threading.Semaphore(limits.starting)
        self._folder: Path | None = None
        self._broom: subprocess.Popen[bytes] | None = None
        self._prefect: Prefect | None = None
        self._closed = False

    def open(self, name: str, view: View, id_: str = "") -> tuple[Bench, str]:
        """Show a notebook: on its bench `id_`, where that is still right, or on a new one.

        Raises:
            ProvenError: no such notebook, too many of them, or it did not start.
        """
        snippet = self._project.find(name)
        if not snippet.is_notebook:
            raise ProvenError(f"{name} is not a notebook")
        with self._turn:
            bench = self.get(id_)
            if bench is not None and not (bench.snippet == snippet and bench.fresh):
                self.stop(id_, "its file has changed")
                bench = None
            if bench is None:
                bench = self._take(snippet)
            try:
                return bench, bench.show(view)
            except Exception:
                self.stop(bench.id, "it did not start")
                raise

    def get(self, id_: str) -> Bench | None:
        """The bench of this id, if it is alive."""
        with self._lock:
            bench = self._benches.get(id_)
        return bench if bench is not None and bench.alive else None

    def stop(self, id_: str, why: str = "by its Stop button") -> None:
        """End one notebook."""
        with self._lock:
            bench = self._benches.pop(id_, None)
        if bench is not None:
            bench.stop(why)

    def shown(self, name: str) -> None:
        """A notebook is up: get ready for a flow, and for the next notebook."""
        with self._lock:
            if self._closed or self._prefect is None:
                return
            self._prefect.start()
            if self._spare is None or not self._spare.alive:
                self._spare = self._new({})
        self.likely(name)

    def likely(self, name: str) -> None:
        """Somebody may open this notebook next; before the first one, nothing is done."""
        with self._lock:
            spare = None if self._closed else self._spare
        if spare is not None:
            threading.Thread(
                target=self._warm, args=(spare, self._project.find(name)), daemon=True
            ).start()

    @property
    def prefect(self) -> Prefect | None:
        """The Prefect API, once a notebook was opened."""
        return self._prefect

    def close(self) -> None:
        """End everything; leave nothing."""
        with self._lock:
            self._closed = True
            benches = list(self._benches.values())
            benches += [self._spare] if self._spare else []
            self._benches.clear()
        if self._folder is None:
            return
        enders = [
            threading.Thread(target=b.stop, args=("the site server has ended",)) for b in benches
        ]
        for ender in enders:
            ender.start()
        for ender in enders:
            ender.join()
        if self._prefect is not None:
            self._prefect.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
        tidy()
        if self._broom is not None and self._broom.stdin is not None:
            self._broom.stdin.close()

    def _warm(self, spare: Bench, snippet: Snippet) -> None:
        # One with an environment of its own will not get the spare.
        try:
            spare.prepare(None if scenario(snippet).env else snippet)
        except (ProvenError, OSError, WebSocketException, httpx.HTTPError) as e:
            log.debug("live: no spare: %s", e)
            with self._lock:
                if self._spare is spare:
                    self._spare = None
            spare.stop("it did not start")

    def _take(self, snippet: Snippet) -> Bench:
        extra = scenario(snippet).env
        with self._lock:
            if self._closed:
                raise ProvenError("the site server is going down")
            alive = [b for b in self._benches.values() if b.alive]
            if len(alive) >= self._limits.notebooks:
                raise ProvenError(f"{len(alive)} notebooks are live already: stop one first")
            # An environment of its own can't be given to a server that runs.
            bench = self._spare if not extra and self._spare and self._spare.alive else None
            if bench is not None:
                self._spare = None
            else:
                bench = self._new(extra)
            self._benches[bench.id] = bench
        bench.take(snippet)
        return bench

    def _new(self, extra: dict[str, str]) -> Bench:
        folder = self._open_folder()
        if self._prefect is None:
            self._prefect = Prefect(folder / "prefect", self._site)
        return Bench(folder, self._prefect, extra)

    def _open_folder(self) -> Path:
        """The one folder that everything is in: only its owner may look into it."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="live-notebooks-"))
            command = [sys.executable, str(broom.__file__), str(self._folder)]
            self._broom = subprocess.Popen(
                command, stdin=subprocess.PIPE, start_new_session=True, cwd="/"
            )
            threading.Thread(target=self._clear_away, daemon=True).start()
        return self._folder

    def _clear_away(self) -> None:
        while not self._closed:
            time.sleep(1)
            for bench in self._over():
                why = "no page shows it" if not bench.viewers else "nobody uses it"
                log.info("live: ended %s: %s", bench.snippet and bench.snippet.name, why)
                with contextlib.suppress(Exception):
                    self.stop(bench.id, why)

    def _over(self) -> Iterator[Bench]:
        now = time.monotonic()
        with self._lock:
            benches = list(self._benches.values())
            if self._spare is not None and now - self._spare.used > self._limits.unused:
                self._benches[self._spare.id], self._spare = self._spare, None
        for bench in benches:
            unseen = not bench.viewers and now - bench.seen > self._limits.unseen
            if unseen or now - bench.used > self._limits.unused:
                yield bench
