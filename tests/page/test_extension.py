"""Directives put files and records on pages; each broken input is one located error."""

import logging
import re
from html import unescape
from pathlib import Path

import pytest

from proven.errors import ProvenError
from proven.project import Project
from proven.record import CellRun, Output, Step
from proven.testing import NOTEBOOK, html, page, record, tiny, write


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return tiny(tmp_path)


def code(made: str) -> list[str]:
    found = re.findall(r"<pre [^>]*data-lines[^>]*><code>(.*?)</code></pre>", made, re.S)
    return [unescape(re.sub(r"<[^>]+>", "", block)) for block in found]


# What a page shows


def test_a_whole_file_is_shown_byte_for_byte(project: Project) -> None:
    assert code(html(project, "``` snippet a.py\n```")) == [NOTEBOOK]


def test_excerpts_are_shown_in_the_order_asked_and_neighbours_are_joined(project: Project) -> None:
    joined = code(html(project, "``` snippet a.py\nshow: double, half\n```"))
    assert len(joined) == 1 and joined[0].startswith("@app.function\ndef double")
    assert "def half" in joined[0] and "def show" not in joined[0]
    apart = code(html(project, "``` snippet a.py\nshow: [half, double]\n```"))
    assert [block.split("(")[0][-4:] for block in apart] == ["half", "uble"]


def test_a_hairline_stands_between_cells_and_changes_no_byte(project: Project) -> None:
    made = html(project, "``` snippet a.py\nshow: double, half\n```")
    assert made.count('<span class="cell-end">\n\n</span>') == 1
    assert code(made) == [project.find("a.py").lines(11, 19)]
    write(project.snippets / "b.py", "x = 1\n\n\ny = 2\n")  # no notebook: it has no cells
    assert "cell-end" not in html(project, "``` snippet b.py\n```")


def test_the_whole_file_is_a_press_away_where_the_page_has_shown_it(project: Project) -> None:
    whole = "``` snippet a.py\ntitle: all of it\n```"
    made = html(project, f"``` snippet a.py\nshow: double\n```\n\n{whole}")
    assert made.count('<details class="fold fold--file">') == 1
    assert "<span>all of it</span> <small>the whole file, 29 lines</small>" in made
    assert code(made)[1] == NOTEBOOK
    for alone in (whole, f"{whole}\n\n``` snippet a.py\noutput: script\n```"):
        assert "fold--file" not in html(project, alone)


def test_a_cell_without_a_name_is_named_by_what_it_has(project: Project) -> None:
    (shown,) = code(html(project, "``` snippet a.py\nshow: has double(21)\n```"))
    assert shown.startswith("@app.cell\ndef show")


def test_a_note_marks_its_line_and_adds_no_byte(project: Project) -> None:
    text = '``` snippet a.py\nshow: double\nnotes:\n  "x * 2": "It *doubles*."\n```'
    made = html(project, text)
    assert re.search(r'return.*data-n="1"></a>\n', made)
    assert re.search(r'<li><span id="note-0-1"></span>It <em>doubles</em>.</li>', made)
    assert code(made) == [project.find("a.py").lines(11, 14)]


def test_a_recorded_run_stands_in_the_html(project: Project) -> None:
    said: list[str] = []
    made = html(project, "``` snippet a.py\noutput: script\n```", page(project, warn=said.append))
    assert "42 &lt;ok&gt;" in made and 'id="run-a-py-script"' in made
    assert not said
    assert "42 &lt;ok&gt;" in html(project, "``` record a.py\nmodes: script\nonly: console\n```")


@pytest.mark.parametrize(
    "frame",
    ['=== "Tab"\n\n{}', "!!! note\n\n{}", '??? note "x"\n\n{}', '!!! a\n\n    === "b"\n\n{}'],
)
def test_it_works_inside_tabs_and_admonitions(project: Project, frame: str) -> None:
    directive = '``` snippet a.py\nshow: double\noutput: script\nnotes:\n  "x * 2": Hi\n```'
    indent = "    " * (2 if "===" in frame and "!!!" in frame else 1)
    body = "".join(f"{indent}{line}\n" for line in directive.split("\n"))
    made = html(project, frame.format(body))
    assert code(made) and "42 &lt;ok&gt;" in made and "<li><span id=" in made
    assert made.count("<div") == made.count("</div>")
    assert "wzxhzdk" not in made and "```" not in made


