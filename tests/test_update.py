"""Records are renewed where they differ, kept where they do not, removed where unused."""

import shutil
from pathlib import Path

import pytest

from proven import update
from proven.cli import main
from proven.errors import ProvenError
from proven.modes import Mode
from proven.project import Project, Run
from proven.record import Error, Record, save
from proven.run.pool import Outcome, Pool, own_pool
from proven.strays import unused_records


def record_of(run: Run, *said: str) -> Record:
    return Record(run.snippet.name, run.mode, run.key, passed=True, console=list(said))


def test_the_verdicts(tiny: Project) -> None:
    run = tiny.run("a.py::check")
    assert update.keep(run, record_of(run, "one")) == ("new", "")
    assert update.keep(run, record_of(run, "one")) == ("same", "")
    verdict, diff = update.keep(run, record_of(run, "two"))
    assert verdict == "changed" and '+  "two"' in diff
    later = record_of(run, "two")
    later.key = "another"
    assert update.keep(run, later) == ("renewed", "")


@pytest.mark.parametrize("outcome", ["an error", "a failed run"])
def test_what_failed_leaves_the_kept_record_as_it_was(tiny: Project, outcome: str) -> None:
    run = tiny.run("a.py::check")
    update.keep(run, record_of(run, "one"))
    before = run.path.read_bytes()
    failed = record_of(run, "last words")
    failed.passed, failed.error = False, Error("ValueError", "no")
    came: Outcome = ProvenError("no server") if outcome == "an error" else failed
    verdict, text = update.keep(run, came)
    assert verdict == "failed"
    assert "no server" in text or "ValueError: no\nlast words" in text
    assert run.path.read_bytes() == before


def test_a_record_that_nothing_asks_for_is_unused_and_is_removed(tiny: Project) -> None:
    run = tiny.run("a.py::check")
    save(record_of(run), run.path)
    gone = tiny.records / "gone.py" / "edit.json"
    save(record_of(run), gone)
    assert unused_records(tiny) == [gone]
    update.remove([gone], tiny)
    assert not gone.parent.exists() and run.path.is_file()


def test_stale_is_what_has_no_record_or_another_source(tiny: Project) -> None:
    run = tiny.run("a.py::check")
    assert run in update.stale(tiny)
    save(record_of(run), run.path)
    assert run not in update.stale(tiny)


class Told:
    """Keeps what the update tells."""

    def __init__(self) -> None:
        self.verdicts: dict[str, str] = {}
        self.texts: dict[str, str] = {}

    def __call__(self, run: Run, verdict: update.Verdict, text: str) -> None:
        self.verdicts[str(run)], self.texts[str(run)] = verdict, text


class Broken(Pool):
    """A pool in which one run goes wrong in a way that nobody foresaw."""

    def make(self, run: Run, *, own_server: bool = False) -> Record:
        if run.snippet.name == "broken.py":
            raise KeyError("line")
        return super().make(run, own_server=own_server)


def test_a_run_that_breaks_fails_alone(tiny: Project) -> None:
    told = Told()
    shutil.copy(tiny.snippets / "a.py", tiny.snippets / "broken.py")
    runs = [tiny.run("a.py::check"), tiny.run("broken.py::check")]
    with own_pool([Mode.CHECK]) as pool:
        update.renew(Broken(pool.folder), runs, told)
    assert told.verdicts == {"a.py::check": "new", "broken.py::check": "failed"}
    text = told.texts["broken.py::check"]
    assert "broken.py::check: KeyError: 'line'" in text
    kept = Path(text.partition("traceback: ")[2].rstrip(")"))
    assert "raise KeyError" in kept.read_text()


def test_the_command_renews_names_and_counts(
    tiny: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny.docs)
    save(Record("gone.py", Mode.EDIT), tiny.records / "gone.py" / "edit.json")
    only = ["--mode", "check"]
    assert main(["update", *only]) == 0
    said = capsys.readouterr().out
    assert "new      a.py::check" in said and "removed  gone.py/edit.json" in said
    assert "1 new, 1 removed" in said
    assert main(["update", *only]) == 0
    assert "all records are fresh" in capsys.readouterr().out
    assert main(["update", "a.py", "--mode", "check"]) == 0
    assert "1 same" in capsys.readouterr().out


def test_a_wrong_run_is_judged_after_its_right_sibling(tiny: Project) -> None:
    """The probe is held against the sibling's new record, not the one of last time."""
    wrong = tiny.snippets / "wrong.py"
    wrong.write_text(tiny.find("a.py").text.replace("print(double(21))", "double(21)"))
    (tiny.snippets / "wrong.toml").write_text(
        '[wrong.check]\nkind = "harm"\nprobe = "prints_something"\nright = "a.py"\n'
    )
    runs = [tiny.run("wrong.py::check"), tiny.run("a.py::check")]
    order: list[str] = []
    with own_pool([Mode.CHECK]) as pool:
        update.renew(pool, runs, lambda run, *_: order.append(str(run)))
    assert order == ["a.py::check", "wrong.py::check"]


class Restless(Pool):
    """A pool whose runs print another number each time."""

    def make(self, run: Run, *, own_server: bool = False) -> Record:
        record = super().make(run, own_server=own_server)
        numbers.append(len(numbers))
        record.console = [f"took {numbers[-1]} s"]
        return record


numbers: list[int] = []


def test_what_is_new_and_writes_another_text_each_time_is_refused(tiny: Project) -> None:
    told = Told()
    run = tiny.run("a.py::check")
    with own_pool([Mode.CHECK]) as pool:
        update.renew(Restless(pool.folder), [run], told)
    assert told.verdicts[str(run)] == "failed"
    assert '"took 0 s" became "took 1 s" in the second run' in told.texts[str(run)]
    assert "declare it in the sidecar" in told.texts[str(run)]
    assert not run.path.exists()


def test_what_came_out_otherwise_is_run_twice_too(tiny: Project) -> None:
    """Who changes a script that has a record may make it print a clock."""
    told = Told()
    run = tiny.run("a.py::check")
    update.keep(run, record_of(run, "took no time"))
    before = run.path.read_bytes()
    with own_pool([Mode.CHECK]) as pool:
        update.renew(Restless(pool.folder), [run], told)
    assert told.verdicts[str(run)] == "failed" and "in the second run" in told.texts[str(run)]
    assert run.path.read_bytes() == before


def test_a_record_that_can_not_be_read_is_made_anew(tiny: Project) -> None:
    run = tiny.run("a.py::check")
    update.keep(run, record_of(run, "one"))
    run.path.write_text('{"snippet": "do')
    assert update.keep(run, record_of(run, "one")) == ("new", "")
    assert run.record is not None
