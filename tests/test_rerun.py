"""Under `mkdocs serve` a saved snippet is run again, alone; what fails keeps nothing."""

import logging
import time
from collections.abc import Callable, Iterator

import pytest

from proven.modes import Mode
from proven.project import Project
from proven.record import Record, save
from proven.rerun import Rerunner
from proven.run.pool import Pool

log = logging.getLogger("test")


class Direct(Rerunner):
    """Makes only what needs no server, so that a test is quick."""

    def _shared(self) -> Pool:
        return Pool(self._project.root)


@pytest.fixture
def rerunner(tiny: Project) -> Iterator[Rerunner]:
    only = ('[[mode]]\nwhat = "a.py::{}"\nreason = "r"\ncheck = "no-flow"\n').format
    quick = (Mode.CHECK, Mode.SHELL)
    tiny.ledger.write_text("".join(only(mode) for mode in Mode if mode not in quick))
    made = Direct(tiny, log)
    yield made
    made.close()


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_is_stale_is_run_and_the_stamp_tells_when_it_ended(
    tiny: Project, rerunner: Rerunner
) -> None:
    run = tiny.run("a.py::check")
    rerunner.look()
    state = rerunner.state(run)
    assert state is not None
    assert state[1] == "info" and "a.py was saved" in state[0]
    until(rerunner.stamp.is_file)
    until(lambda: run.fresh)
    assert rerunner.state(run) is None
    assert rerunner.stamp.read_text() == f"a.py::check {run.key}"


def test_what_is_fresh_is_not_run(tiny: Project, rerunner: Rerunner) -> None:
    run = tiny.run("a.py::check")
    save(Record("a.py", Mode.CHECK, run.key, passed=True), run.path)
    rerunner.look()
    assert rerunner.state(run) is None


def test_a_run_that_fails_says_so_keeps_nothing_and_is_not_tried_again_by_itself(
    tiny: Project, rerunner: Rerunner
) -> None:
    run = tiny.run("a.py::check")
    run.snippet.path.write_text(run.snippet.text.replace("double(21)", "double("))
    rerunner.look()
    run = tiny.run("a.py::check")
    until(lambda: (rerunner.state(run) or ("", ""))[1] == "failure")
    state = rerunner.state(run)
    assert state is not None and "snippets/a.py::check failed" in state[0]
    assert not run.path.exists()
    rerunner.look()
    assert rerunner.state(run) == state


def test_a_broken_ledger_is_said_and_ends_nothing(
    tiny: Project, rerunner: Rerunner, caplog: pytest.LogCaptureFixture
) -> None:
    tiny.ledger.write_text("[[mood]]\n")
    with caplog.at_level(logging.ERROR):
        rerunner.look()
    assert "unknown field `mood`" in caplog.text


def test_who_is_closed_makes_no_pool(tiny: Project) -> None:
    made = Rerunner(tiny, log)
    made.close()
    assert made._shared() is None
