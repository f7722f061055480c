"""Console lines: who wrote them, in what order, and how many."""

import time
from typing import Any

import pytest

from proven.run import console, marks
from proven.run.marks import Piece, pieces
from proven.scrub import Scrub

LIBRARY = "/x/site-packages/y.py"
TOKEN = "b1946ac92492d2347c6235b4"


def _marked(text: str, trace: str = "", **given: str) -> str:
    """What `inside/proven_marks.py` writes."""
    names = ("level", "logger", "path", "flow_id", "flow", "task_id", "task", "function")
    fields = ["prefect", *(given.get(name, "") for name in names)]
    import json

    head = json.dumps(fields).encode().hex()
    start, separator, end = (f"\x1e{TOKEN}{x}" for x in "<|>")
    return f"{start}{head}{separator}{text}{separator}{trace}{end}\n"


def _lines(text: str, *, concurrent: bool = False) -> list[str]:
    return console.lines(pieces(text, TOKEN), Scrub(), concurrent=concurrent)


def test_the_order_of_prints_and_log_lines_stays() -> None:
    text = "one\n" + _marked("INFO | two", trace="Traceback:\nE: x") + "three\nfour"
    assert _lines(text) == ["one", "INFO | two", "Traceback:", "E: x", "three", "four"]


def test_a_mark_of_another_run_is_text() -> None:
    text = _marked("hello").replace(TOKEN, "0" * len(TOKEN))
    assert _lines(text) == [text.removesuffix("\n")]


def test_a_mark_that_a_shell_cut_in_two_leaves_its_text() -> None:
    whole = _marked("INFO | first\nsecond")
    assert _lines(whole.split("\n")[0]) == ["INFO | first"]
    assert _lines(whole.split("\n")[1]) == ["second"]


@pytest.mark.parametrize(
    ("logger", "said", "dropped"),
    [
        ("prefect.EventsWorker", "W | x - Still processing items: 1 items remaining...", True),
        ("prefect.EventsWorker", "W | x - Service stopped", False),
        ("mine", "W | x - Still processing items: 1 items remaining...", False),
        (
            "distributed.worker",
            "E | x - Failed to communicate with scheduler during heartbeat.",
            True,
        ),
        ("distributed.worker", "E | x - Failed to do else", False),
    ],
)
def test_chatter_is_known_by_who_says_it(logger: str, said: str, dropped: bool) -> None:
    text = f"before\n{_marked(said, 'Traceback: 1', logger=logger, path=LIBRARY)}after\n"
    assert _lines(text) == (
        ["before", "after"] if dropped else ["before", said, "Traceback: 1", "after"]
    )
    mine = text.replace(LIBRARY.encode().hex(), b"/data/mine.py".hex())
    assert said in _lines(mine)


def test_lines_of_concurrent_tasks_are_ordered_by_task_run() -> None:
    def line(task: str, text: str) -> str:
        return _marked(text, logger="prefect.task_runs", task=task, flow="f")

    end = _marked(
        "I | Flow run 'f' - Finished in state Completed()", flow="f", path="/site-packages/x"
    )
    text = line("b", "b 1") + line("a", "a 1\na 2") + "print\n" + line("b", "b 2") + end + "last\n"
    ordered = [
        "print",
        "a 1",
        "a 2",
        "b 1",
        "b 2",
        "I | Flow run 'f' - Finished in state Completed()",
    ]
    assert _lines(text, concurrent=True) == [*ordered, "last"]


def test_what_a_page_could_not_show_is_cut_with_a_word() -> None:
    (line,) = _lines("y" * 300_000)
    assert line == "y" * console.LINE + "… (280,000 more characters)"
    many = _lines("\n".join(map(str, range(7_000))))
    assert many[-1] == f"… ({7_000 - console.LINES:,} more lines)"
    assert len(many) == console.LINES + 1
    long = _lines("\n".join(["z" * 10_000] * 1_000))
    assert len(long) < 110 and long[-1].endswith(" more lines)")


def test_time_grows_with_the_text_alone() -> None:
    def seconds(text: str) -> float:
        started = time.process_time()
        _lines(text)
        return time.process_time() - started

    logs = "".join(_marked(f"line {n}", task_id=str(n), path=LIBRARY) for n in range(20_000))
    assert seconds("x" * 10_000_000) < 5
    assert seconds("x\n" * 1_000_000) < 10
    assert seconds(logs) < 10


@pytest.mark.parametrize("line", ["", "not json", '[1, "exit"]', '["a", "b", "c", "d", "e"]'])
def test_a_note_that_was_cut_short_is_passed_over(tmp_path: Any, line: str) -> None:
    file = tmp_path / "notes"
    file.write_text(f'{line}\n[1, "exit", 3, [["x.py", 7]]]\n')
    (note,) = marks.read_notes(file)
    assert (note.kind, note.value, note.frames) == ("exit", 3, [("x.py", 7)])


def test_pieces_of_an_empty_text_are_none() -> None:
    assert pieces("", TOKEN) == []
    assert Piece("", "x").whole == "x"


def test_two_task_runs_with_one_made_up_name_stay_two() -> None:
    scrub = Scrub()
    scrub.name("load-4ac", "load-1")
    scrub.tasks |= {"id-1": "load-1", "id-2": "load-2"}
    text = "".join(
        _marked("I | Task run 'load-4ac' - done", task="load-4ac", task_id=id) for id in scrub.tasks
    )
    found = console.lines(pieces(text, TOKEN), scrub, concurrent=False)
    assert found == [f"I | Task run 'load-{n}' - done" for n in (1, 2)]
