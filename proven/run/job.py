"""One run to be made: a snippet, a mode, a folder of its own, the shared API."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from proven import files
from proven.errors import ProvenError
from proven.project import Run
from proven.record import Record
from proven.run import console, home, marks, states, witness
from proven.run.api import Api, Gone
from proven.run.marks import Piece
from proven.run.process import finish, text_of
from proven.run.venv import install
from proven.scrub import Scrub, readable
from proven.sidecar import Scenario, Varies, project_folder, scenario
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
        place = self.folder / "venv"
        self.scrub.folder(place, "venv")
        return install(self.project, place)

    @cached_property
    def token(self) -> str:
        """What all that belongs to this run carries; nobody can guess it."""
        return secrets.token_hex(12)

    @cached_property
    def notes(self) -> Path:
        """Where the run's processes note how they end."""
        return self.folder / "notes.jsonl"

    @cached_property
    def env(self) -> dict[str, str]:
        """The environment: the shared API, a home of its own, marks on what others write."""
        own = home.make(self.folder, self.scrub)
        env = self.api.env(Path(own["HOME"]) / ".prefect") | own
        env = {name: value for name, value in env.items() if name not in home.leave()}
        first = [str(home.quiet(self.folder)), str(self.python.parent)]
        env["PATH"] = os.pathsep.join([*first, env["PATH"]])
        env |= marks.env(self.token, self.notes)
        if self.scenario.project:
            # Its environment has the marks' folder on its path: readers set none.
            del env["PYTHONPATH"]
        env["PREFECT_CLIENT_CUSTOM_HEADERS"] = json.dumps({witness.HEADER: self.token})
        return env | self.scenario.env

    @cached_property
    def env_before(self) -> dict[str, str]:
        """The environment of what comes first and is no part of the run."""
        return self.env | {"PREFECT_CLIENT_CUSTOM_HEADERS": "{}"}

    @cached_property
    def scrub(self) -> Scrub:
        """Knows what belongs to this run only."""
        scrub = Scrub()
        scrub.folder(self.folder, "<run>", bare=True)
        scrub.folder(self.project, ".", bare=True)
        if self.run.mode.needs != "nothing":
            scrub.port(self.api.port, 4200)
        for each in self._varies:
            scrub.vary(each.text, each.why)
        return scrub

    @property
    def _varies(self) -> list[Varies]:
        mode = self.run.mode
        return [each for each in self.scenario.varies if not each.modes or mode in each.modes]

    def refuse_unused(self) -> None:
        """Refuse a text that is declared to vary in this mode, and was not written.

        Raises:
            ProvenError: it names the expression.
        """
        for each in self._varies:
            if each.modes and each.text not in self.scrub.varied:
                raise ProvenError(
                    f"{self.run}: nothing that it writes matches {each.text!r}, which its "
                    f"sidecar declares to vary in this mode ({each.why})"
                )

    def pieces(self, text: str) -> list[Piece]:
        """Output, and who wrote what in it."""
        return marks.pieces(text, self.token)

    def look_up(self, pieces: list[Piece]) -> None:
        """Put the flow and task runs of this run into the record."""
        concurrent = bool(self.scenario.concurrent)
        try:
            at_once = self.scenario.concurrent == "flows"
            seen = states.look(self.api, self.token, at_once=at_once)
        except Gone:
            if not self.record.exit:
                raise
            return  # a run that failed for want of its API has nothing there
        states.learn(seen, pieces, self.scrub, concurrent=concurrent)
        found = states.flow_runs(seen, self.scrub, concurrent=concurrent)
        self.record.flows, self.record.tasks = found

    def console(self, pieces: list[Piece]) -> list[str]:
        """Output as a record keeps it."""
        return console.lines(pieces, self.scrub, concurrent=bool(self.scenario.concurrent))

    def kept(self) -> dict[str, list[str]]:
        """The lines of the files that the sidecar asks to keep, where the run made them."""
        wanted = {name: self.project / name for name in self.scenario.keep}
        return {
            name: self.console(self.pieces(text_of(file)))
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
            done = finish(command, self.project, self.env_before, log, self.scenario.limit)
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
    return {readable(path.relative_to(folder).as_posix()) for path in files.below(folder)}
