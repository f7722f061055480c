"""All sessions: how many there may be, which one is next, when one is ended."""

from __future__ import annotations

import contextlib
import logging
import secrets
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
from proven.live import cleanup
from proven.live.prefect import Prefect
from proven.live.server import View
from proven.live.session import Session
from proven.project import Project
from proven.run.process import BYTECODE, tidy
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


class Manager:
    """The live notebooks of one `mkdocs serve`. Nothing is started before the first `open`."""

    def __init__(self, project: Project, site: str, limits: Limits) -> None:
        self._project = project
        self._site = site
        self._limits = limits
        self._sessions: dict[str, Session] = {}
        self._spare: Session | None = None
        self._lock = threading.RLock()
        self._turn = threading.Semaphore(limits.starting)
        self._folder: Path | None = None
        self._cleanup: subprocess.Popen[bytes] | None = None
        self._prefect: Prefect | None = None
        self._closed = False

    def open(self, name: str, view: View, id_: str = "") -> tuple[Session, str]:
        """Show a notebook: in its session `id_`, where that is still right, or in a new one.

        Raises:
            ProvenError: no such notebook, too many of them, or it did not start.
        """
        snippet = self._project.find(name)
        if not snippet.is_notebook:
            raise ProvenError(f"{name} is not a notebook")
        session = self.get(id_)
        if session is not None and not (session.snippet == snippet and session.fresh):
            self.stop(id_, "its file has changed")
            session = None
        if session is None:
            session = self._take(snippet)  # or refuse it now, not when its turn has come
        try:
            with self._turn:
                return session, session.show(view)
        except Exception:
            self.stop(session.id, "it did not start")
            raise

    def get(self, id_: str) -> Session | None:
        """The session of this id, if it is alive."""
        with self._lock:
            session = self._sessions.get(id_)
        return session if session is not None and session.alive else None

    def stop(self, id_: str, why: str = "by its Stop button") -> None:
        """End one notebook."""
        with self._lock:
            session = self._sessions.pop(id_, None)
        if session is not None:
            session.stop(why)

    def shown(self, name: str) -> None:
        """A notebook is up: get ready for a flow, and for the next notebook."""
        with self._lock:
            if self._closed or self._prefect is None:
                return
            self._prefect.start()
            if self._spare is not None and not self._spare.alive:
                self._set_aside(self._spare)
            if self._spare is None:
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
            sessions = list(self._sessions.values())
            sessions += [self._spare] if self._spare else []
            self._sessions.clear()
        if self._folder is None:
            return
        enders = [
            threading.Thread(target=b.stop, args=("the site server has ended",)) for b in sessions
        ]
        for ender in enders:
            ender.start()
        for ender in enders:
            ender.join()
        if self._prefect is not None:
            self._prefect.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
        tidy()
        if self._cleanup is not None and self._cleanup.stdin is not None:
            self._cleanup.stdin.close()

    def _warm(self, spare: Session, snippet: Snippet) -> None:
        # One with an environment of its own will not get the spare.
        try:
            spare.prepare(None if scenario(snippet).env else snippet)
        except (ProvenError, OSError, WebSocketException, httpx.HTTPError) as e:
            log.debug("live: no spare: %s", e)
            with self._lock:
                if self._spare is spare:
                    self._spare = None
            spare.stop("it did not start")

    def _take(self, snippet: Snippet) -> Session:
        extra = scenario(snippet).env
        with self._lock:
            if self._closed:
                raise ProvenError("the site server is going down")
            alive = [b for b in self._sessions.values() if b.alive]
            if len(alive) >= self._limits.notebooks:
                raise ProvenError(f"{len(alive)} notebooks are live already: stop one first")
            # An environment of its own can't be given to a server that runs.
            session = self._spare if not extra and self._spare and self._spare.alive else None
            if session is not None:
                self._spare = None
            else:
                session = self._new(extra)
            self._sessions[session.id] = session
        session.take(snippet)
        return session

    def _set_aside(self, spare: Session) -> None:
        """Nobody will take it: it is ended as any other, whose kernel may outlive its server."""
        self._sessions[spare.id], self._spare = spare, None

    def _new(self, extra: dict[str, str]) -> Session:
        folder = self._open_folder()
        if self._prefect is None:
            self._prefect = Prefect(folder / "prefect", self._site)
        return Session(folder, self._prefect, extra)

    def _open_folder(self) -> Path:
        """The one folder that everything is in: only its owner may look into it."""
        if self._folder is None:
            folder = Path(tempfile.gettempdir(), f"live-notebooks-{secrets.token_hex(8)}")
            compiled = BYTECODE / folder.relative_to(folder.anchor)
            command = [sys.executable, cleanup.__file__, str(folder), str(compiled)]
            # Before the folder is there: no end of ours can come in between.
            self._cleanup = subprocess.Popen(
                command, stdin=subprocess.PIPE, start_new_session=True, cwd="/"
            )
            folder.mkdir(mode=0o700)  # a name that somebody else has taken is refused
            self._folder = folder
            threading.Thread(target=self._clear_away, daemon=True).start()
        return self._folder

    def _clear_away(self) -> None:
        while not self._closed:
            time.sleep(1)
            for session in self._over():
                why = "no page shows it" if not session.viewers else "nobody uses it"
                why = why if session.alive else "its server has ended"
                log.info("live: ended %s: %s", session.snippet and session.snippet.name, why)
                with contextlib.suppress(Exception):
                    self.stop(session.id, why)

    def _over(self) -> Iterator[Session]:
        now = time.monotonic()
        with self._lock:
            sessions = list(self._sessions.values())
            if self._spare is not None and now - self._spare.used > self._limits.unused:
                self._set_aside(self._spare)
        for session in sessions:
            unseen = not session.viewers and now - session.seen > self._limits.unseen
            if not session.alive or unseen or now - session.used > self._limits.unused:
                yield session
