"""The list of claims: proofs that are gone and sections without an entry are found."""

from pathlib import Path

import pytest

from proven.errors import ProvenError
from proven.page import claims
from proven.page.directives.claims import sections
from proven.page.index import places
from proven.project import Project
from proven.testing import html, page, record, tiny, write
from tests.here import PROJECT

PLACES = {"a.py::script": "p.md#run-a-py-script"}
TOML = """sections = ["S"]
[[claim]]
section = "S"
claim = "C"
verdict = "true"
really = "R"
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = tiny(tmp_path)
    record(project, "a.py::check")
    return project


def one(section: str = "S", proof: tuple[str, ...] = ("a.py::script",)) -> claims.Claims:
    claim = claims.Claim("x | y", list(proof), "false", section, "Really <b> `c`.")
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
    project: Project, entry: claims.Claims, message: str
) -> None:
    (problem,) = claims.problems(entry, PLACES, project)
    assert message in problem


def test_a_claim_is_a_line_and_what_it_folds_links_to_the_run(project: Project) -> None:
    assert list(claims.problems(one(), PLACES, project)) == []
    told = "\n".join(sections(one(), PLACES, page(project)))
    assert "[`a.py::script`](p.md#run-a-py-script)" in told and 'aria-label="passed"' in told
    assert ">x | y</span></summary>" in told and "&lt;b&gt; `c`" in told
    assert ">false</span>" in told


def test_a_section_without_an_entry_is_listed_as_open(project: Project) -> None:
    assert "## Not yet covered\n\n- T\n" in "\n".join(sections(one(), PLACES, page(project)))
    assert one().open == ["T"]


def test_a_proof_that_no_page_shows_is_warned_of_once_and_has_no_link(project: Project) -> None:
    write(project.claims, f'{TOML}proof = ["a.py::check"]\n')
    said: list[str] = []
    made = html(project, "``` claims\n```", page(project, warn=said.append))
    assert "<code>a.py::check</code>" in made and "p.md" not in made
    assert said == ["docs/p.md: claims.toml: 'C': its proof a.py::check is shown on no page"]


def test_an_edited_file_is_read_anew(project: Project) -> None:
    write(project.claims, f'{TOML}proof = ["a.py::script"]\n')
    assert ">true</span>" in html(project, "``` claims\n```")
    text = project.claims.read_text()
    write(project.claims, text.replace('"true"', '"false"'))
    assert ">false</span>" in html(project, "``` claims\n```")


def test_a_file_that_is_not_valid_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "claims.toml"
    path.write_text('sections = []\n[[claim]]\nverdict = "perhaps"\n')
    with pytest.raises(ProvenError, match="perhaps"):
        claims.read(path)


def test_every_claim_of_this_site_holds() -> None:
    kept = claims.read(PROJECT.claims)
    assert list(claims.problems(kept, places(PROJECT), PROJECT)) == []
