"""The directive `claims`: every claim of `claims.toml`, its verdict, and the runs that show it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import ClassVar

from proven.html import GAP, h, halves
from proven.page import claims
from proven.page.claims import Claim, Claims
from proven.page.directive import Directive
from proven.page.pieces import badge
from proven.page.site import Lines, Page

_HEAD = "| The note says | Verdict | What really happens | Proof |\n| --- | --- | --- | --- |"


class ClaimsDirective(Directive, frozen=True):
    """The table of claims, a section for each of the note's."""

    word: ClassVar[str] = "claims"

    def expand(self, name: str, page: Page) -> Lines:
        """The table as Markdown, so that its links are MkDocs' to check."""
        kept, shown = claims.read(page.project.claims), page.places()
        for problem in claims.problems(kept, shown, page.project):
            page.warning(problem)
        before, behind = halves(h("div", GAP, class_="claims"))
        return [*page.html(before), *markdown(kept, shown).split("\n"), *page.html(behind)]


def markdown(kept: Claims, shown: Mapping[str, str]) -> str:
    """A table for each section that has claims, then the sections without.

    Args:
        kept: the claims.
        shown: the link to the place where each run is shown.
    """
    parts = [_section(title, kept, shown) for title in kept.sections]
    if kept.open:
        parts.append("## Not yet covered\n")
        parts.append("\n".join(f"- {title}" for title in kept.open) + "\n")
    return "\n".join(filter(None, parts))


def _section(title: str, kept: Claims, shown: Mapping[str, str]) -> str:
    rows = [_row(c, shown) for c in kept.claim if c.section == title]
    return f"## {title}\n\n{_HEAD}\n" + "\n".join(rows) + "\n" if rows else ""


def _row(claim: Claim, shown: Mapping[str, str]) -> str:
    # A run that no page shows has no link; `problems` has said so.
    proofs = (f"[`{p}`]({shown[p]})" if p in shown else f"`{p}`" for p in claim.proof)
    cells = (_cell(claim.claim), badge(claim.verdict), _cell(claim.really), "<br>".join(proofs))
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """Markdown in a cell of a table; what would be HTML in it is text."""
    return escape(" ".join(text.split()), quote=False).replace("|", "\\|")
