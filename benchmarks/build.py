"""Print `mkdocs build` of this site ÷ a plain Material build of the same pages.

In the plain site every directive is already expanded: code stands as fenced blocks,
recorded runs as HTML, the snippets are plain files. Both commands are run in turn;
the ratio is that of the medians.

    uv run python benchmarks/build.py [ROUNDS]
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from html import unescape
from pathlib import Path

import yaml

from proven import pages
from proven.snippet import ROOT, SNIPPETS

_CODE = re.compile(r'<div class="highlight"><pre [^>]*><code>(.*?)</code></pre></div>', re.DOTALL)


def _fenced(html: str) -> str:
    """Give the code of a card back to Markdown, which has to highlight it."""

    def fence(match: re.Match[str]) -> str:
        text = unescape(re.sub(r"<[^>]+>", "", match[1]))
        return f"\n\n``` python\n{text.rstrip()}\n```\n\n"

    return _CODE.sub(fence, html)


def plain_site(folder: Path) -> Path:
    """Write the expanded site into `folder`; gives its configuration file."""
    docs = folder / "docs"
    shutil.copytree(ROOT / "docs", docs)
    shutil.copytree(SNIPPETS, docs / "snippets", ignore=shutil.ignore_patterns("__*"))
    for page in docs.glob("*.md"):
        site = pages.Site(page=page.name, docs=ROOT / "docs")
        lines = pages.expand(page.read_text(encoding="utf-8").splitlines(), site, _fenced)
        page.write_text("\n".join(lines), encoding="utf-8")
    config = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    del config["hooks"]
    config["markdown_extensions"].remove("proven")
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return folder / "mkdocs.yml"


def seconds(config: Path, out: Path) -> float:
    """How long one `mkdocs build` takes, as a command."""
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(config), "-d", str(out)]
    begin = time.perf_counter()
    subprocess.run(command, check=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    return time.perf_counter() - begin


def main(rounds: int = 7) -> None:
    """Run both builds in turn and print the ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        configs = {"proven": ROOT / "mkdocs.yml", "plain": plain_site(folder)}
        times: dict[str, list[float]] = {kind: [] for kind in configs}
        for _ in range(rounds):
            for kind, config in configs.items():
                times[kind].append(seconds(config, folder / "site"))
    middle = {kind: statistics.median(values) for kind, values in times.items()}
    for kind, value in middle.items():
        print(f"{kind:7} {value:.2f} s")
    print(f"ratio   {middle['proven'] / middle['plain']:.2f}  (target: at most 1.15)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
