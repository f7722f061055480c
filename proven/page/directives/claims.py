"""The directive `claims`: every claim of `claims.toml`, its verdict, and the runs that show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import ClassVar

from proven.html import GAP, Html, h, halves
from proven.page import claims, proofs
from proven.page.claims import VERDICTS, Claim, Claims
from proven.page.directive import Directive
from proven.page.filters import counted, filters, token
from proven.page.pieces import badge
from proven.page.site import Lines, Page
from proven.project import Project

_HEAD = ("| The note says | Verdict | What really happens | Proof |", "| --- | --- | --- | --- |")


class ClaimsDirective(Directive, frozen=True):
    """The table of claims, a section for each of the note's."""

    word: ClassVar[str] = "claims"

    def expand(self, name: str, page: Page) -> Lines:
        """The table as Markdown, so that its links are MkDocs' to check."""
        kept, shown = claims.read(page.project.claims), page.places()
        for problem in claims.problems(kept, shown, page.project):
            page.warning(problem)
        page.anchors.update(proofs.address("claim", claim.claim) for claim in kept.claim)
        before, behind = halves(h("div", chosen(kept.claim), GAP, class_="claims"))
        return [*page.html(before), *sections(kept, shown, page), *page.html(behind)]


def chosen(some: Iterable[Claim]) -> Html:
    """The buttons that choose claims by their verdict, and by what they speak of."""
    some = list(some)
    return filters(
        {
            "Verdict": counted(([c.verdict] for c in some), VERDICTS),
            "Speaks of": counted(
                (proofs.speaks_of(c.claim).split() for c in some), proofs.PACKAGES
            ),
        }
    )


def marks(some: Iterable[Claim]) -> dict[str, str]:
    """By what these claims are chosen, as attributes of what holds them."""
    some = list(some)
    speaks = {word: None for c in some for word in proofs.speaks_of(c.claim).split()}
    verdicts = dict.fromkeys(token(c.verdict) for c in some)
    return {"data_verdict": " ".join(verdicts), "data_speaks": " ".join(speaks)}


def marked(claim: Claim, id_: str) -> str:
    """The claim in its cell: its address, and by what it is chosen."""
    return f"{h('span', id=id_, **marks([claim]))}{_cell(claim.claim)}"


def _linked(claim: Claim) -> str:
    id_ = proofs.address("claim", claim.claim)
    named = {"title": "A link to this claim", "aria_label": f"A link to the claim {id_}"}
    return marked(claim, id_) + h("a", href=f"#{id_}", class_="claim-link", **named)


def sections(kept: Claims, shown: Mapping[str, str], page: Page) -> Iterator[str]:
    """A table for each section that has claims, then the sections without."""
    for title in kept.sections:
        if some := [c for c in kept.claim if c.section == title]:
            before, behind = halves(h("section", GAP, **marks(some)))
            rows = [_row(claim, shown, page.project) for claim in some]
            yield from (*page.html(before), f"## {title}", "", *_HEAD, *rows, *page.html(behind))
    if kept.open:
        yield from ("## Not yet covered", "", *(f"- {title}" for title in kept.open), "")


def _row(claim: Claim, shown: Mapping[str, str], project: Project) -> str:
    # A run that no page shows has no link; `problems` has said so.
    shows = proofs.listed(claim.proof, shown, project)
    return f"| {_linked(claim)} | {badge(claim.verdict)} | {_cell(claim.really)} | {shows} |"


def _cell(text: str) -> str:
    """Markdown in a cell of a table; what would be HTML in it is text."""
    return escape(" ".join(text.split()), quote=False).replace("|", "\\|")
