"""The command line: `proven update` makes records, `proven run` shows one run.

proven update                 what is missing or stale
proven update --all           everything; what came out the same is not written
proven update template.py     this snippet, in every mode
proven run template.py edit   one run, printed, not kept
"""

from __future__ import annotations

import argparse
import sys

from proven import interrupt, ledger
from proven.errors import ProvenError
from proven.judge import judge
from proven.keep import fresh, keep
from proven.record import RECORDS, Record, comparable, path_of
from proven.scenario import MODES, Mode, modes, scenario
from proven.snippet import Snippet, catalogue, find
from proven.suite import own_suite, run_all


def main(argv: list[str] | None = None) -> int:
    """Run the command; the exit status is 0 where all went as expected, else 1."""
    parser = argparse.ArgumentParser(prog="proven", description="Run snippets and keep records.")
    commands = parser.add_subparsers(required=True)
    update_ = commands.add_parser("update", help="run snippets and renew their records")
    update_.add_argument("names", nargs="*", metavar="SNIPPET")
    update_.add_argument("--all", action="store_true", help="also those with a fresh record")
    update_.add_argument("--mode", choices=MODES, action="append", help="only in this mode")
    update_.set_defaults(
        act=lambda a: update([find(n) for n in a.names], everything=a.all, only=a.mode)
    )
    run_ = commands.add_parser("run", help="run one snippet in one mode, print the record")
    run_.add_argument("name", metavar="SNIPPET")
    run_.add_argument("mode", choices=MODES)
    run_.set_defaults(act=lambda a: show(find(a.name), a.mode))
    try:
        given = parser.parse_args(argv)
        interrupt.listen()
        status: int = given.act(given)
        return status
    except ProvenError as e:
        print(f"proven: {e}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("proven: interrupted; what ran is ended, the kept records are whole", file=sys.stderr)
        return 130


def update(names: list[Snippet], *, everything: bool, only: list[Mode] | None) -> int:
    """Run what is wanted and write the records that differ; say which, and what failed."""
    wanted = [
        (snippet, mode)
        for snippet in names or catalogue()
        for mode in modes(snippet)
        if not ledger.left_out(snippet, mode)
        and (only is None or mode in only)
        and (names or everything or not fresh(snippet, mode))
    ]
    counts = dict.fromkeys(("new", "changed", "renewed", "same", "failed"), 0)

    wrong: list[tuple[Snippet, Mode, Record]] = []

    def done(snippet: Snippet, mode: Mode, result: Record | ProvenError) -> None:
        if isinstance(result, Record) and mode in scenario(snippet).wrong:
            # Judged last: a harm is probed on the right sibling's new record too.
            wrong.append((snippet, mode, result))
        else:
            tell(snippet, mode, result)

    def tell(snippet: Snippet, mode: Mode, result: Record | ProvenError) -> None:
        verdict, text = keep(snippet, mode, result)
        counts[verdict] += 1
        number = sum(counts.values())
        print(f"[{number}/{len(wanted)}] {verdict:<8} {snippet.name}::{mode}", flush=True)
        if text:
            print(text, flush=True)

    if wanted:
        with own_suite(worker=any(mode == "worker" for _, mode in wanted)) as suite:
            run_all(suite, wanted, done)
    for job in wrong:
        tell(*job)
    if not names:
        counts["removed"] = _remove_unused()
    print(", ".join(f"{n} {what}" for what, n in counts.items() if n) or "all records are fresh")
    return 1 if counts["failed"] else 0


def show(snippet: Snippet, mode: Mode) -> int:
    """Run one snippet in one mode and print what came of it."""
    with own_suite(worker=mode == "worker") as suite:
        record = suite.run(snippet, mode)
    print(comparable(record))
    problem = judge(snippet, record)
    if problem:
        print(f"proven: {problem}", file=sys.stderr)
    return 1 if problem else 0


def _remove_unused() -> int:
    """Remove records that no snippet and mode asks for."""
    used = {path_of(s, m) for s in catalogue() for m in modes(s) if not ledger.left_out(s, m)}
    unused = [p for p in RECORDS.rglob("*.json") if p not in used]
    for path in unused:
        print(f"removed  {path.relative_to(RECORDS)}")
        path.unlink()
    for folder in sorted((p for p in RECORDS.rglob("*") if p.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    return len(unused)


if __name__ == "__main__":
    sys.exit(main())
