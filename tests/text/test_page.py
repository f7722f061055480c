"""A page as Markdown: its directives are code and text, and nothing of HTML is left."""

import pytest

from proven.page import figures
from proven.page.directives import DIRECTIVES
from proven.page.fences import fences
from proven.project import Project
from proven.record import CellRun, Error, FlowRun, Output, Step, TaskRun
from proven.testing import NOTEBOOK, page, record, tiny
from proven.text import run
from proven.text.output import of_html
from proven.text.page import of_page, prose


@pytest.fixture
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return tiny(tmp_path_factory.mktemp("text"))


def told(project: Project, text: str) -> str:
    return of_page(text.split("\n"), page(project), lambda path: f"<{path}>")


SNIPPET = (
    "# T\n\n``` snippet a.py\nshow: double\noutput: script\nnotes:\n  x * 2: See [T](t.md).\n```"
)


def test_code_and_outputs_are_those_of_files_and_records(project: Project) -> None:
    text = told(project, SNIPPET)
    assert '```python\n@app.function\ndef double(x: int) -> int:\n    """Twice <x>."""' in text
    assert "- `x * 2`: See [T](<t.md>)." in text
    assert "run as a script: passed" in text and "```text\n42 <ok>\n```" in text
    record(project, "a.py::script", console=["another"])
    assert "42 <ok>" not in told(project, SNIPPET)


def test_a_whole_file_stands_byte_for_byte(project: Project) -> None:
    whole = project.find("a.py").text.strip("\n")
    assert "\n\n\n" in whole
    assert f"```python\n{whole}\n```" in told(project, "``` snippet a.py\n```")


def test_all_of_a_record_is_told(project: Project) -> None:
    cell = CellRun("c", "failed", Output("text/html", "<b>shown</b>"), ["said"], Error("E", "why"))
    tasks = [TaskRun("t-1", "t", "Crashed", "lost", 3, after=["t-0"])]
    holds = {
        "error": Error("ValueError", "no <rows>", cell="load", line=7),
        "console": ["one", "two"],
        "flows": [FlowRun("n", "etl", "Failed", "m", tasks=tasks)],
        "found": {"etl": "flow"},
        "files": ["out.csv"],
        "kept": {"out.csv": ["1,2"]},
        "steps": [Step("press 'Go'", [cell], saved=["-a", "+b"])],
    }
    record(project, "a.py::edit", **holds)
    text = told(project, "``` record a.py\nmodes: edit\n```")
    for part in (
        "ValueError: no <rows> (cell load, line 7)", "one\ntwo", "`etl`: Failed (m)",
        "`t-1`: Crashed (lost), 3 attempts, after `t-0`", "`etl` is a flow", "`out.csv`", "1,2",
        "press 'Go'", "shown", "said", "E: why", "-a\n+b",
    ):  # fmt: skip
        assert part in text
    only = told(project, "``` record a.py\nmodes: edit\nonly: console\n```")
    assert "one\ntwo" in only and "ValueError" not in only


def test_each_figure_of_a_page_has_a_text() -> None:
    assert set(run._FIGURES) == set(figures.FIGURES)


def test_a_run_is_told_once(project: Project) -> None:
    text = told(project, f"{SNIPPET}\n\n{SNIPPET}")
    assert text.count("42 <ok>") == 1 and "What `a.py::script` gave stands above." in text


def test_both_sides_of_a_pair_stand_in_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    wrong = '[wrong.script]\nkind = "fails"\ntype = "ValueError"\nmessage = "broke"\n'
    files = {"snippets/b.py": f"{NOTEBOOK}\nraise ValueError\n", "snippets/b.toml": wrong}
    project = tiny(tmp_path_factory.mktemp("pair"), files)
    record(project, "b.py::script", passed=False, exit=1, error=Error("ValueError", "broke"))
    text = told(project, "``` wrong b.py\nright: a.py\nmodes: script\nonly: error\n```")
    assert "The wrong version:" in text and "ValueError: broke" in text
    assert "The right version:" in text and "return x // 2" in text
    one = told(project, "``` wrong b.py\nright: a.py\nmodes: script\nside: right\n```")
    assert "The wrong version:" not in one


def test_nothing_ends_a_fence_early() -> None:
    assert run.fence("a\n```\nb").startswith("````text\n")


def test_html_becomes_text() -> None:
    table = of_html("<table><tr><th>a</th><th>b|c</th></tr><tr><td>1</td><td>2</td></tr></table>")
    assert table == "| a | b\\|c |\n| --- | --- |\n| 1 | 2 |"
    form = "<label>Name<input value='x'></label><label>On<input type=checkbox checked></label>"
    assert of_html(form) == "Name [x]\n\nOn [x]"
    assert of_html("<select><option>a</option><option selected>b</option></select>") == "[b]"


def test_prose_loses_what_only_a_browser_understands() -> None:
    line = "<div markdown>:material-home: [Go](a.md#x){ .md-button } `b` [r](b.md#run-a-py-script)"
    assert prose(line, str.upper) == "[Go](A.MD#x) `b` [r](B.MD)"
    assert prose("    indented", str.upper) == "    indented"


def test_code_that_is_no_directive_stays(project: Project) -> None:
    text = "```` markdown\n``` snippet a.py\n```\n<div>\n````"
    assert told(project, text).strip() == text
    assert not [item for item in fences(text.split("\n"), DIRECTIVES) if not isinstance(item, str)]


def test_one_file_is_a_line_for_each_mode(project: Project) -> None:
    record(project, "a.py::import", found={"double": "task", "half": "function", "show": "Cell"})
    text = told(project, "``` one-file a.py\nsays:\n  script: A *shell*.\n  import: A loader.\n```")
    assert "- script: A *shell*. ()" not in text and "- script: A *shell*.\n" in text
    assert "- import: A loader. (`double` task, `half` function)" in text


def test_what_chooses_rows_and_what_draws_runs_is_left_out(project: Project) -> None:
    claim = '[[claim]]\nsection = "S"\nclaim = "C."\nreally = "R."\nproof = ["a.py::script"]\n'
    project.claims.write_text(f'sections = ["S"]\n{claim}')
    text = told(project, "``` claims\n```")
    assert "| C. | true | R. | `a.py::script` |" in text
    assert of_html("<p><svg aria-hidden=true></svg>Drawn <svg>small</svg></p>") == (
        "Drawn (a drawing: small)"
    )
    assert "<" not in text and "[x]" not in text and "Verdict 1" not in text
