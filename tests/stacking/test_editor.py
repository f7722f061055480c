"""What happens in the editor's kernel when a reader runs a cell by hand, edited or not."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from proven.modes import Mode
from proven.run.job import Job
from proven.run.kernel import CellView, Notebook, Session
from proven.run.pool import Pool
from proven.snippet import Snippet
from tests.here import find, run_of

pytestmark = pytest.mark.slow

LIMIT = 120.0


@contextmanager
def opened(snippet: Snippet, pool: Pool, folder: Path) -> Iterator[Session]:
    """The notebook in the editor, all cells run."""
    job = Job(run_of(snippet, "edit"), folder / "job", pool.api(Mode.EDIT))
    with Notebook(job.file, "edit", job.env, job.folder / "marimo.log", job.project) as notebook:
        session = notebook.open(LIMIT)
        try:
            session.start()
            yield session
        finally:
            session.close()


def cell(session: Session, text: str) -> CellView:
    """The one cell with this text."""
    (found,) = (c for c in session.cells.values() if text in c.code)
    return found


def run_cell(session: Session, of: CellView, code: str) -> None:
    """Run a cell as its button does, with the code that stands in it now."""
    session._post("run", {"cellIds": [of.id], "codes": [code]})
    session._settle(time.monotonic() + LIMIT)


def console(of: CellView) -> str:
    return "".join(str(message["data"]) for message in of.console)


BUTTON = """
import marimo

__generated_with = "0.25.2"
app = marimo.App()

with app.setup:
    import marimo as mo


@app.cell
def button():
    go = mo.ui.run_button(label="Go")
    go
    return (go,)


@app.cell
def work(go):
    mo.stop(not go.value)
    print("the flow runs")
    return


if __name__ == "__main__":
    app.run()
"""
LAZY = '# /// script\n# [tool.marimo.runtime]\n# on_cell_change = "lazy"\n# ///\n'


@pytest.mark.parametrize(("header", "runs"), [(LAZY, True), ("", False)], ids=["lazy", "eager"])
def test_under_the_lazy_setting_a_pressed_button_stays_pressed(
    header: str, runs: bool, pool: Pool, tmp_path: Path
) -> None:
    (tmp_path / "button.py").write_text(header + BUTTON)
    with opened(Snippet("button.py", tmp_path), pool, tmp_path) as session:
        work = cell(session, "the flow runs")
        button = cell(session, "run_button")
        assert button.output is not None
        (object_id,) = _object_ids(str(button.output["data"]))
        session.set(object_id, 1)
        for _ in range(2):
            run_cell(session, work, work.code)
        assert ("the flow runs" in console(work)) is runs


def _object_ids(html: str) -> list[str]:
    return [part.partition("'")[0] for part in html.split("object-id='")[1:]]


@pytest.mark.parametrize(
    ("old", "new", "policy", "value"),
    [
        ("RATE = 2", "RATE = 5", "INPUTS + content + code", 1606.0),
        ("RATE = 2", "RATE = 5", "INPUTS + TASK_SOURCE", 643.0),
        ("return sum(", "return max(", "INPUTS + content + code", 601.0),
        ("return sum(", "return max(", "INPUTS + TASK_SOURCE", 601.0),
        ("return sum(", "return max(", "INPUTS", 643.0),
    ],
)
def test_what_is_edited_in_a_running_kernel(
    old: str, new: str, policy: str, value: float, pool: Pool, tmp_path: Path
) -> None:
    text = find("stacking/unseen.py").text
    with_cell = text.replace(
        '    mo.stop(mo.app_meta().mode != "script")\n    Path', "    Path"
    ).replace("each_key(**mo.cli_args().to_dict())", "each_key()")
    (tmp_path / "unseen.py").write_text(with_cell)
    (tmp_path / "rates.py").write_text(find("stacking/rates.py").path.read_text())
    (tmp_path / "unseen.toml").write_text('brings = ["rates.py"]\n')
    with opened(Snippet("unseen.py", tmp_path), pool, tmp_path) as session:
        changed, script = cell(session, old), cell(session, 'numbers.txt").exists')
        run_cell(session, changed, changed.code.replace(old, new))
        run_cell(session, script, script.code)
        last = console(script).splitlines()[-1]
    # The change the cell that needs it already, so both are cached by now.
    assert f"'{policy}': [{value}, 'Cached']" in last


MODULE = """
import marimo

