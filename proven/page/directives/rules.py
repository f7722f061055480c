"""The directive `rules`: each rule of each page, what shows it, and what tried to break it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from proven.html import GAP, h, halves
from proven.page import abstract, proofs, rules
from proven.page.claims import Claim
from proven.page.directive import Directive
from proven.page.directives.claims import cell, chosen, marks, told
from proven.page.pieces import Fold, coded, count, fold
from proven.page.site import Lines, Page
from proven.project import Project

_HEAD = ("| The page says | Shown by | Tried to break it |", "| --- | --- | --- |")
CONDITION = "true with a condition"


class RulesDirective(Directive, frozen=True):
    """The rules of all pages, a fold for each page, with their counts."""

    word: ClassVar[str] = "rules"

    def expand(self, name: str, page: Page) -> Lines:
        """The tables as Markdown, so that their links are MkDocs' to check."""
        listed = page.project.once(rules.all_of)
        shown = page.places()
        every = [claim for claims in listed.values() for claim in claims]
        before, behind = halves(h("div", chosen(every), GAP, class_="claims"))
        lines = [counted(every), *page.html(before)]
        for inner, claims in listed.items():
            page.anchors.update(rules.id_of(inner, claim.claim) for claim in claims)
            lines += _folded(page, inner, claims, shown)
        return [*lines, *page.html(behind)]


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


def _folded(page: Page, inner: str, claims: list[Claim], shown: Mapping[str, str]) -> Lines:
    title = abstract.of(page.project.docs / inner).question
    of = Fold(coded(title), count(len(claims), "rule"), GAP)
    # Not for the search: it would find each rule twice, and the page itself is the answer.
    before, behind = halves(fold(of, data_search_exclude=True, **marks(claims)))
    rows = (_row(page.project, inner, claim, shown) for claim in claims)
    link = f"[Open the page]({inner})"
    return [*page.html(before), link, "", *_HEAD, *rows, *page.html(behind)]


def _row(project: Project, inner: str, claim: Claim, shown: Mapping[str, str]) -> str:
    place = h("span", id=rules.id_of(inner, claim.claim), **marks([claim]))
    said = cell(told(claim.claim))
    # Without their task runs: this page is the longest, and still light.
    proven = (claim.proof, claim.attacks)
    cells = (proofs.listed(some, shown, project, tasks=False) for some in proven)
    return f"| {place}{said} | {' | '.join(cells)} |"
