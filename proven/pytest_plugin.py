"""The pytest door: each snippet in each mode is a test, `snippets/template.py::script`.

Items are found in the folder, so a new snippet is tested without anyone saying
so. An item runs its snippet for real, judges the run, and compares it with the
kept record. All items share one Prefect API, under xdist too: the process that
the reader started owns it, the workers meet it through its folder.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from proven.errors import ProvenError
from proven.fingerprint import changed_cells
from proven.judge import judge
from proven.modes import Mode
from proven.project import Project, Run
from proven.record import Record, difference
from proven.run.api import Server
from proven.run.pool import Pool, bring_up
from proven.run.process import stop_all, tidy

_FOLDER = pytest.StashKey[Path]()
_PROJECT = pytest.StashKey[Project]()
_PATHS = pytest.StashKey[frozenset[Path]]()


class SnippetFile(pytest.File):
    """One file below `snippets/`."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item for each mode that the ledger does not leave out."""
        project = self.config.stash[_PROJECT]
        snippet = project.find(self.path.relative_to(project.snippets).as_posix())
        for run in project.runs_of(snippet):
            yield SnippetItem.from_parent(self, name=str(run.mode), run=run)


class SnippetItem(pytest.Item):
    """One snippet in one mode."""

    def __init__(self, *, name: str, run: Run, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.run = run
        self.add_marker(name)

    def runtest(self) -> None:
        """Run, judge, compare."""
        record = Pool(self.config.stash[_FOLDER]).make(self.run)
        problem = judge(self.run, record) or _differs(self.run, record)
        if problem:
            raise SnippetFailed(problem, self.run, record)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """The snippet's own file, cell and line; not the harness's frames."""
        if isinstance(excinfo.value, SnippetFailed | ProvenError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where an IDE jumps to."""
        return self.path, 0, self.name


def _differs(run: Run, record: Record) -> str | None:
    """How the kept record is not what this run gave; None where it is."""
    kept = run.record
    if kept is None:
        return f"no record is kept; {run.hint}"
    if diff := difference(kept, record):
        changed = ", ".join(changed_cells(kept.info.cells, run.snippet))
        since = f"; changed since then: cell {changed}" if changed else ""
        return f"the run differs from its record{since}; if that is meant, {run.hint}\n{diff}"
    return None if kept.key == run.key else f"the record is stale; {run.hint}"


class PageFile(pytest.File):
    """One page below `docs/`."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item: the page, converted as the site does."""
        yield PageItem.from_parent(self, name="page")


class PageItem(pytest.Item):
    """One page: its directives expand, its records are fresh, its code blocks ran."""

    def runtest(self) -> None:
        """Convert the page; collect what there is to say against it."""
        from proven.page.check import problems

        found = list(problems(self.config.stash[_PROJECT], [self.path]))
        if found:
            raise ProvenError("\n".join(found))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """The page's own file and line."""
        if isinstance(excinfo.value, ProvenError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where an IDE jumps to."""
        return self.path, 0, self.name


class SnippetFailed(Exception):
    """A run that is not what it should be."""

    def __init__(self, problem: str, run: Run, record: Record) -> None:
        parts, snippet = [problem], run.snippet
        error = record.error
        if error and error.line:
            cell = snippet.cell_at(error.line)
            start, end = (cell.start, cell.end) if cell else (error.line, error.line)
            parts.append(
                f"snippets/{snippet.name}:{error.line}:" + (f" cell {cell.name}" if cell else "")
            )
            for number, text in enumerate(snippet.lines(start, end).splitlines(), start):
                parts.append(f"{'>' if number == error.line else ' '} {number:4} {text}")
        if record.console and error:
            parts += ["console:", *(f"  {line}" for line in record.console[-15:])]
        super().__init__("\n".join(parts))


@pytest.fixture(scope="session")
def pool(pytestconfig: pytest.Config) -> Pool:
    """The shared Prefect API with its worker, for tests that make runs themselves."""
    return Pool(pytestconfig.stash[_FOLDER])


@pytest.fixture(scope="session")
def project(pytestconfig: pytest.Config) -> Project:
    """The project whose tests these are."""
    return pytestconfig.stash[_PROJECT]


class _Nothing(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        """A snippet named `test_*.py` is no test module of ours: it runs in its modes."""
        return iter(())


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the files that the catalogue knows as snippets, and the pages."""
    stash = parent.config.stash
    if stash[_PROJECT].docs in file_path.parents and file_path.suffix == ".md":
        return PageFile.from_parent(parent, path=file_path)
    if file_path in stash[_PATHS]:
        return SnippetFile.from_parent(parent, path=file_path)
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Collector | None:
    """Keep pytest from importing snippets as test modules."""
    if parent.config.stash[_PROJECT].snippets in module_path.parents:
        return _Nothing.from_parent(parent, path=module_path)
    return None


def pytest_configure(config: pytest.Config) -> None:
    """Read the project; name the modes as markers; meet the folder of the runs."""
    project = config.stash[_PROJECT] = Project(config.rootpath)
    config.stash[_PATHS] = frozenset(snippet.path for snippet in project.catalogue())
    for mode in Mode:
        config.addinivalue_line("markers", f"{mode}: a snippet in its {mode} mode")
    if given := getattr(config, "workerinput", None):
        config.stash[_FOLDER] = Path(given["proven_folder"])


class _Owner:
    """Starts the server once the collection shows that it is needed; ends it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: Server | None = None

    def need(self, *, server: bool, worker: bool) -> None:
        if server and self._server is None:
            self._server = Server(self._folder / "prefect").start()
            args = (self._server, self._folder, worker)
            threading.Thread(target=bring_up, args=args, daemon=True).start()

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput["proven_folder"] = str(self._folder)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:
        # The owner hears ids only, and cannot see which tests use the fixture below.
        ours = any(i.startswith("tests/") for i in ids)
        snippets = [i for i in ids if i.startswith("snippets/")]
        worker = any(i.endswith("::worker") for i in snippets)
        self.need(server=ours or bool(snippets), worker=ours or worker)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if session.config.option.collectonly:
            return
        uses = any("pool" in getattr(i, "fixturenames", ()) for i in session.items)
        wanted = {i.run.mode for i in session.items if isinstance(i, SnippetItem)}
        self.need(server=uses or bool(wanted), worker=uses or Mode.WORKER in wanted)

    def pytest_unconfigure(self) -> None:
        stop_all()
        shutil.rmtree(self._folder, ignore_errors=True)
        tidy()


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Own the folder and the server, unless we are a worker of xdist."""
    config = session.config
    if not hasattr(config, "workerinput"):
        folder = config.stash[_FOLDER] = Path(tempfile.mkdtemp(prefix="proven-"))
        config.pluginmanager.register(_Owner(folder), "proven-owner")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of xdist ends what it runs itself."""
    if hasattr(session.config, "workerinput"):
        stop_all()
