"""The command line: `proven update` makes records, `proven run` shows one run.

proven update                 what is missing or stale
proven update --all           everything; what came out the same is not written
proven update template.py     this snippet, in every mode
proven run template.py edit   one run, printed, not kept
proven check                  what there is against pages, records, sidecars and headers
proven claim docs/index.md    an entry to fill in for each rule of the page without a proof
proven new stacking/names     a notebook, its sidecar, its page and its place in the navigation
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from proven import new, signals, strays, update
from proven.errors import ProvenError
from proven.judge import judge
from proven.modes import Mode
from proven.project import Project, Run
from proven.record import comparable
from proven.run.pool import own_pool


def main(argv: list[str] | None = None) -> int:
    """Run the command; the exit status is 0 where all went as expected, else 1."""
    given = _parser().parse_args(argv)
    try:
        signals.end_on_signals()
        project = Project.around(Path.cwd())
        status: int = given.act(project, given)
        return status
    except ProvenError as e:
        print(f"proven: {e}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("proven: interrupted; what ran is ended, the kept records are whole", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="proven", description="Run snippets and keep records.")
    commands = parser.add_subparsers(required=True)
    renew = commands.add_parser("update", help="run snippets and renew their records")
    renew.add_argument("names", nargs="*", metavar="SNIPPET")
    renew.add_argument("--all", action="store_true", help="also those with a fresh record")
    renew.add_argument("--mode", choices=list(Mode), action="append", help="only in this mode")
    renew.set_defaults(act=_update)
    show = commands.add_parser("run", help="run one snippet in one mode, print the record")
    show.add_argument("name", metavar="SNIPPET")
    show.add_argument("mode", choices=list(Mode))
    show.set_defaults(act=lambda project, a: _show(project.run(f"{a.name}::{a.mode}")))
    check = commands.add_parser("check", help="say what there is against pages and the project")
    check.add_argument("pages", nargs="*", type=Path, metavar="PAGE", help="only these pages")
    check.set_defaults(act=_check)
    claim = commands.add_parser("claim", help="begin entries for rules of a page without a proof")
    claim.add_argument("page", type=Path, metavar="PAGE")
    claim.set_defaults(act=_claim)
    begin = commands.add_parser("new", help="begin a snippet: notebook, sidecar, page, navigation")
    begin.add_argument("name", metavar="NAME")
    begin.set_defaults(act=_new)
    return parser


def _update(project: Project, given: argparse.Namespace) -> int:
    """Run what is wanted and write the records that differ; say which, and what failed."""
    runs = _wanted(project, given)
    counts: Counter[str] = Counter()

    def tell(run: Run, verdict: update.Verdict, text: str) -> None:
        counts[verdict] += 1
        print(f"[{counts.total()}/{len(runs)}] {verdict:<8} {run}", flush=True)
        if text:
            print(text, flush=True)

    if runs:
        with own_pool({run.mode for run in runs}) as pool:
            update.renew(pool, runs, tell)
    if not given.names:
        _remove_unused(project, counts)
    print(", ".join(f"{n} {what}" for what, n in counts.items()) or "all records are fresh")
    return 1 if counts["failed"] else 0


def _wanted(project: Project, given: argparse.Namespace) -> list[Run]:
    if given.names:
        snippets = [project.find(name) for name in given.names]
        runs = [run for snippet in snippets for run in project.runs_of(snippet)]
    else:
        runs = list(project.runs()) if given.all else update.stale(project)
    return [run for run in runs if given.mode is None or run.mode in given.mode]


def _remove_unused(project: Project, counts: Counter[str]) -> None:
    unused = strays.unused_records(project)
    for path in unused:
        print(f"removed  {path.relative_to(project.records)}")
    update.remove(unused, project)
    if unused:
        counts["removed"] = len(unused)


def _check(project: Project, given: argparse.Namespace) -> int:
    """Say what there is against the pages, or against these alone."""
    # The pages' side takes longer to load than most commands take.
    from proven.page.check import problems

    found = list(problems(project, given.pages or None))
    for problem in found:
        print(problem)
    print(f"{len(found)} problems" if found else "nothing against it")
    return 1 if found else 0


def _show(run: Run) -> int:
    """Make one run and print what came of it."""
    with own_pool({run.mode}) as pool:
        record = pool.make(run)
    print(comparable(record))
    problem = judge(run, record)
    if problem:
        print(f"proven: {problem}", file=sys.stderr)
    return 1 if problem else 0


def _claim(project: Project, given: argparse.Namespace) -> int:
    from proven.page import index, rules

    if not given.page.is_file():
        raise ProvenError(f"no page {given.page}")
    shown = dict.fromkeys(str(run) for run in index.shown_on(given.page, project))
    number, path = rules.begin(project, given.page, list(shown))
    where = path.relative_to(project.root)
    print(f"{number} new in {where}: name the proof of each" if number else f"{where} is whole")
    return 0


def _new(project: Project, given: argparse.Namespace) -> int:
    for path in new.begin(project, given.name):
        print(path.relative_to(project.root))
    print(f"now run: uv run proven update {given.name}.py")
    return 0


if __name__ == "__main__":
    sys.exit(main())