@pytest.mark.parametrize(
    "text",
    [
        "```` markdown\n``` snippet a.py\n```\n````",
        "~~~\n``` snippet gone.py\n```\n~~~",
        "<!--\n``` snippet gone.py\n```\n-->",
    ],
)
def test_a_directive_inside_a_fence_or_a_comment_is_left_alone(project: Project, text: str) -> None:
    assert "data-snippet" not in html(project, text)


def test_wrong_stands_beside_right_with_its_verdict_and_its_difference(project: Project) -> None:
    write(project.snippets / "b.py", NOTEBOOK.replace("x * 2", "x * 3"))
    write(
        project.snippets / "b.toml", '[wrong.script]\nkind = "fails"\ntype = "E"\nmessage = "m"\n'
    )
    record(project, "b.py::script", console=["63"])
    made = html(project, "``` wrong b.py\nright: a.py\nmodes: script\nshow: double\n```")
    assert ">Wrong</span>" in made and ">Right</span>" in made and "63" in made and "42" in made
    marked = re.findall(r'<span class="hll" data-sign="(.)" data-said="(.*?)">(.*?)\n</span>', made)
    assert [(sign, said, re.sub("<[^>]+>", "", line).strip()) for sign, said, line in marked] == [
        ("−", "only in the wrong version: ", "return x * 3"),
        ("+", "only in the right version: ", "return x * 2"),
    ]
    alone = "``` wrong b.py\nright: a.py\nmodes: script\nside: right\n```"
    assert "snippet--wrong" not in html(project, alone)


def test_the_lines_that_an_earlier_version_has_not_are_marked(project: Project) -> None:
    write(project.snippets / "b.py", NOTEBOOK.replace("x * 2", "x * 3"))
    marked = re.compile(r'<span class="hll" data-sign="\+" data-said="new: ">.*?3</span>\n</span>')
    text = "``` snippet b.py\nshow: double\nsince: {}\n```"
    assert len(marked.findall(html(project, text.format("a.py")))) == 1
    assert "hll" not in html(project, text.format("b.py"))


def test_of_two_lines_that_change_places_both_sides_mark_the_same(tmp_path: Path) -> None:
    right = NOTEBOOK.replace("@app.function\ndef double", "@app.function\n@task\ndef double")
    wrong = NOTEBOOK.replace("@app.function\ndef double", "@task\n@app.function\ndef double")
    declared = '[wrong.script]\nkind = "fails"\ntype = "E"\nmessage = "m"\n'
    files = {"snippets/r.py": right, "snippets/w.py": wrong, "snippets/w.toml": declared}
    project = tiny(tmp_path, files)
    record(project, "r.py::script")
    record(project, "w.py::script")
    made = html(project, "``` wrong w.py\nright: r.py\nmodes: script\nshow: double\n```")
    marked = re.findall(r'class="hll" data-sign="(.)".*?>(.*?)\n</span>', made)
    assert [(sign, re.sub("<[^>]+>", "", line)) for sign, line in marked] == [
        ("−", "@task"),
        ("+", "@task"),
    ]


def test_a_page_shares_nothing_with_the_next(project: Project) -> None:
    text = "``` snippet a.py\noutput: script\n```"
    assert html(project, text) == html(project, text)


# Broken input


