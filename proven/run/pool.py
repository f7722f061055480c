"""One shared Prefect API for many runs, whoever makes them: the command line or pytest.

Who owns a pool starts server and worker in the background; those who make runs, in
this process or another, meet them through files in the pool's folder.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from proven.errors import ProvenError
from proven.modes import Mode
from proven.project import Run
from proven.record import Record, difference
from proven.run import make
from proven.run.api import START_LIMIT, Api, Server
from proven.run.moved import advice, moved
from proven.run.process import stop_all, tidy

Outcome = Record | ProvenError
"""What came of a run: its record, or why it could not be made."""

# Port 9 discards what it is sent: a run that needs no server is not to meet one by chance.
NO_API = Api("http://127.0.0.1:9/api")
WORKERS = 3  # runs at once: two cores, and much of a run is waiting


@dataclass(frozen=True)
class Pool:
    """A folder in which runs meet their API."""

    folder: Path

    def api(self, mode: Mode) -> Api:
        """The API, once all that the mode needs of it is there.

        Raises:
            ProvenError: it did not start; the message says why.
        """
        if mode.needs == "nothing":
            return NO_API
        wanted = self.folder / ("worker.ready" if mode.needs == "worker" else "api.ready")
        deadline = time.monotonic() + 2 * START_LIMIT
        while not wanted.exists():
            failed = self.folder / "failed"
            if failed.exists():
                raise ProvenError(failed.read_text())
            if not self.folder.is_dir():
                raise ProvenError("the runs were ended")
            if time.monotonic() > deadline:
                raise ProvenError(f"no Prefect API after {2 * START_LIMIT:g} s")
            time.sleep(0.1)
        return Api((self.folder / "api.ready").read_text())

    def make(self, run: Run, *, own_server: bool = False) -> Record:
        """Make the run in a folder of its own, which is removed afterwards.

        Args:
            run: what is made.
            own_server: on a Prefect server of its own, whatever its sidecar says.
        """
        own_server = own_server or run.scenario.own_server
        folder = Path(tempfile.mkdtemp(dir=self.folder, prefix="run-"))
        try:
            if not own_server or run.mode.needs == "nothing":
                return make(run, self.api(run.mode), folder)
            with Server(folder / "server") as server:
                if run.mode.needs == "worker":
                    server.worker()
                return make(run, server.api, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def make_all(self, runs: Iterable[Run], done: Callable[[Run, Outcome], None]) -> None:
        """Make all these runs, several at a time; tell each outcome as it comes."""
        # The longest first: a worker's run is not left over for the end.
        wanted = sorted(runs, key=lambda run: -run.mode.cost)
        threads = ThreadPoolExecutor(WORKERS)
        try:
            jobs = {threads.submit(self._outcome, run): run for run in wanted}
            for job in as_completed(jobs):
                done(jobs[job], job.result())
        finally:
            threads.shutdown(wait=False, cancel_futures=True)

    def _outcome(self, run: Run) -> Outcome:
        """What came of the run; whatever goes wrong in it is its own failure.

        What has no record yet, or another one, is run twice: a text that is another one each
        time would be found by the next run only, as a difference that nobody made. The
        second time on a server of its own: what a script creates is there only once.
        """
        try:
            first = self.make(run)
            if difference(run.kept, first):
                second = self.make(run, own_server=True)
                if lines := moved(first, second):
                    return ProvenError(f"{run}: {advice(lines)}")
            return first
        except ProvenError as e:
            return e
        except Exception as e:
            where = _keep_traceback(run)
            return ProvenError(f"{run}: {type(e).__name__}: {e} (traceback: {where})")


def _keep_traceback(run: Run) -> Path:
    folder = run.project.root / ".cache" / "failures"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{str(run).replace('/', '-').replace('::', '-')}.txt"
    path.write_text(traceback.format_exc())
    return path


@contextmanager
def own_pool(modes: Collection[Mode]) -> Iterator[Pool]:
    """A pool with what these modes need; ended, with all its runs, on the way out."""
    folder = Path(tempfile.mkdtemp(prefix="proven-"))
    try:
        with _serving(folder, {mode.needs for mode in modes}):
            yield Pool(folder)
    finally:
        stop_all()
        shutil.rmtree(folder, ignore_errors=True)
        tidy()


@contextmanager
def _serving(folder: Path, needs: set[str]) -> Iterator[None]:
    if needs <= {"nothing"}:
        yield
        return
    server = Server(folder / "prefect")
    args = (server, folder, "worker" in needs)
    ready = threading.Thread(target=bring_up, args=args, daemon=True)
    try:
        server.start()
        ready.start()
        yield
    finally:
        stop_all()
        ready.join(10)


def bring_up(server: Server, folder: Path, worker: bool) -> None:
    """Start what runs need; say in files how far it is."""
    try:
        (folder / "api.part").write_text(server.api.url)
        (folder / "api.part").rename(folder / "api.ready")
        if worker:
            server.worker()
            (folder / "worker.ready").touch()
    except (ProvenError, OSError) as e:
        part = folder / "failed.part"
        if folder.is_dir():
            part.write_text(str(e))
            part.rename(folder / "failed")
