"""One run to be made: a snippet, a mode, a folder of its own, the shared API."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from proven import files
from proven.errors import ProvenError
from proven.project import Run
from proven.record import Record
from proven.run import states
from proven.run.api import Api
from proven.run.process import finish
from proven.run.venv import install
from proven.scrub import Scrub
from proven.sidecar import Scenario, project_folder, scenario
from proven.snippet import Snippet


@dataclass
class Job:
    """What a mode needs to run a snippet, and the record that it fills."""

    run: Run
    folder: Path
    """Of this run alone; `project` below it is the working directory."""
    api: Api
    record: Record = field(init=False)

    def __post_init__(self) -> None:
        self.record = Record(snippet=self.snippet.name, mode=self.run.mode)

    @property
    def snippet(self) -> Snippet:
        """The file that is run."""
        return self.run.snippet

    @cached_property
    def scenario(self) -> Scenario:
        """How the snippet is run."""
        return self.run.scenario

    @cached_property
    def project(self) -> Path:
        """The reader's empty folder, with the snippet and what it brings."""
        project = self.folder / "project"
        lay_out(self.snippet, project)
        self._brought = _files(project)
        return project

    @property
    def name(self) -> str:
        """The snippet's path in the working directory, as a command names it."""
        home = project_folder(self.snippet)
        place = self.snippet.path
        return place.relative_to(home).as_posix() if home else place.name

    @property
    def file(self) -> Path:
        """The copy of the snippet that is run."""
        return self.project / self.name

    @cached_property
    def python(self) -> Path:
        """The Python that runs it: ours, or one in whose environment the project is installed."""
        if not self.scenario.project:
            return Path(sys.executable)
        home = self.folder / "venv"
        self.scrub.path(home, "venv")
        return install(self.project, home)

    @cached_property
    def env(self) -> dict[str, str]:
        """The environment: the shared API, own results, own marimo settings."""
        config = self.folder / "config"
        config.mkdir(parents=True)
        env = self.api.env(self.folder / "prefect")
        env["PATH"] = os.pathsep.join([str(self.python.parent), env["PATH"]])
        return env | {"XDG_CONFIG_HOME": str(config)} | self.scenario.env

    @cached_property
    def scrub(self) -> Scrub:
        """Takes out of texts what belongs to this run only."""
        return Scrub(self.project)

    def look_up(self, console: str, ids: list[str] | None = None) -> None:
        """Put the flow runs that the console tells of into the record."""
        self.record.flows = states.flow_runs(
            self.api,
            states.flow_run_ids(console) if ids is None else ids,
            console,
            self.snippet.text,
            self.scrub,
            concurrent=self.scenario.concurrent,
        )

    def console(self, text: str) -> list[str]:
        """Console text as a record keeps it."""
        lines = self.scrub.lines(text)
        return _by_task(lines) if self.scenario.concurrent else lines

    def kept(self) -> dict[str, list[str]]:
        """The lines of the files that the sidecar asks to keep, where the run made them."""
        wanted = {name: self.project / name for name in self.scenario.keep}
        return {
            name: self.scrub.text(file.read_text()).splitlines()
            for name, file in wanted.items()
            if file.is_file()
        }

    def made(self) -> list[str]:
        """The files that the run left in its folder."""
        return sorted(_files(self.project) - self._brought)

    def prepare(self) -> None:
        """Run the scripts that make what this one reads; their files count as brought.

        Raises:
            ProvenError: one of them failed; the message holds the end of its output.
        """
        for name in self.scenario.before:
            command, log = [str(self.python), name], self.folder / "before.log"
            done = finish(command, self.project, self.env, log, self.scenario.limit)
            if done.exit:
                raise ProvenError(f"{name}, which runs first, failed:\n{done.text[-1500:]}")
        self._brought = _files(self.project)


def lay_out(snippet: Snippet, project: Path) -> None:
    """Make the folder `project`: a copy of the snippet and of what surrounds it.

    Raises:
        ProvenError: the snippet's sidecar names a file that is not there.
    """
    project.mkdir(parents=True, exist_ok=True)
    how = scenario(snippet)
    if how.project:
        ignored = shutil.ignore_patterns("__pycache__", "__marimo__")
        shutil.copytree(snippet.root / how.project, project, ignore=ignored, dirs_exist_ok=True)
    if project_folder(snippet) is None:
        shutil.copy(snippet.path, project)
    for name in how.brings:
        source, target = snippet.path.parent / name, project / name
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        elif source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
        else:
            raise ProvenError(f"snippets/{snippet.name} brings {name}, which is not there")


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in files.below(folder)}


def _by_task(lines: list[str]) -> list[str]:
    """Lines of concurrent task runs, after all others of their flow, by task run."""
    done: list[str] = []
    tasks: list[str] = []
    for line in lines:
        if "| Task run '" in line:
            tasks.append(line)
        elif "| Flow run '" in line and "- Finished in state" in line:
            done += [*sorted(tasks, key=lambda x: x.split("'")[1]), line]
            tasks = []
        else:
            done.append(line)
    return done + sorted(tasks, key=lambda x: x.split("'")[1])