@pytest.mark.parametrize(
    ("directive", "message"),
    [
        ("snippet aa.py", r"no snippet 'aa.py'.*did you mean a.py"),
        ("snippet ../a.py", "no snippet"),
        ("snippet a.py\nshow: treble", "nothing named 'treble'; it has: .*double, half, show"),
        ("snippet a.py\nshow: has return", "3 cells have 'return'; a name needs one"),
        ("snippet a.py\nlines: 1-3", "no option 'lines'; it has: show, title, output, notes"),
        ("snippet a.py\noutput: live", "Invalid enum value 'live'"),
        ("snippet a.py\noutput: shell", "no mode 'shell'"),
        ("snippet a.py\nshow: double\nnotes: {x // 2: n}", r"a.py has it nowhere in what is shown"),
        ("snippet a.py\nnotes: {app.function: n}", "a.py has it 2 times"),
        ("snippet a.py\nnotes: {x * 2: n, return x *: m}", "two notes at one line"),
        ("snippet a.py\nsince: b.py", "no snippet 'b.py'"),
        ("snippet a.py\n: [", "snippet a.py: "),
        ("snippet a.py\njust words", "expected `option: value` lines"),
        ("record a.py\nonly: all", "a run has no 'all' to show; it has: flows, error, steps"),
        ("wrong a.py\nmodes: script", "missing required field `right`"),
        ("wrong a.py\nright: a.py\nmodes: script", "not declared wrong in the mode 'script'"),
        ("claims\nsection: a", "no option 'section'; it has: none"),
        ("what-runs-when a.py\ncolumns: {x: a.py::edit}", "no record of a.py::edit; run: uv run"),
    ],
)
def test_bad_input_is_one_error_with_page_and_line(
    project: Project, directive: str, message: str
) -> None:
    on = page(project)
    on.first_line = 5
    with pytest.raises(ProvenError) as caught:
        html(project, f"# T\n\ntext\n\n``` {directive}\n```", on)
    assert str(caught.value).startswith("docs/p.md:9: ")
    assert re.search(message, str(caught.value))


def test_where_a_page_must_go_on_the_error_stands_on_it(project: Project) -> None:
    said: list[str] = []
    text = "``` snippet gone.py\n```\n\n``` snippet a.py\n```"
    made = html(project, text, page(project, fail=said.append))
    assert "docs/p.md:1: no snippet" in made and code(made) == [NOTEBOOK]
    assert len(said) == 1


def test_a_missing_record_names_the_command_that_makes_it(project: Project) -> None:
    said: list[str] = []
    made = html(project, "``` snippet a.py\noutput: edit\n```", page(project, warn=said.append))
    assert said == ["docs/p.md: no record of a.py::edit; run: uv run proven update a.py"]
    assert "uv run proven update a.py" in made


def test_a_stale_record_is_shown_and_marked(project: Project) -> None:
    write(project.snippets / "a.py", NOTEBOOK.replace("x * 2", "2 * x"))
    said: list[str] = []
    made = html(project, "``` snippet a.py\noutput: script\n```", page(project, warn=said.append))
    assert len(said) == 1 and "has changed since" in said[0]
    assert "uv run proven update a.py" in made and "42 &lt;ok&gt;" in made


def test_under_serve_a_run_that_is_being_made_again_says_so_instead(project: Project) -> None:
    write(project.snippets / "a.py", NOTEBOOK.replace("x * 2", "2 * x"))
    on = page(project, state=lambda run: (f"{run} is on its way", "info"), warn=pytest.fail)
    made = html(project, "``` snippet a.py\noutput: script\n```", on)
    assert "a.py::script is on its way" in made and "42 &lt;ok&gt;" in made


def test_without_a_site_a_missing_record_goes_to_the_log(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        html(project, "``` snippet a.py\noutput: edit\n```")
    assert "no record of a.py::edit" in caplog.text


def test_an_output_that_cannot_be_shown_is_an_error(project: Project) -> None:
    cell = CellRun("show", "ran", output=Output("text/html", "<marimo-x></marimo-x>"))
    record(project, "a.py::edit", steps=[Step("open", [cell])])
    with pytest.raises(ProvenError, match=r"p\.md:1: a\.py::edit, cell show: .*<marimo-x>"):
        html(project, "``` snippet a.py\noutput: edit\n```")


def test_a_mode_that_is_left_out_says_why(project: Project) -> None:
    line = '[[mode]]\nwhat = "a.py::worker"\nreason = "It has no flow."\ncheck = "no-flow"\n'
    write(project.ledger, line)
    on = page(project, warn=pytest.fail)
    made = html(project, "``` record a.py\nmodes: worker\n```", on)
    assert "Not run: It has no flow." in made
    write(project.ledger, line.replace("It has no flow", "Nothing to deploy"))
    assert "Not run: Nothing to deploy." in html(project, "``` record a.py\nmodes: worker\n```", on)
