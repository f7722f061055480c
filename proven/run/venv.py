"""Install a project as its readers do, in a virtual environment of one run.

The project itself is really installed, editable, by uv and the project's own build
backend. What it depends on is not fetched again: the environment also sees the
packages of ours. (`tests/project/test_archive.py` installs everything anew.)
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path

from proven.errors import ProvenError
from proven.run.marks import INSIDE

TOOLS = ("marimo", "prefect", "pytest")
"""Commands that must start with the environment's own Python."""


def install(project: Path, home: Path) -> Path:
    """Make the environment `home` and install the project; the environment's Python.

    Raises:
        ProvenError: the project can't be installed; the message says why.
    """
    python = home / "bin" / "python"
    _uv("venv", "--quiet", "--python", sys.executable, str(home))
    _uv("pip", "install", "--quiet", "--python", str(python), "--no-deps", "-e", str(project))
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = home / "lib" / version / "site-packages"
    shared = [sysconfig.get_paths()["purelib"], str(INSIDE)]
    (packages / "shared.pth").write_text("".join(f"{place}\n" for place in shared))
    for tool in TOOLS:
        script = python.with_name(tool)
        text = (Path(sys.executable).parent / tool).read_text()
        script.write_text(first_lines(python) + text.partition("\n")[2])
        script.chmod(0o755)
    return python


def first_lines(python: Path) -> str:
    """What starts a script with this Python, as pip writes it: a plain `#!` ends at a space.

    A shell runs the second line; to Python it is a part of a string.
    """
    return f"#!/bin/sh\n'''exec' {shlex.quote(str(python))} \"$0\" \"$@\"\n' '''\n"


def _uv(*words: str) -> None:
    uv = Path(sys.executable).with_name("uv")
    env = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    done = subprocess.run([uv, *words], capture_output=True, text=True, env=env)
    if done.returncode:
        raise ProvenError(f"uv {words[0]}: {done.stderr.strip()}")
