"""A site of a few pages under the real `mkdocs serve`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import psutil

from proven.run.process import BYTECODE, clean_env, free_port
from tests.here import copy_template

CONFIG = """\
site_name: Live
site_url: http://127.0.0.1:8000/
theme:
  name: material
  font: false
  features: [navigation.instant]
  palette:
    - scheme: default
      toggle: {{icon: material/weather-night, name: Dark}}
    - scheme: slate
      toggle: {{icon: material/weather-sunny, name: Light}}
plugins: [proven]
extra:
  live: {limits}
nav: [Home: index.md, Other: other.md, Six: six.md, Places: places.md]
markdown_extensions:
  - admonition
  - pymdownx.details
  - pymdownx.superfences
  - pymdownx.tabbed: {{alternate_style: true}}
  - proven
"""
CARD = "``` snippet template.py\nshow: run_pipeline\n```\n"
PAGES = {
    "index.md": f"# Home\n\n{CARD}",
    "other.md": "# Other\n\nNothing live here.\n",
    "six.md": "# Six\n\n" + CARD * 6,
    "places.md": (
        "# Places\n\n!!! note\n\n"
        + "".join(f"    {line}\n" for line in CARD.splitlines())
        + '\n=== "First"\n\n    Words.\n\n=== "Second"\n\n'
        + "".join(f"    {line}\n" for line in CARD.splitlines())
    ),
}


class Site:
    """One `mkdocs serve`; `folder` holds its pages, `temp` all its temporary files."""

    def __init__(
        self,
        folder: Path,
        limits: str = "{}",
        address: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.folder = folder
        # Beside it: a notebook's own tests find no settings of ours in the folders above them.
        self.temp = folder.with_name(f"{folder.name}-tmp")
        self.temp.mkdir(parents=True)
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        self.port = port or free_port()
        (folder / "docs").mkdir()
        copy_template(folder)
        (folder / "mkdocs.yml").write_text(CONFIG.format(limits=limits))
        for name, text in PAGES.items():
            (folder / "docs" / name).write_text(text)
        self.log = folder / "serve.log"
        self.process = self.serve(address)

    @property
    def plain(self) -> str:
        """The address that everybody knows."""
        return f"http://127.0.0.1:{self.port}"

    @cached_property
    def url(self) -> str:
        """The address of its own, as the reader's browser is told it."""
        visit = {"Sec-Fetch-Dest": "document"}
        answer = httpx.get(self.plain, headers=visit, follow_redirects=False, timeout=20)
        return answer.headers["Location"].rstrip("/")

    @property
    def headers(self) -> dict[str, str]:
        """What a browser says for a page of that address."""
        return {"Host": self.url.removeprefix("http://"), "Origin": self.url}

    @property
    def api(self) -> httpx.Client:
        """Prefect's API, asked as the site's own pages ask it."""
        url = f"{self.plain}/__prefect__/api"
        return httpx.Client(base_url=url, headers=self.headers, timeout=60)

    def serve(self, address: str = "127.0.0.1") -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "mkdocs", "serve", "--livereload"]
        command += ["-a", f"{address}:{self.port}"]
        env = clean_env() | {"TMPDIR": str(self.temp), "HOME": str(self.home)}
        env |= {"NO_MKDOCS_2_WARNING": "1"}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command, cwd=self.folder, env=env, stdout=log, stderr=log, start_new_session=True
            )

    def wait(self) -> Site:
        until(self.answers, 60, lambda: self.log.read_text())
        return self

    def answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return httpx.get(self.plain, timeout=2).is_success
        except httpx.HTTPError:
            return False

    def runs(self) -> list[dict[str, Any]]:
        """All flow runs that Prefect knows of."""
        found: list[dict[str, Any]] = self.api.post("/flow_runs/filter", json={}).json()
        return found

    def family(self) -> list[psutil.Process]:
        """The processes of this site: those whose environment names its folder."""
        found = []
        for process in psutil.process_iter():
            try:
                if str(self.temp) in " ".join(
                    [*process.environ().values(), *process.cmdline()]
                ) and process.pid not in (os.getpid(), self.process.pid):
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def left(self) -> list[str]:
        """What is left of it: processes and temporary files (MkDocs' own aside)."""
        files = [p for top in self.temp.iterdir() for p in (top, *top.rglob("*"))
                 if not top.name.startswith("mkdocs_")]  # fmt: skip
        compiled = BYTECODE / self.temp.relative_to(self.temp.anchor)
        compiled_left = [p for p in compiled.rglob("*") if p.is_file()]
        return [str(p) for p in (*files, *self.home.rglob("*"), *compiled_left, *self.family())]

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


def until(ready: Any, limit: float, what: Any = lambda: "not ready") -> None:
    deadline = time.monotonic() + limit
    while not ready():
        assert time.monotonic() < deadline, what()
        time.sleep(0.1)


def temporary() -> Path:
    return Path(tempfile.mkdtemp(prefix="site-"))
