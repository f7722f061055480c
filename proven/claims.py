"""Keep what the original note claims, what really happens, and the run that proves it.

`claims.toml` holds the note's sections and one table for each claim. The page is
generated from it; every proof is a link to the place where that run is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Literal

import msgspec

from proven import render
from proven.errors import ProvenError
from proven.project import Project
from proven.sidecar import Strict

Verdict = Literal["true", "true with a condition", "misleading", "false"]

_TONES: dict[Verdict, str] = {
    "true": "ok",
    "true with a condition": "harm",
    "misleading": "harm",
    "false": "bad",
}


class Claim(Strict, frozen=True):
    """One claim of the note."""

    section: str
    claim: str
    verdict: Verdict
    really: str
    """What really happens, in one sentence of Markdown."""
    proof: list[str]
    """The runs that show it: `template.py::script`."""


class Claims(Strict, frozen=True):
    """The file `claims.toml`."""

    sections: list[str]
    """The titles of the note's sections, in its order."""
    claim: list[Claim]

    @property
    def open(self) -> list[str]:
        """The sections that no claim covers yet."""
        covered = {c.section for c in self.claim}
        return [s for s in self.sections if s not in covered]


def read(path: Path) -> Claims:
    """The claims.

    Raises:
        ProvenError: the file is not valid; the message names the key.
    """
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Claims)
    except (OSError, msgspec.MsgspecError) as e:
        raise ProvenError(f"{path.name}: {e}") from e


def problems(
    claims: Claims,
    places: Mapping[str, str],
    project: Project,
) -> Iterator[str]:
    """Claims whose proof is gone or shown nowhere, and sections that the note has not.

    `places` gives the link to the page that shows each run (see `pages.places`).
    """
    for claim in claims.claim:
        where = f"claims.toml: {claim.claim!r}"
        if claim.section not in claims.sections:
            yield f"{where}: the note has no section {claim.section!r}"
        if not claim.proof:
            yield f"{where}: no proof"
        for proof in claim.proof:
            if not _exists(proof, project):
                yield f"{where}: its proof {proof} is gone"
            elif proof not in places:
                yield f"{where}: its proof {proof} is shown on no page"


def _exists(proof: str, project: Project) -> bool:
    try:
        return project.run(proof).path.is_file()
    except ProvenError:
        return False


def page(claims: Claims, places: Mapping[str, str]) -> str:
    """The generated page, as Markdown: a table for each section that has claims.

    Raises:
        ProvenError: a proof is shown on no page, so there is nothing to link to.
    """
    parts = [_section(title, claims, places) for title in claims.sections]
    if claims.open:
        parts.append("## Not yet covered\n")
        parts.append("\n".join(f"- {title}" for title in claims.open) + "\n")
    return "\n".join(filter(None, parts))


def _section(title: str, claims: Claims, places: Mapping[str, str]) -> str:
    rows = [_row(c, places) for c in claims.claim if c.section == title]
    if not rows:
        return ""
    head = "| The note says | Verdict | What really happens | Proof |\n| --- | --- | --- | --- |"
    return f"## {title}\n\n{head}\n" + "\n".join(rows) + "\n"


def _row(claim: Claim, places: Mapping[str, str]) -> str:
    missing = [p for p in claim.proof if p not in places]
    if missing:
        raise ProvenError(f"the claim {claim.claim!r}: its proof {missing[0]} is shown on no page")
    proofs = "<br>".join(f"[`{p}`]({places[p]})" for p in claim.proof)
    verdict = render.badge(claim.verdict, _TONES[claim.verdict])
    cells = (_cell(claim.claim), verdict, _cell(claim.really), proofs)
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return escape(" ".join(text.split()), quote=False).replace("|", "\\|")
