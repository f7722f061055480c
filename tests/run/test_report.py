"""pytest's report: what the next run, another release or another folder says otherwise goes."""

from proven.run.moved import advice, moved
from proven.run.report import tidy
from tests.here import find, load

WIDE = 100


def _title(text: str, fill: str) -> str:
    return f" {text} ".center(WIDE, fill)


REPORT = [
    "platform linux -- Python 3.12.1, pytest-9.2.0",
    "collecting ... collected 1 item",
    "",
    "x.py::test_it FAILED".ljust(WIDE - 6) + "[100%]",
    "",
    _title("FAILURES", "="),
    _title("test_it", "_"),
    "",
    "    def test_it():",
    ">       fetch()",
    "        ^^^^^^^",
    "",
    "x.py:12: ",
    "_ " * 50,
    "site-packages/httpx/client.py:101: in get",
    "    return self.send(request)",
    "_ " * 50,
    "",
    "self = <Client object at 0x7f00>",
    ">       raise ConnectError(message)",
    "E       httpx.ConnectError: refused",
    "",
    "site-packages/httpx/transport.py:7: ConnectError",
    _title("Captured stdout call", "-"),
    "site-packages/mine.py:3: in told",
    "=== 2 passed in 0.12s ===",
    _title("short test summary info", "="),
    "FAILED x.py::test_it - httpx.ConnectError: /tmp/a-folder/that-is-cut...",
    "- generated xml file: <run>/report.xml -",
    _title("1 failed in 3.32s", "="),
]


def test_a_report_keeps_what_is_the_same_in_each_run() -> None:
    assert tidy(REPORT, "<run>/report.xml") == [
        *REPORT[1:10],
        "",
        "x.py:12: ".rstrip(),
        "_ " * 49 + "_",
        "…",
        "E   httpx.ConnectError: refused",
        *REPORT[23:27],
        "FAILED x.py::test_it",
        "1 failed in …s",
    ]


def test_what_a_test_printed_that_looks_like_the_report_s_end_stays() -> None:
    assert "=== 2 passed in 0.12s ===" in tidy(REPORT)


def test_what_moved_between_two_runs_is_said() -> None:
    first, second = (load(find("template.py"), "script") for _ in range(2))
    assert first is not None and second is not None
    assert moved(first, second) == []
    second.console[-1] = "took 3.25 s"
    (line,) = moved(first, second)
    assert line.endswith('became "took 3.25 s" in the second run')
    assert "[[varies]]" in advice([line])
