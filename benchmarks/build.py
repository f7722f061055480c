"""Print `mkdocs build` of this site ÷ a plain Material build of the same pages.

In the plain site every directive is already expanded: code stands as fenced blocks,
recorded runs as HTML, the snippets are plain files. Both commands are run in turn,
with what Python compiled kept, as on a reader's machine.

    uv run python benchmarks/build.py [ROUNDS]
"""

from __future__ import annotations

import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from html import unescape
from pathlib import Path

import yaml
from mkdocs.utils.yaml import yaml_load

from proven.mkdocs import assets
from proven.page.extension import expand
from proven.page.site import Page, Site
from proven.project import Project
from proven.run.process import clean_env

PROJECT = Project.around(Path(__file__))
ROOT, SNIPPETS = PROJECT.root, PROJECT.snippets

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
    # A Markdown file among the snippets would become a page.
    shutil.copytree(SNIPPETS, docs / "snippets", ignore=shutil.ignore_patterns("__*", ".*", "*.md"))
    for page in (docs / path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")):
        name = page.relative_to(docs).as_posix()
        depth = name.count("/") + (page.stem != "index")
        ours = Page(Site(PROJECT), f"docs/{name}", base="../" * depth)
        ours.stash = _fenced
        lines = expand(page.read_text(encoding="utf-8").splitlines(), ours)
        page.write_text("\n".join(lines), encoding="utf-8")
    (docs / assets.STYLE).write_text(assets.style(), encoding="utf-8")
    (docs / assets.SCRIPT).write_text(assets.script(), encoding="utf-8")
    config = yaml_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    config["theme"]["custom_dir"] = str(assets.ICONS)
    config["plugins"] = ["search"]
    config |= {"extra_css": [assets.STYLE], "extra_javascript": [assets.SCRIPT]}
    config["markdown_extensions"].remove("proven")
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return folder / "mkdocs.yml"


def seconds(config: Path, out: Path) -> tuple[float, float]:
    """How long one `mkdocs build` takes, as a command, and how long it computes."""
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(config), "-d", str(out)]
    begin, cpu = time.perf_counter(), _children()
    subprocess.run(command, check=True, env={**clean_env(), "NO_MKDOCS_2_WARNING": "1"})
    return time.perf_counter() - begin, _children() - cpu


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(rounds: int = 7) -> None:
    """Run both builds in turn and print the ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        configs = {"proven": ROOT / "mkdocs.yml", "plain": plain_site(folder)}
        for config in configs.values():  # compiled code, the disk's cache
            seconds(config, folder / "site")
        times: dict[str, list[tuple[float, float]]] = {kind: [] for kind in configs}
        for _ in range(rounds):
            for kind, config in configs.items():
                times[kind].append(seconds(config, folder / "site"))
    print(f"{rounds} rounds, medians   wall       CPU")
    middle = {
        k: [statistics.median(column) for column in zip(*v, strict=True)] for k, v in times.items()
    }
    for kind, (wall, cpu) in middle.items():
        print(f"{kind:18} {wall:8.2f} s {cpu:8.2f} s")
    wall, cpu = (a / b for a, b in zip(middle["proven"], middle["plain"], strict=True))
    print(f"{'ratio':18} {wall:8.2f}   {cpu:8.2f}    (target: at most 1.10)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
