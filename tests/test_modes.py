"""One table of modes: each row is whole, and each runner is there."""

from pkgutil import resolve_name

import pytest

from proven.modes import NOTEBOOK_MODES, Mode
from proven.project import Project
from proven.run.pool import NO_API, Pool
from proven.sidecar import modes


@pytest.mark.parametrize("mode", list(Mode))
def test_each_row_is_whole(mode: Mode) -> None:
    assert mode.label and mode.did
    assert callable(resolve_name(f"proven.run.{mode.runner}"))
    assert mode.needs in ("nothing", "api", "worker")
    assert f"{mode}" == mode.value == mode


def test_labels_are_not_given_twice() -> None:
    assert len({mode.label for mode in Mode}) == len({mode.did for mode in Mode}) == len(Mode)


def test_a_notebook_is_run_in_each_mode_and_a_script_in_one(tiny: Project) -> None:
    (tiny.snippets / "x.sh").write_text("true\n")
    assert modes(tiny.find("a.py")) == NOTEBOOK_MODES
    assert {*modes(tiny.find("x.sh")), *NOTEBOOK_MODES} == set(Mode)


def test_a_mode_that_needs_nothing_of_prefect_waits_for_no_server(tiny: Project) -> None:
    nothing = [mode for mode in Mode if mode.needs == "nothing"]
    assert nothing
    for mode in nothing:
        assert Pool(tiny.root).api(mode) == NO_API
