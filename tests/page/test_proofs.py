"""A claim's address stays, and its runs are drawn from their records."""

from pathlib import Path

import pytest

from proven.page import claims, proofs, rules
from proven.project import Project
from proven.record import FlowRun, TaskRun
from proven.testing import html, record, tiny, write
from tests.here import PROJECT

CLAIM = '[[claim]]\nsection = "S"\nreally = "R"\nproof = ["a.py::script"]\n'
TWO = 'sections = ["S"]\n' + f'{CLAIM}claim = "First."\n' + f'{CLAIM}claim = "Second."\n'


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return tiny(tmp_path, {"claims.toml": TWO})


def test_the_address_of_a_claim_stays_when_another_goes(project: Project) -> None:
    address = proofs.address("claim", "Second.")
    assert f'id="{address}"' in html(project, "``` claims\n```")
    write(project.claims, TWO.replace(f'{CLAIM}claim = "First."\n', ""))
    made = html(project, "``` claims\n```")
    assert f'id="{address}"' in made and f'href="#{address}"' in made
    assert proofs.address("claim", "Second!") != address


def test_no_two_claims_of_this_site_share_an_address() -> None:
    told = [proofs.address("claim", c.claim) for c in claims.read(PROJECT.claims).claim]
    told += [
        rules.id_of(page, c.claim) for page, some in rules.all_of(PROJECT).items() for c in some
    ]
    assert len(set(told)) == len(told) > 300


def test_a_run_is_drawn_as_what_came_of_it_and_of_its_task_runs(project: Project) -> None:
    tasks = [TaskRun("x-1", "x", "Completed"), TaskRun("y-1", "y", "Failed")]
    flows = [FlowRun("r", "f", "Failed", tasks=tasks)]
    record(project, "a.py::script", flows=flows, passed=False)
    drawn = proofs.listed(["a.py::script"], {}, project)
    assert 'title="failed; task runs: Completed, Failed"' in drawn
    assert drawn.index("icon--bad") < drawn.index("icon--ok")
    assert proofs.listed(["a.py::worker", "tests/t.py::t"], {}, project) == (
        "`a.py::worker`<br>`tests/t.py::t`"
    )


@pytest.mark.parametrize(
    ("text", "packages"),
    [
        ("A cell of `@app.function`", "marimo"),
        ("A worker runs it.", "Prefect"),
        ("uv reads the header of a notebook.", "marimo uv"),
        ("It rains.", ""),
    ],
)
def test_a_claim_speaks_of_the_packages_whose_words_it_has(text: str, packages: str) -> None:
    assert proofs.speaks_of(text) == packages


def test_what_is_to_be_chosen_is_counted_by_the_whole_verdict(project: Project) -> None:
    condition = TWO.replace('"R"', '"R"\nverdict = "true with a condition"', 1)
    write(project.claims, condition)
    made = html(project, "``` claims\n```")
    assert "<span>true 1</span>" in made and "<span>true with a condition 1</span>" in made
    assert "misleading" not in made