__generated_with = "0.25.2"
app = marimo.App()

with app.setup:
    import marimo as mo
    from rates import fee


@app.function
@mo.cache
def remembered(n: int) -> int:
    print("computes")
    return n * n


@app.cell
def shown():
    print(f"the fee is {fee()}", remembered(4))
    return


if __name__ == "__main__":
    app.run()
"""


@pytest.fixture
def module(tmp_path: Path) -> Snippet:
    (tmp_path / "module.py").write_text(MODULE)
    (tmp_path / "rates.py").write_text(find("stacking/rates.py").text)
    (tmp_path / "module.toml").write_text('brings = ["rates.py"]\n')
    return Snippet("module.py", tmp_path)


def test_a_kernel_keeps_the_module_that_it_imported(
    module: Snippet, pool: Pool, tmp_path: Path
) -> None:
    with opened(module, pool, tmp_path) as session:
        shown, setup = cell(session, "the fee is"), cell(session, "from rates")
        copy = tmp_path / "job/project/rates.py"
        copy.write_text(copy.read_text().replace("1.0", "7.0"))
        run_cell(session, setup, setup.code)
        run_cell(session, shown, shown.code)
        assert "the fee is 1.0" in console(shown)
        assert "the fee is 7.0" not in console(shown)
    module.path.with_name("rates.py").write_text(copy.read_text())
    with opened(module, pool, tmp_path / "anew") as session:
        assert "the fee is 7.0" in console(cell(session, "the fee is"))


OWN_VALUE = """
import marimo

app = marimo.App()


@app.cell
def made_and_read():
    import marimo as mo
    days = mo.ui.slider(1, 9)
    print(days.value)
    return


if __name__ == "__main__":
    app.run()
"""


def test_the_cell_that_makes_a_widget_cannot_read_it(pool: Pool, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(OWN_VALUE)
    with opened(Snippet("own.py", tmp_path), pool, tmp_path) as session:
        said = str(cell(session, "mo.ui.slider").output)
    assert "Accessing the value of a UIElement in the cell that created it is not allowed" in said


def test_mo_cache_of_an_app_ends_with_the_session(
    module: Snippet, pool: Pool, tmp_path: Path
) -> None:
    job = Job(run_of(module, "run"), tmp_path / "job", pool.api(Mode.RUN))
    with Notebook(job.file, "run", job.env, job.folder / "marimo.log", job.project) as notebook:
        for _ in range(2):
            session = notebook.open(LIMIT)
            session.start()
            session.close()
        assert notebook.process.text.count("computes") == 2


CHAIN = """
import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def first():
    made = 1
    return (made,)


@app.cell
def second(made):
    print(made)
    return


@app.cell
def other():
    print("other")
    return
"""


def test_a_cell_run_by_hand_brings_the_cells_that_it_needs(pool: Pool, tmp_path: Path) -> None:
    (tmp_path / "chain.py").write_text(CHAIN)
    job = Job(run_of(Snippet("chain.py", tmp_path), "edit"), tmp_path / "job", pool.api(Mode.EDIT))
    with Notebook(job.file, "edit", job.env, job.folder / "marimo.log", job.project) as notebook:
        session = notebook.open(LIMIT)
        while not session.cells:
            session._receive(time.monotonic() + LIMIT)
        session._post("instantiate", {"objectIds": [], "values": [], "autoRun": False})
        by_hand = cell(session, "print(made)")
        run_cell(session, by_hand, by_hand.code)
        assert [view.name for view in session.take()] == ["first", "second"]
        session.close()
