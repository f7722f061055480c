"""Where everything of a project is, and the runs that it asks for.

A project is a folder with `snippets/`; beside it may be `records/`, `docs/`,
`ledger.toml`, `claims.toml` and `pyproject.toml`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from proven import exclusions, files, record
from proven.errors import ProvenError
from proven.exclusions import Reason
from proven.fingerprint import key_of, pins_of
from proven.modes import Mode
from proven.record import Record
from proven.sidecar import Scenario, modes, scenario
from proven.snippet import Snippet


@dataclass(frozen=True)
class Project:
    """One project; `root` is its folder."""

    root: Path

    @classmethod
    def around(cls, place: Path) -> Project:
        """The project that this file or folder lies in.

        Raises:
            ProvenError: there is no folder `snippets` beside or above it.
        """
        for folder in (place.resolve(), *place.resolve().parents):
            if (folder / "snippets").is_dir():
                return cls(folder)
        raise ProvenError(f"no folder `snippets` in {place} or above it: start in a project")

    @property
    def snippets(self) -> Path:
        """The folder of the snippets."""
        return self.root / "snippets"

    @property
    def records(self) -> Path:
        """The folder of the records, `NAME/MODE.json` for each run."""
        return self.root / "records"

    @property
    def docs(self) -> Path:
        """The folder of the pages."""
        return self.root / "docs"

    @property
    def ledger(self) -> Path:
        """The list of what no run proves."""
        return self.root / "ledger.toml"

    @property
    def claims(self) -> Path:
        """The list of claims."""
        return self.root / "claims.toml"

    @property
    def rules(self) -> Path:
        """The folder of the claims of each page, `stacking/cache.toml` for `stacking/cache.md`."""
        return self.root / "claims"

    @property
    def pins(self) -> bytes:
        """The pins that each run depends on, as they go into a record's key."""
        path = self.root / "pyproject.toml"
        return pins_of(path.read_bytes() if path.is_file() else b"")

    def catalogue(self) -> list[Snippet]:
        """All snippets, sorted; data files and sidecars are not snippets.

        Raises:
            ProvenError: there is not one (an empty pass would prove nothing).
        """
        found = [
            self.snippet(path.relative_to(self.snippets).as_posix())
            for path in files.below(self.snippets)
            if path.suffix in (".py", ".sh")
        ]
        if not found:
            raise ProvenError(f"no snippets below {self.snippets}")
        return found

    def find(self, name: str) -> Snippet:
        """The snippet of this name.

        Raises:
            ProvenError: there is none; the message names close ones.
        """
        inside = PurePosixPath(name)
        outside = inside.is_absolute() or ".." in inside.parts
        if outside or not (self.snippets / name).is_file():
            known = [p.relative_to(self.snippets).as_posix() for p in files.below(self.snippets)]
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise ProvenError(f"no snippet {name!r} below snippets/{hint}")
        return self.snippet(name)

    def snippet(self, name: str) -> Snippet:
        """The snippet of this name, whether it is there or not."""
        return Snippet(name, self.snippets)

    def once[T](self, make: Callable[[Project], T]) -> T:
        """What this makes of the project: now, and of a snapshot the first time only."""
        return make(self)

    def run(self, text: str) -> Run:
        """The run that `NAME::MODE` names.

        Raises:
            ProvenError: there is no such snippet, or it has no such mode.
        """
        name, _, mode = text.partition("::")
        snippet = self.find(name)
        for known in modes(snippet):
            if known == mode:
                return self.made(snippet, known)
        there = ", ".join(modes(snippet)) or "none"
        raise ProvenError(f"{name} has no mode {mode!r}; it has: {there}")

    def made(self, snippet: Snippet, mode: Mode) -> Run:
        """The run of a snippet in one of its modes."""
        return Run(self, snippet, mode)

    def runs_of(self, snippet: Snippet) -> Iterator[Run]:
        """The snippet in each of its modes that the ledger does not leave out."""
        return self.runs([snippet])

    def runs(self, snippets: Iterable[Snippet] | None = None) -> Iterator[Run]:
        """Every run that there should be a record of; of these snippets alone, if given."""
        lines = exclusions.read(self.ledger).mode
        for snippet in self.catalogue() if snippets is None else snippets:
            for mode in modes(snippet):
                if exclusions.left_out(snippet, mode, lines) is None:
                    yield self.made(snippet, mode)


