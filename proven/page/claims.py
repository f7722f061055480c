"""Read `claims.toml`: what the original note claims, what really happens, and what shows it."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path
from typing import Literal, get_args

import msgspec

from proven.errors import ProvenError
from proven.project import Project
from proven.sidecar import Strict

Verdict = Literal["true", "true with a condition", "misleading", "false"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


class Claim(Strict, frozen=True):
    """A sentence that somebody acts on: of the note, or of a page of ours (see `rules`)."""

    claim: str
    proof: list[str]
    """What shows it: runs (`template.py::script`), for a page's also tests
    (`tests/test_template.py::test_name`)."""
    verdict: Verdict = "true"
    section: str = ""
    """For a claim of the note: the section that it stands in."""
    really: str = ""
    """For a claim of the note: what really happens, in one sentence of Markdown."""
    attacks: list[str] = []
    """For a rule of a page: the tests that tried to break it."""


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


def problems(claims: Claims, shown: Container[str], project: Project) -> Iterator[str]:
    """Claims whose proof is gone or shown nowhere, and sections that the note has not."""
    for claim in claims.claim:
        where = f"claims.toml: {claim.claim!r}"
        if claim.section not in claims.sections:
            yield f"{where}: the note has no section {claim.section!r}"
        if not claim.really:
            yield f"{where}: it does not say what really happens"
        if not claim.proof:
            yield f"{where}: no proof"
        for proof in claim.proof:
            if not _exists(proof, project):
                yield f"{where}: its proof {proof} is gone"
            elif proof not in shown:
                yield f"{where}: its proof {proof} is shown on no page"


def _exists(proof: str, project: Project) -> bool:
    try:
        return project.run(proof).path.is_file()
    except ProvenError:
        return False
