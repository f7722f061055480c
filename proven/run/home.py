"""A home of one run: what a run keeps in its user's folders is its own, and goes with it.

Nothing of the reader's settings reaches the run, and nothing of it stays: Ray's token,
Dask's, Prefect's and Ray's folders for temporary files. uv keeps its cache: without it
a run would fetch everything anew.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from proven.run.process import own_home
from proven.scrub import Scrub


def make(folder: Path, scrub: Scrub) -> dict[str, str]:
    """Make the folders; the variables that name them, and their stable names."""
    home, temporary = folder / "home", folder / "t"  # short: a socket's path has 107 letters
    for place in (home, temporary):
        place.mkdir(parents=True, exist_ok=True)
    scrub.folder(home, "~")
    scrub.folder(temporary, "$TMPDIR")
    uv = _uv()
    scrub.folder(Path(uv["UV_CACHE_DIR"]), "~/.cache/uv")
    return uv | {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "RAY_TMPDIR": str(temporary),
        "PIP_QUIET": "1",
    }


def quiet(folder: Path) -> Path:
    """A folder for PATH whose `uv` is quiet.

    What it fetches, and how long that takes, is no output of the snippet's, and is another
    one with a warm cache. (uv has no variable for this.)
    """
    place = folder / "bin"
    place.mkdir()
    uv = place / "uv"
    real = shlex.quote(str(Path(sys.executable).with_name("uv")))
    # Asked twice, it would not even say why it failed.
    asked = f'case " $* " in *" --quiet "* | *" -q "*) exec {real} "$@" ;; esac'
    uv.write_text(f'#!/bin/sh\n{asked}\nexec {real} --quiet "$@"\n')
    uv.chmod(0o755)
    return place


def leave() -> frozenset[str]:
    """Variables that would lead to the reader's own folders."""
    kinds = ("CACHE", "CONFIG", "DATA", "STATE")
    return frozenset(f"XDG_{kind}_HOME" for kind in kinds) | {"TEMP", "TMP", "PWD", "OLDPWD"}


def _uv() -> dict[str, str]:
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    python = os.environ.get("UV_PYTHON_INSTALL_DIR") or str(data / "uv" / "python")
    cache = own_home(Path())["UV_CACHE_DIR"]
    return {"UV_CACHE_DIR": cache, "UV_PYTHON_INSTALL_DIR": python}
