"""One shared Prefect API for many runs, whoever makes them: the command line or pytest.

The one who owns a suite starts server and worker in the background; runners, in
this process or another, meet them through files in the suite's folder.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from proven.errors import ProvenError
from proven.record import Record
from proven.run import run
from proven.run.api import START_LIMIT, Api, Server
from proven.run.process import stop_all, tidy
from proven.scenario import Mode, scenario
from proven.snippet import Snippet

WORKERS = 3  # runs at once: two cores, and much of a run is waiting


@dataclass(frozen=True)
class Suite:
    """A folder in which runs meet their API."""

    folder: Path

    def api(self, mode: Mode) -> Api:
        """The API, once it is there; for `worker`, once its worker is there too.

        Raises:
            ProvenError: it did not start; the message says why.
        """
        wanted = self.folder / ("worker.ready" if mode == "worker" else "api.ready")
        deadline = time.monotonic() + 2 * START_LIMIT
        while not wanted.exists():
            failed = self.folder / "failed"
            if failed.exists():
                raise ProvenError(failed.read_text())
            if not self.folder.is_dir():
                raise ProvenError("the suite was ended")
            if time.monotonic() > deadline:
                raise ProvenError(f"no Prefect API after {2 * START_LIMIT:g} s")
            time.sleep(0.1)
        return Api((self.folder / "api.ready").read_text())

    def run(self, snippet: Snippet, mode: Mode) -> Record:
        """Run the snippet in a folder of its own, which is removed afterwards."""
        folder = Path(tempfile.mkdtemp(dir=self.folder, prefix="run-"))
        try:
            # Neither of these two speaks to Prefect, so it would be a server for nothing.
            if mode in ("check", "import") or not scenario(snippet).own_server:
                return run(snippet, mode, self.api(mode), folder)
            with Server(folder / "server") as server:
                if mode == "worker":
                    server.worker()
                return run(snippet, mode, server.api, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def own_suite(*, worker: bool) -> Iterator[Suite]:
    """A suite with a server of its own; ended, with all its runs, on the way out."""
    folder = Path(tempfile.mkdtemp(prefix="proven-"))
    server = Server(folder / "prefect")
    ready = threading.Thread(target=bring_up, args=(server, folder, worker), daemon=True)
    try:
        server.start()
        ready.start()
        yield Suite(folder)
    finally:
        stop_all()
        ready.join(10)
        shutil.rmtree(folder, ignore_errors=True)
        tidy()


def run_all(
    suite: Suite,
    wanted: list[tuple[Snippet, Mode]],
    done: Callable[[Snippet, Mode, Record | ProvenError], None],
) -> None:
    """Run all that is wanted, several at a time; tell each result as it comes."""
    # The longest first: a worker's run is not left over for the end.
    wanted = sorted(wanted, key=lambda job: ("worker", "run", "edit").count(job[1]), reverse=True)
    pool = ThreadPoolExecutor(WORKERS)
    try:
        jobs: dict[Future[Record], tuple[Snippet, Mode]] = {
            pool.submit(suite.run, snippet, mode): (snippet, mode) for snippet, mode in wanted
        }
        for job in as_completed(jobs):
            try:
                result: Record | ProvenError = job.result()
            except ProvenError as e:
                result = e
            done(*jobs[job], result)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


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
