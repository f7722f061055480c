"""The tests that claims name are tests that pytest finds, each with its id."""

import subprocess
import sys
from collections.abc import Iterable
from itertools import chain

import pytest

from proven.page import claims, rules
from tests.here import PROJECT, ROOT

pytestmark = pytest.mark.slow  # pytest imports the whole suite


def _lost(tests: Iterable[str]) -> list[str]:
    """Those that pytest does not find; it imports them, which the check of pages does not."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run([*command, *sorted(tests)], cwd=ROOT, capture_output=True, text=True)
    lines = (done.stdout + done.stderr).splitlines()
    return [line for line in lines if line.startswith("ERROR")]


def _named() -> set[str]:
    pages = chain.from_iterable(rules.all_of(PROJECT).values())
    named = [*claims.read(PROJECT.claims).claim, *pages]
    proofs = {proof for claim in named for proof in (*claim.proof, *claim.attacks)}
    return {proof for proof in proofs if proof.startswith("tests/")}


def test_pytest_finds_each_test_that_a_claim_names() -> None:
    assert len(_named()) > 100
    assert _lost(_named()) == []


def test_a_wrong_id_is_red() -> None:
    reason = "tests/antipatterns/test_attacks.py::test_a_reason_is_the_reason"
    (said,) = _lost([f"{reason}[failed_task_wrong]", f"{reason}[no_such_snippet]"])
    assert "not found" in said
