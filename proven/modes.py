"""The modes in which a snippet is run: a row each, and nothing about a mode elsewhere."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

Needs = Literal["nothing", "api", "worker"]


class Mode(StrEnum):
    """A way to run a snippet. To add one: a row here, and its runner."""

    label: str
    """The title of its tab on a page."""
    did: str
    """What happened to the snippet, as a page says it."""
    runner: str
    """The function that makes the run, `module:name` below `proven.run`."""
    executes: bool
    """Whether it executes cells, and so needs the files that other scripts make."""
    needs: Needs
    """What of Prefect must be there: a server for `api`, and a worker too for `worker`."""
    cost: int
    """Which runs take longer than others; they are started first."""

    def __new__(
        cls, name: str, label: str, did: str, runner: str, executes: bool, needs: Needs, cost: int
    ) -> Mode:
        """A member is its name; the rest of its row are its attributes."""
        mode = str.__new__(cls, name)
        mode._value_ = name
        mode.label, mode.did, mode.runner = label, did, runner
        mode.executes, mode.needs, mode.cost = executes, needs, cost
        return mode

    # fmt: off
    CHECK  = ("check", "marimo check", "read by marimo check --strict",
              "plain:check", False, "nothing", 0)
    SCRIPT = ("script", "script", "run as a script",
              "plain:script", True, "api", 0)
    EDIT   = ("edit", "editor", "opened in marimo's editor",
              "driven:edit", True, "api", 1)
    RUN    = ("run", "app", "opened as a marimo app",
              "driven:run", True, "api", 2)
    IMPORT = ("import", "import", "imported by Prefect's entrypoint loader",
              "plain:import_", False, "api", 0)
    WORKER = ("worker", "worker", "deployed, and run by a process worker",
              "worker:worker", True, "worker", 3)
    TEST   = ("test", "pytest", "collected and run by pytest",
              "plain:test", False, "api", 0)
    SHELL  = ("shell", "shell", "run in a shell",
              "plain:shell", True, "api", 0)
    # fmt: on


NOTEBOOK_MODES = tuple(mode for mode in Mode if mode is not Mode.SHELL)
"""A notebook is run in all of these; a shell script in the one that is left."""
