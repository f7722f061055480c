"""Read how a snippet is run: the sidecar `NAME.toml` beside `NAME.py`.

Most snippets need none. A sidecar says what a run brings along, which widgets
are driven, and, for a snippet that is meant to be wrong, where and how.

A *project* is a folder with a sidecar of its own beside it: `project.toml` beside
`project/`. A snippet inside is run with the whole folder around it, from the
folder's root; the sidecar has a table for each such snippet, so that no file of
ours lies between the reader's.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import msgspec

from proven.errors import ProvenError
from proven.modes import NOTEBOOK_MODES, Mode
from proven.snippet import Snippet

Kind = Literal["rejected", "fails", "harm"]


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A struct that refuses a key it does not know."""


class Action(Strict, frozen=True):
    """One thing that is done in the open notebook; exactly one field is set.

    `set` and `press` name a widget by the label that the reader sees. `script`
    runs the notebook as a script in the same folder, with these arguments;
    `reload` opens the app anew, in a new session: for `run` only, since the editor takes
    its old session up again. `save` opens a copy of the file in
    the editor in a browser and saves it there.
    """

    set: dict[str, Any] | None = None
    press: str | None = None
    script: list[str] | None = None
    reload: bool = False
    save: bool = False

    def __post_init__(self) -> None:
        """Refuse an action that does nothing, or two things."""
        given = [self.set, self.press, self.script, self.reload or None, self.save or None]
        if sum(x is not None for x in given) != 1:
            raise ValueError("an action has exactly one of: set, press, script, reload, save")

    def __str__(self) -> str:
        """Say the action in words, as a page shows it."""
        if self.set is not None:
            return ", ".join(f"set {k!r} to {v!r}" for k, v in self.set.items())
        if self.press is not None:
            return f"press {self.press!r}"
        if self.script is not None:
            return " ".join(["run as a script", *self.script])
        return "save" if self.save else "reload"


class Wrong(Strict, frozen=True):
    """Where a wrong snippet goes wrong, and how.

    `rejected`: marimo check refuses it, with a rule named `type`. `fails`: it
    raises `type`. `harm`: it runs, and `probe` (a function of `proven.probes`)
    is red on it. `message` is a fragment of this snippet's own error. `right` is
    the sibling on which the same probe is green.
    """

    kind: Kind
    type: str = ""
    message: str = ""
    probe: str = ""
    right: str = ""

    def __post_init__(self) -> None:
        """Refuse an expectation that anything would meet."""
        if self.kind == "harm":
            if not (self.probe and self.right):
                raise ValueError("a harm needs `probe` and `right`")
        elif not (self.type and self.message):
            raise ValueError(f"{self.kind!r} needs `type` and `message`")


class Deployment(Strict, frozen=True):
    """The flow that the worker mode deploys, and the parameters of its run.

    `script`, where given, are the arguments of a script run in the same folder
    that comes first, to make the data that the flow reads.
    """

    flow: str = ""
    parameters: dict[str, Any] = {}
    script: list[str] | None = None


class Varies(Strict, frozen=True):
    """A text that the notebook writes and that is another one in each run: it says so.

    `text` is a regular expression: its first group, or all of it, is what varies. `why`
    stands in its place in the record and on the page. `modes` are those in which it is
    written; without them it may be written in any.
    """

    text: str
    why: str
    modes: list[Mode] = []

    def __post_init__(self) -> None:
        """Refuse an expression that is none, or that finds nothing everywhere."""
        try:
            empty = re.search(self.text, "")
        except re.error as e:
            raise ValueError(f"{self.text!r} is not a regular expression: {e}") from e
        if empty or not self.why:
            raise ValueError("`varies` needs a `text` that is not empty, and a `why`")


class Scenario(Strict, frozen=True):
    """How a snippet is run. All fields have defaults: no sidecar, no surprises."""

    brings: list[str] = []
    """Files beside the snippet that are copied along, relative to its folder."""
    project: str = ""
    """A folder below `snippets/` whose whole content surrounds the run, installed as its
    `pyproject.toml` says. Set by itself for a snippet inside a project."""
    before: list[str] = []
    """Scripts of the project that run first, in every mode that executes cells."""
    args: list[str] = []
    """Arguments of the script mode."""
    env: dict[str, str] = {}
    """Environment variables of every mode."""
    edit: list[Action] = []
    run: list[Action] = []
    worker: Deployment = Deployment()
    concurrent: bool | Literal["flows"] = False
    """Tasks run at once: what they print is ordered by task run, not by time. With `"flows"`,
    flow runs do, too."""
    own_server: bool = False
    """Its blocks, variables or limits are global names: each run gets a Prefect server
    of its own, so that none leaks from one run to the next."""
    keep: list[str] = []
    """Text files that the run makes; the record keeps what they say."""
    varies: list[Varies] = []
    """What it writes anew in each run: a duration, today's date. All else is kept as written."""
    limit: float = 90.0
    """Seconds until a run is ended and called endless."""
    wrong: dict[Mode, Wrong] = {}
    """The modes in which it goes wrong; in every other mode it passes."""

    def __post_init__(self) -> None:
        """Refuse an action that would not do what it says."""
        if any(action.reload for action in self.edit):
            raise ValueError("`reload` is for `run`: the editor takes its old session up again")


def scenario(snippet: Snippet) -> Scenario:
    """The snippet's sidecar, or the default.

    Raises:
        ProvenError: the sidecar is not valid; the message names file and key.
    """
    path = sidecar(snippet)
    if not path.is_file():
        return Scenario()
    where = f"snippets/{path.relative_to(snippet.root).as_posix()}"
    home = project_folder(snippet)
    try:
        if home is None:
            return _of_one(path.read_bytes())
        tables = _of_project(path.read_bytes())
    except msgspec.MsgspecError as e:
        raise ProvenError(f"{where}: {e}") from e
    if gone := [name for name in tables if not (home / name).is_file()]:
        raise ProvenError(f"{where}: {home.name}/ has no file {gone[0]!r}")
    mine = tables.get(snippet.path.relative_to(home).as_posix(), Scenario())
    return msgspec.structs.replace(mine, project=home.relative_to(snippet.root).as_posix())


# A build reads the same few files again and again.
@lru_cache(maxsize=512)
def _of_one(text: bytes) -> Scenario:
    return msgspec.toml.decode(text, type=Scenario)


@lru_cache(maxsize=64)
def _of_project(text: bytes) -> dict[str, Scenario]:
    return msgspec.toml.decode(text, type=dict[str, Scenario])


def sidecar(snippet: Snippet) -> Path:
    """Where the snippet's sidecar is, or would be."""
    home = project_folder(snippet)
    return (home or snippet.path).with_suffix(".toml")


def project_folder(snippet: Snippet) -> Path | None:
    """The project that the snippet is a part of: a folder with a sidecar beside it."""
    parts = PurePosixPath(snippet.name).parts
    for depth in range(1, len(parts)):
        folder = snippet.root.joinpath(*parts[:depth])
        if folder.with_suffix(".toml").is_file():
            return folder
    return None


def modes(snippet: Snippet) -> tuple[Mode, ...]:
    """The modes that this snippet is run in: all seven, for a notebook."""
    if snippet.is_notebook:
        return NOTEBOOK_MODES
    return (Mode.SHELL,) if snippet.path.suffix == ".sh" else ()
