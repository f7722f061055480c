"""What no run proves stands in the ledger, each line with a reason that holds."""

import pytest

from proven import exclusions
from proven.errors import ProvenError
from proven.exclusions import Reason
from proven.project import Project

FLOW = "from prefect import flow\n\n\n@flow\ndef f():\n    pass\n"
TEST = "def test_it():\n    pass\n"


def problems(tiny: Project, what: str, check: str) -> list[str]:
    return list(exclusions.problems([Reason(what, "why", check)], tiny.catalogue()))


def test_a_line_that_holds_is_no_problem(tiny: Project) -> None:
    assert problems(tiny, "a.py::worker", "no-flow") == []
    assert problems(tiny, "*::worker", "no-flow") == []


@pytest.mark.parametrize(
    ("what", "check", "problem"),
    [
        ("aa.py::worker", "no-flow", "no snippet 'aa.py'"),
        ("a.py::wroker", "no-flow", "no such mode"),
        ("a.py::worker", "script-fails", "not so: script-fails"),
        ("other/*::worker", "no-flow", "there is no such notebook and mode"),
        ("*::wroker", "no-flow", "there is no such notebook and mode"),
    ],
)
def test_a_line_that_does_not_hold_is_named(
    tiny: Project, what: str, check: str, problem: str
) -> None:
    (found,) = problems(tiny, what, check)
    assert problem in found


@pytest.mark.parametrize(
    ("check", "more"),
    [
        ("no-flow", FLOW),
        (
            "no-flow",
            FLOW.replace("from prefect import flow", "import prefect").replace("@", "@prefect."),
        ),
        ("no-flow", FLOW.replace("import flow", "import flow as f2").replace("@flow", "@f2()")),
        ("no-tests", TEST),
        ("no-tests", TEST.replace("def", "async def")),
    ],
)
def test_a_reason_ends_with_what_it_speaks_of(tiny: Project, check: str, more: str) -> None:
    snippet = tiny.find("a.py")
    assert exclusions.CHECKS[check](snippet)
    snippet.path.write_text(snippet.text + more)
    assert not exclusions.CHECKS[check](tiny.find("a.py"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[[mode]]\nwhat = "a"\nreason = "r"\ncheck = "because"\n',
            "no check 'because'; there are: no-flow",
        ),
        ("[[mood]]\n", "unknown field `mood`"),
        ('[[mode]]\nwhat = "a"\n', "missing required field `reason`"),
    ],
)
def test_a_ledger_that_is_not_understood_is_an_error(
    tiny: Project, text: str, message: str
) -> None:
    tiny.ledger.write_text(text)
    with pytest.raises(ProvenError, match=message):
        exclusions.read(tiny.ledger)
