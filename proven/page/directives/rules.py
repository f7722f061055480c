"""The directive `rules`: each rule of each page, what shows it, and what tried to break it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import ClassVar

from proven.html import h
from proven.page import rules
from proven.page.claims import Claim
from proven.page.directive import Directive
from proven.page.site import Lines, Page
from proven.project import Project

_HEAD = "| The page says | Shown by | Tried to break it |\n| --- | --- | --- |"
CONDITION = "true with a condition"


class RulesDirective(Directive, frozen=True):
    """The rules of all pages, a table for each page, with their counts."""

    word: ClassVar[str] = "rules"

    def expand(self, name: str, page: Page) -> Lines:
        """The tables as Markdown, so that their links are MkDocs' to check."""
        listed = rules.all_of(page.project)
        shown = page.places()
        parts = [counted([claim for claims in listed.values() for claim in claims])]
        for inner, claims in listed.items():
            page.anchors.update(rules.id_of(inner, n) for n in range(len(claims)))
            parts.append(_table(page.project, inner, claims, shown))
        return "\n\n".join(parts).split("\n")


def counted(claims: list[Claim]) -> str:
    """How many rules there are, and what stands behind them."""
    proofs = {proof for claim in claims for proof in claim.proof}
    tests = {proof for proof in proofs if proof.startswith("tests/")}
    attacks = {attack for claim in claims for attack in claim.attacks}
    conditions = sum(claim.verdict == CONDITION for claim in claims)
    return (
        f"{len(claims)} rules, shown by {len(proofs) - len(tests)} runs and {len(tests)} tests; "
        f"{len(attacks)} tests try to break them. "
        f"{conditions} hold under a condition, which the page says beside the rule."
    )


def _table(project: Project, inner: str, claims: list[Claim], shown: Mapping[str, str]) -> str:
    title = next(
        (x[2:] for x in (project.docs / inner).read_text().splitlines() if x.startswith("# ")),
        inner,
    )
    rows = "\n".join(_row(rules.id_of(inner, n), claim, shown) for n, claim in enumerate(claims))
    # Not for the search: it would find each rule twice, and the page itself is the answer.
    return (
        f"## {title} {{: data-search-exclude=''}}\n\n[Read the page]({inner}).\n\n{_HEAD}\n{rows}"
    )


def _row(id_: str, claim: Claim, shown: Mapping[str, str]) -> str:
    text = escape(claim.claim, quote=False).replace("|", "\\|")
    cells = [f"{h('span', id=id_)}{text}"]
    cells += ["<br>".join(_link(p, shown) for p in some) for some in (claim.proof, claim.attacks)]
    return f"| {' | '.join(cells)} |"


def _link(proof: str, shown: Mapping[str, str]) -> str:
    return f"[`{proof}`]({shown[proof]})" if proof in shown else f"`{proof}`"
