"""The directive `claims`: every claim of `claims.toml`, its verdict, and the runs that show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import ClassVar

from proven.html import GAP, Html, h, halves, join
from proven.page import claims, proofs
from proven.page.claims import VERDICTS, Claim, Claims
from proven.page.directive import Directive
from proven.page.filters import counted, filters, token
from proven.page.icons import icon
from proven.page.pieces import badge
from proven.page.site import Lines, Page

_HEAD = ("| The note says | Verdict | What really happens | Proof |", "| --- | --- | --- | --- |")


class ClaimsDirective(Directive, frozen=True):
    """The claims, a section for each of the note's.

    A line has claim and verdict; what really happens, and what shows it, is a press away.
    """

    word: ClassVar[str] = "claims"

    def expand(self, name: str, page: Page) -> Lines:
        """What is folded is Markdown, so that its links are MkDocs' to check."""
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


def sections(kept: Claims, shown: Mapping[str, str], page: Page) -> Iterator[str]:
    """The claims of each section that has some, then the sections without."""
    for title in kept.sections:
        if some := [c for c in kept.claim if c.section == title]:
            before, behind = halves(h("section", GAP, **marks(some)))
            yield from (*page.html(before), f"## {title}", "")
            for claim in some:
                yield from _claim(claim, shown, page)
            yield from page.html(behind)
    if kept.open:
        yield from ("## Not yet covered", "", *(f"- {title}" for title in kept.open), "")


def tables(kept: Claims) -> Iterator[str]:
    """All of them for who reads no HTML: a table for each section."""
    for title in kept.sections:
        if some := [c for c in kept.claim if c.section == title]:
            yield from (f"## {title}", "", *_HEAD)
            for claim in some:
                proof = ", ".join(f"`{run}`" for run in claim.proof)
                cells = (claim.claim, claim.verdict, claim.really, proof)
                yield f"| {' | '.join(map(cell, cells))} |"
            yield ""


def _claim(claim: Claim, shown: Mapping[str, str], page: Page) -> Iterator[str]:
    id_ = proofs.address("claim", claim.claim)
    said = h("span", _inline(claim.claim), class_="claim-said")
    line = h("summary", icon("fold"), h("span", badge(claim.verdict), class_="claim-verdict"), said)
    # In what is folded: a browser opens it for a link to it, without a script.
    place = h("span", id=id_, **marks([claim]))
    named = {"title": "A link to this claim", "aria_label": f"A link to the claim {id_}"}
    link = h("a", "Link", href=f"#{id_}", class_="claim-link", **named)
    body = h("div", place, link, GAP, class_="fold-body")
    before, behind = halves(h("details", line, body, class_="fold claim"))
    # A run that no page shows has no link; `problems` has said so.
    shows = proofs.listed(claim.proof, shown, page.project)
    yield from (*page.html(before), told(claim.really), "", shows, *page.html(behind))


def told(text: str) -> str:
    """A sentence as Markdown; what would be HTML in it is text."""
    return escape(" ".join(text.split()), quote=False)


def cell(text: str) -> str:
    """A sentence in a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def _inline(text: str) -> Html:
    """A sentence in a line that is HTML: code, and what is stressed."""
    parts = re.split(r"(`[^`]+`|\*[^*]+\*)", " ".join(text.split()))
    return join(h(_TAGS[part[0]], part[1:-1]) if n % 2 else part for n, part in enumerate(parts))


_TAGS = {"`": "code", "*": "em"}
