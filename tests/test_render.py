"""Recorded outputs become plain HTML; a kind that nothing can show is an error."""

import json
from html import escape

import pytest
from proven.scenario import MODES

from proven import render
from proven.errors import ProvenError
from proven.record import CellRun, Error, FlowRun, Output, Record, Step, TaskRun


def element(tag: str, **data: object) -> str:
    attrs = "".join(
        f" data-{k.replace('_', '-')}='{escape(json.dumps(v))}'" for k, v in data.items()
    )
    inner = f"<marimo-{tag}{attrs}></marimo-{tag}>"
    return f"<marimo-ui-element object-id='a-0'>{inner}</marimo-ui-element>"


def shown(mime: str, data: str) -> str:
    step = Step("open", [CellRun("controls", "ran", output=Output(mime, data))])
    return render.run(Record("a.py", "edit", steps=[step]), only=["steps"])


LABEL = '<span class="markdown"><span class="paragraph">Source <em>path</em></span></span>'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (element("text", initial_value='a"b', label=LABEL), 'value="a&quot;b" disabled'),
        (element("number", initial_value=3, label=LABEL), 'type="number" value="3" disabled'),
        (element("date", initial_value="2026-01-01", label=LABEL), 'value="2026-01-01" disabled'),
        (element("slider", initial_value=3, start=1, stop=9, label=LABEL), 'max="9" value="3" dis'),
        (element("checkbox", initial_value=True, label=LABEL), "disabled checked"),
        (element("switch", initial_value=False, label=LABEL), '"checkbox" disabled>'),
        (element("text-area", initial_value="<t>", label=LABEL), "&lt;t&gt;"),
        (
            element("dropdown", initial_value=["b"], options=["a", "b"], label=LABEL),
            "<option>a</option><option selected>b</option>",
        ),
        (
            element("radio", initial_value="b", options=["a", "b"], label=LABEL),
            "disabled checked>b</label>",
        ),
    ],
)
def test_a_widget_is_a_disabled_control_with_its_label(html: str, expected: str) -> None:
    result = shown("text/html", html)
    assert expected in result
    assert "Source path" in result
    assert "marimo-" not in result


def test_a_button_is_disabled() -> None:
    result = shown("text/html", element("button", initial_value=0, label=LABEL))
    assert '<button type="button" class="out-button" disabled>Source path</button>' in result


def test_a_table_has_headers_with_types_and_every_cell() -> None:
    rows = '[{"_marimo_row_id":0,"id":1,"value":-5}]'
    types = [["id", ["integer", "i64"]], ["value", ["integer", "i64"]]]
    result = shown("text/html", element("table", data=rows, field_types=types, total_rows=9))
    assert '<th scope="col">value <small>i64</small></th>' in result
    assert "<tr><td>1</td><td>-5</td></tr>" in result
    assert "1 of 9 rows" in result
    assert "_marimo_row_id" not in result


def test_a_table_without_its_rows_is_an_error() -> None:
    with pytest.raises(ProvenError, match="marimo-table"):
        shown("text/html", element("table", data="./@file/rows.csv"))


@pytest.mark.parametrize("html", ["<marimo-plotly></marimo-plotly>", "<p><video></video></p>"])
def test_an_element_without_renderer_is_an_error_that_names_it(html: str) -> None:
    with pytest.raises(ProvenError, match=r"a\.py::edit, cell controls: no renderer for <"):
        shown("text/html", html)


def test_an_output_of_unknown_type_is_an_error_that_names_it() -> None:
    with pytest.raises(ProvenError, match=r"application/vnd\.vega"):
        shown("application/vnd.vega.v5+json", "{}")


def test_nothing_of_an_output_runs_or_escapes() -> None:
    result = shown("text/markdown", '<p onclick="x()" style="position:fixed">a &lt;b&gt;</p>')
    assert "<p>a &lt;b&gt;</p>" in result
    with pytest.raises(ProvenError, match="<script>"):
        shown("text/html", "<script>alert(1)</script>")


def test_headings_of_an_output_stay_out_of_the_pages_outline() -> None:
    assert '<p class="out-heading">T</p>' in shown("text/markdown", "<h1 id='t'>T</h1>")


def test_plain_text_json_and_images() -> None:
    assert ">&lt;3</pre>" in shown("text/plain", "<3")
    assert "<code>rows</code>: <code>2</code>" in shown("application/json", '{"rows": 2}')
    nested = json.dumps([f"text/html:{element('text', initial_value='v', label=LABEL)}"])
    assert 'value="v" disabled' in shown("application/json", nested)
    assert 'alt="Output of cell controls"' in shown("image/png", "data:image/png;base64,AA==")


def test_a_run_shows_all_that_its_record_holds() -> None:
    record = Record(
        "a.py",
        "script",
        exit=1,
        error=Error("ValueError", "no <rows>", cell="load", line=7),
        console=["one", "two"],
        flows=[
            FlowRun("n", "etl", "Failed", "m", tasks=[TaskRun("t-1", "t", "Crashed", "why", 3)])
        ],
        found={"etl": "flow"},
        files=["out.parquet"],
    )
    result = render.run(record)
    for text in (
        "failed", "exit status 1", "ValueError", "no &lt;rows&gt;", "cell load, line 7", "one\ntwo",
        "etl", "t-1", "Crashed", "why", "<td>3</td>", "<code>out.parquet</code>", "is a flow",
    ):  # fmt: skip
        assert text in result
    assert "ValueError" not in render.run(record, only=["console"])
    assert "exit status" not in render.run(record, only=["console"], head=False)
    assert "never shown" in render.run(record, harm="never shown")


def test_every_mode_has_a_name() -> None:
    assert set(render.MODE_LABELS) == set(MODES)
    for mode in MODES:
        assert "passed" in render.run(Record("a.py", mode, passed=True))
