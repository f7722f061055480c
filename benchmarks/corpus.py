"""Hold the reader's check against public repositories: hits for each rule, tracebacks, time.

Each is fetched at the commit named here, so it needs a network and no test runs it; nothing of
them is kept in this repository. FOLDER keeps the trees: what lies there is not fetched again.
With `--from COPIES` it looks at the git repositories below that folder, bare ones too, and at
no other; so it needs no network.

    uv run python benchmarks/corpus.py FOLDER [--from COPIES]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from proven.project import Project
from proven.testing import module

FILE = Project.around(Path(__file__)).snippets / "check/test_notebooks.py"
COMMITS = {
    "AloisCRR/repossessed-assets": "6822af03b82f7b7df0c0e6494cc414f0241f3865",
    "bjoernbethge/marimo-flow": "7ad38e388246a427ee81faa6162c1738a4288951",
    "hidenden/marimo-notebooks": "63a9e317e66751266b7828f9b94e46b576fde58d",
    "iumery/marimo-notebooks": "2fec639bb0e7786190965c7cd851d1ec40a6dcd3",
    "ljchang/marimo-book": "b5abdb423f3ec7bc4ae8505d93aa99afbcbb885d",
    "marimo-team/examples": "dc02cc00df77d06fb1d5581c47759be8b6ace50b",
    "marimo-team/gallery-examples": "c82951bb75fd8e2945e41951be2573274d54c7b3",
    "marimo-team/learn": "477e2cbf7c31fc05dcf307b1e9c92c36514a32f3",
    "marimo-team/marimo": "3955fdf90363be561e94fb0052dae4cee58a6a61",
    "marimo-team/spotlights": "4ff399ffd62d7b5ebd885d436add5114f199e94a",
    "orkapodavid/prefect_marimo_starter": "c897b52436a10639bdd3924c7cc2298994150c08",
}

READ = ("*.py", "*.toml", "*.lock", "*.cfg", "*.ini", ".gitignore")


@dataclass
class Sum:
    """What was seen in all of them."""

    hits: Counter[str] = field(default_factory=Counter)
    plain: int = 0  # notebooks without Prefect
    red: int = 0  # those among them that have an error
    tracebacks: int = 0


def named(folder: Path) -> Iterator[tuple[str, Path]]:
    """The repositories of `COMMITS`: name and tree."""
    for name, commit in COMMITS.items():
        place = folder / name.replace("/", "+")
        if not place.exists():
            subprocess.run(["git", "init", "--quiet", str(place)], check=True)
            git = ["git", "-C", str(place)]
            address = f"https://github.com/{name}.git"
            subprocess.run([*git, "fetch", "--quiet", "--depth", "1", address, commit], check=True)
            subprocess.run([*git, "checkout", "--quiet", "FETCH_HEAD"], check=True)
        yield name, place


def copied(copies: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Those that lie below `copies`: of each what the check reads, as a copy may lack the rest."""
    for head in sorted(copies.rglob("HEAD")):
        name = head.relative_to(copies).parts[0]
        place = folder / name
        if (head.parent / "objects").is_dir():
            if not place.exists():
                subprocess.run(["git", "init", "--quiet", str(place)], check=True)
                git = ["git", f"--git-dir={head.parent}"]
                own = os.environ | {"GIT_INDEX_FILE": str(place / ".git/index")}
                subprocess.run([*git, "read-tree", "HEAD"], check=True, env=own)
                wanted = [*git, "ls-files", "-z", *READ]
                names = subprocess.run(wanted, check=True, env=own, capture_output=True).stdout
                put = [*git, "checkout-index", "-z", "--stdin", f"--prefix={place}/"]
                subprocess.run(put, check=True, env=own, input=names)
            yield name, place


def looked(check: ModuleType, place: Path, total: Sum) -> Iterator[str]:
    """The errors of one repository, added up; a line each."""
    project, findings = check.check(place)
    errors: list[Any] = [one for one in findings if one.rank == check.ERROR]
    total.hits.update(one.rule for one in errors)
    wrong = {one.path for one in errors}
    plain = [module for module in project.notebooks if not module.uses_prefect]
    total.plain += len(plain)
    total.red += sum(module.path in wrong for module in plain)
    yield f"{len(project.notebooks)} notebooks, {len(project.files)} files, {len(errors)} errors"
    yield from (f"    {one.path}:{one.line}: {one.rule}: {one.message[:90]}" for one in errors)


def main() -> int:
    """Print what each repository gives, and the sums."""
    parser = argparse.ArgumentParser(description="Hold the reader's check against repositories.")
    parser.add_argument("folder", type=Path, help="where their trees are kept")
    parser.add_argument("--from", type=Path, dest="copies", help="copies to look at instead")
    options = parser.parse_args()
    check, total = module(FILE, "readers_check"), Sum()
    folder = options.folder.resolve()
    for name, place in copied(options.copies, folder) if options.copies else named(folder):
        before = time.process_time()
        try:
            print(name, "\n  ".join(looked(check, place, total)), sep="\n  ")
        except check.Wrong as wrong:
            print(f"{name}\n  {wrong}")
        except Exception:
            total.tracebacks += 1
            traceback.print_exc()
        print(f"  {time.process_time() - before:.1f} s of the processor", flush=True)
    print(f"{total.tracebacks} tracebacks; errors by rule: {dict(total.hits.most_common())}")
    print(f"{total.red} of {total.plain} notebooks without Prefect have an error")
    return 1 if total.tracebacks else 0


if __name__ == "__main__":
    sys.exit(main())
