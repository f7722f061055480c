"""Hold each rule on a page against its proof: the claims in `claims/PAGE.toml`.

An entry names the sentence as it stands on the page, the runs or tests that show it, and
the tests that tried to break it. A sentence that is new or changed, an entry whose sentence
is gone, and a proof that no longer holds are problems; each message names the mend. A project
without the folder `claims/` keeps no such list.
"""

from __future__ import annotations

import ast
import difflib
import os
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from proven.errors import ProvenError
from proven.judge import judge
from proven.page.claims import Claim
from proven.page.front import cut
from proven.page.proofs import number
from proven.page.sentences import Sentence, noted, sentences
from proven.project import Project
from proven.sidecar import Strict

LIST = "proof.md"
"""The page, below `docs/`, that lists all rules with their proofs."""

_LOOK = '{.rule title="How this is proven" aria-label="How this is proven"}'


class Rules(Strict, frozen=True):
    """The file `claims/PAGE.toml`."""

    claim: list[Claim] = []


def path_of(project: Project, page: str) -> Path:
    """Where the claims of a page are: those of `docs/a/b.md` in `claims/a/b.toml`."""
    inner = Path(page).relative_to("docs") if page.startswith("docs/") else Path(page)
    return project.rules / inner.with_suffix(".toml")


def read(path: Path) -> list[Claim]:
    """The claims of a page; none where there is no file.

    Raises:
        ProvenError: the file is not valid; the message names the key.
    """
    if not path.is_file():
        return []
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Rules).claim
    except msgspec.MsgspecError as e:
        raise ProvenError(f"claims/{path.name}: {e}") from e


def problems(project: Project, page: str, first_line: int, lines: Sequence[str]) -> Iterator[str]:
    """Rules without a proof, entries without a sentence, and proofs that do not hold.

    Args:
        project: where snippets, records and tests are.
        page: what messages call the page, `docs/a/b.md`.
        first_line: the line of its file on which its Markdown begins.
        lines: its Markdown.
    """
    if not project.rules.is_dir():
        return  # a project that keeps no claims of its pages
    path = path_of(project, page)
    where = path.relative_to(project.root).as_posix()
    claims = read(path)
    said = _said(lines)
    known = {claim.claim for claim in claims}
    for sentence in said:
        if sentence.rule and sentence.text not in known:
            yield (
                f"{page}:{first_line + sentence.line}: a rule without a proof: {sentence.text!r}; "
                f"name the runs or tests that show it in {where} "
                f"(uv run proven claim {page} begins the entry)"
            )
    for claim in claims:
        yield from _of_claim(project, claim, f"{where}: {claim.claim!r}", said)


def _said(lines: Sequence[str]) -> list[Sentence]:
    """All that a page says: its prose, and what stands in its directives."""
    return [*sentences(lines), *noted(lines)]


def _of_claim(
    project: Project, claim: Claim, where: str, said: Sequence[Sentence]
) -> Iterator[str]:
    texts = [sentence.text for sentence in said]
    if claim.claim not in texts:
        near = difflib.get_close_matches(claim.claim, texts, n=1, cutoff=0.5)
        now = f"; it says now: {near[0]!r}" if near else ""
        yield f"{where} is not on the page{now}; prove what it says, then mend the entry"
    if not claim.proof:
        yield f"{where} has no proof; name a run (NAME::MODE) or a test (tests/FILE.py::test_name)"
    for proof in (*claim.proof, *claim.attacks):
        if broken := broken_proof(project, proof):
            yield f"{where}: its proof {proof} {broken}"


def broken_proof(project: Project, proof: str) -> str:
    """Why a run or a test shows nothing (any more); empty where it does."""
    if proof.startswith("tests/"):
        return _broken_test(project, proof)
    try:
        run = project.run(proof)
        kept = run.record
    except ProvenError as e:
        return f"is gone: {e}"
    if kept is None:
        return f"was never run; {run.hint}"
    wrong = judge(run, kept)
    return f"no longer holds: {wrong}" if wrong else ""


def _broken_test(project: Project, proof: str) -> str:
    file, _, name = proof.partition("::")
    path = project.root / file
    if not path.is_file():
        return f"is gone: there is no {file}"
    wanted = name.rpartition("::")[2].partition("[")[0]
    return "" if wanted in _tests(path.read_text()) else f"is gone: {file} has no test {wanted!r}"


@lru_cache(maxsize=64)
def _tests(source: str) -> frozenset[str]:
    """The names of the tests in a file, as pytest finds them; nothing is imported."""
    body = ast.parse(source).body
    inside = [node for each in body if isinstance(each, ast.ClassDef) for node in each.body]
    return frozenset(
        node.name
        for node in (*body, *inside)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test")
    )


def begin(project: Project, page: Path, shown: Sequence[str]) -> tuple[int, Path]:
    """Write an entry for each rule of the page that has none; how many, and where.

    Args:
        project: whose page it is.
        page: the page's file.
        shown: the runs that it shows, from which its author chooses the proof.
    """
    name = page.resolve().relative_to(project.root.resolve()).as_posix()
    path = path_of(project, name)
    known = {claim.claim for claim in read(path)}
    _, body = cut(page.read_text(encoding="utf-8"))
    said = _said(body.splitlines())
    new = [s.text for s in said if s.rule and s.text not in known]
    if new:
        choice = f"  # it shows: {', '.join(shown)}" if shown else ""
        entries = [f"[[claim]]\nclaim = {_quoted(text)}\nproof = []{choice}\n" for text in new]
        path.parent.mkdir(parents=True, exist_ok=True)
        before = [path.read_text(encoding="utf-8").rstrip() + "\n"] if path.is_file() else []
        path.write_text("\n".join([*before, *entries]), encoding="utf-8")
    return len(new), path


def _quoted(text: str) -> str:
    """A TOML string: without escapes, where that is possible."""
    return f"'{text}'" if "'" not in text else msgspec.json.encode(text).decode()


def all_of(project: Project) -> dict[str, list[Claim]]:
    """The claims of each page that has some, by the page's path below `docs/`."""
    found = {}
    for path in sorted(project.rules.rglob("*.toml")):
        inner = path.relative_to(project.rules).with_suffix(".md").as_posix()
        found[inner] = read(path)
    return found


def id_of(inner: str, text: str) -> str:
    """The address of a rule on the page that lists them all."""
    page = re.sub(r"[^a-z0-9]+", "-", inner.removesuffix(".md").lower())
    return f"rule-{page}-{number(text)}"


def marked(project: Project, page: str, lines: Sequence[str]) -> list[str]:
    """The lines with a quiet mark behind each rule, which leads to its proof.

    There are none where the site has no page that lists the proofs.
    """
    inner = page.removeprefix("docs/")
    known = {claim.claim for claim in read(path_of(project, page))}
    out = list(lines)
    if not known or not (project.docs / LIST).is_file():
        return out
    target = os.path.relpath(LIST, Path(inner).parent)
    # From the end, so that no mark moves the place of another.
    for sentence in reversed(list(sentences(lines))):
        if sentence.text in known:
            line, at = out[sentence.line], sentence.column
            mark = f"[]({target}#{id_of(inner, sentence.text)})" + _LOOK
            out[sentence.line] = line[:at] + mark + line[at:]
    return out