@dataclass(frozen=True)
class Run:
    """A snippet in a mode: what is run, recorded, shown on a page and claimed by it."""

    project: Project
    snippet: Snippet
    mode: Mode

    def __str__(self) -> str:
        """`NAME::MODE`, as pages, the ledger and the command line write it."""
        return f"{self.snippet.name}::{self.mode}"

    @property
    def scenario(self) -> Scenario:
        """How it is run."""
        return scenario(self.snippet)

    @property
    def path(self) -> Path:
        """Where its record is kept."""
        return self.project.records / self.snippet.name / f"{self.mode}.json"

    @property
    def key(self) -> str:
        """The key that a record made now would have."""
        return key_of(self.snippet, self.project.pins)

    @property
    def record(self) -> Record | None:
        """The kept record, or None where there is none.

        Raises:
            ProvenError: the file is not a record; the message names the mend.
        """
        try:
            return record.load(self.path)
        except ProvenError as e:
            raise ProvenError(f"{e}; {self.hint}") from e

    @property
    def kept(self) -> Record | None:
        """The kept record; None where there is none, or where it can't be read any more."""
        try:
            return self.record
        except ProvenError:
            return None

    @property
    def fresh(self) -> bool:
        """Whether the kept record was made from what there is now."""
        kept = self.record
        return kept is not None and kept.key == self.key

    @property
    def left_out(self) -> Reason | None:
        """Why it is not run; None where it is."""
        lines = exclusions.read(self.project.ledger).mode
        return exclusions.left_out(self.snippet, self.mode, lines)

    @property
    def hint(self) -> str:
        """The words that name the command which makes its record anew."""
        return f"run: uv run proven update {self.snippet.name}"


@dataclass(frozen=True)
class Snapshot(Project):
    """A project as it is now: each of its files is read once. For one build of the pages."""

    _known: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def find(self, name: str) -> Snippet:
        """As the project's; looked for once."""
        return self._of(("find", name), lambda: super(Snapshot, self).find(name))

    def snippet(self, name: str) -> Snippet:
        """As the project's; read once."""
        return self._of(("snippet", name), lambda: super(Snapshot, self).snippet(name))

    def run(self, text: str) -> Run:
        """As the project's; looked for once."""
        return self._of(("run", text), lambda: super(Snapshot, self).run(text))

    def made(self, snippet: Snippet, mode: Mode) -> Run:
        """As the project's; its record and its sidecar are read once."""
        return self._of((snippet.name, mode), lambda: _Read(self, snippet, mode))

    def catalogue(self) -> list[Snippet]:
        """As the project's; looked for once."""
        return self._of("catalogue", super().catalogue)

    @property
    def pins(self) -> bytes:
        """As the project's; read once."""
        return self._of("pins", lambda: super(Snapshot, self).pins)

    def once[T](self, make: Callable[[Project], T]) -> T:
        """What this made of the project the first time."""
        return self._of(make, lambda: make(self))

    def _of[T](self, key: object, make: Callable[[], T]) -> T:
        if key not in self._known:
            self._known[key] = make()
        value: T = self._known[key]
        return value


class _Read(Run):
    """A run of a snapshot."""

    @cached_property
    def scenario(self) -> Scenario:
        """How it is run."""
        return super().scenario

    @cached_property
    def key(self) -> str:
        """The key that a record made now would have."""
        return super().key

    @cached_property
    def left_out(self) -> Reason | None:
        """Why it is not run; None where it is."""
        return super().left_out

    @cached_property
    def record(self) -> Record | None:
        """The kept record, or None where there was none."""
        return super().record
