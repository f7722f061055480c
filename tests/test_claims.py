"""The claims ledger: proofs that are gone and sections without an entry are found."""

from pathlib import Path

import pytest

from proven import claims, pages, record
from proven.errors import ProvenError
from proven.record import Record
from proven.snippet import Snippet

PLACES = {"a.py::script": "p.md#run-a-py-script"}


@pytest.fixture
def proofs(tmp_path: Path) -> tuple[Path, Path]:
    root, records = tmp_path / "snippets", tmp_path / "records"
    root.mkdir()
    (root / "a.py").write_text("import marimo\n\napp = marimo.App()\n")
    for mode in ("script", "check"):
        record.save(Record("a.py", mode), Snippet("a.py", root), records)
    return root, records


def one(section: str = "S", proof: tuple[str, ...] = ("a.py::script",)) -> claims.Claims:
    claim = claims.Claim(section, "x | y", "false", "Really <b> `c`.", list(proof))
    return claims.Claims(["S", "T"], [claim])


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (one(proof=("gone.py::script",)), "its proof gone.py::script is gone"),
        (one(proof=("a.py::worker",)), "its proof a.py::worker is gone"),
        (one(proof=("a.py::nonsense",)), "its proof a.py::nonsense is gone"),
        (one(proof=("a.py::check",)), "is shown on no page"),
        (one(proof=()), "no proof"),
        (one(section="U"), "the note has no section 'U'"),
    ],
)
def test_a_claim_that_does_not_hold_is_found(
    proofs: tuple[Path, Path], entry: claims.Claims, message: str
) -> None:
    (problem,) = claims.problems(entry, PLACES, *proofs)
    assert message in problem


def test_a_claim_with_its_proof_is_a_row_that_links_to_the_run(proofs: tuple[Path, Path]) -> None:
    assert list(claims.problems(one(), PLACES, *proofs)) == []
    page = claims.page(one(), PLACES)
    assert "[`a.py::script`](p.md#run-a-py-script)" in page
    assert "x \\| y" in page and "&lt;b&gt; `c`" in page and ">false</span>" in page


def test_a_section_without_an_entry_is_listed_as_open() -> None:
    assert "## Not yet covered\n\n- T\n" in claims.page(one(), PLACES)
    assert one().open == ["T"]


def test_a_page_cannot_link_to_a_proof_that_no_page_shows() -> None:
    with pytest.raises(ProvenError, match="shown on no page"):
        claims.page(one(), {})


def test_a_file_that_is_not_valid_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "claims.toml"
    path.write_text('sections = []\n[[claim]]\nverdict = "perhaps"\n')
    with pytest.raises(ProvenError, match="perhaps"):
        claims.read(path)


def test_every_claim_of_this_site_holds() -> None:
    assert list(claims.problems(claims.read(), pages.places())) == []
