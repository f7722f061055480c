"""Recorded outputs become plain HTML; a kind that nothing can show is an error."""

import inspect
import json
import re
from collections.abc import Callable
from html import escape

import pytest

from proven.errors import ProvenError
from proven.html import parsed
from proven.modes import Mode
from proven.page import outputs, widgets
from proven.page.outputs import _DRAW
from proven.page.run import show as show_run
from proven.record import CellRun, Output, Record, Step


def element(tag: str, inner: str = "", **data: object) -> str:
    attrs = "".join(
        f" data-{k.replace('_', '-')}='{escape(json.dumps(v))}'" for k, v in data.items()
    )
    inner = f"<marimo-{tag}{attrs}>{inner}</marimo-{tag}>"
    return f"<marimo-ui-element object-id='a-0'>{inner}</marimo-ui-element>"


def shown(mime: str, data: str) -> str:
    """The output as a page has it, in the one cell of the one step of a run."""
    step = Step("open", [CellRun("controls", "ran", output=Output(mime, data))])
    return show_run(Record("a.py", Mode.EDIT, steps=[step]), only=["steps"])


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


HOSTILE = ['"><script>alert(1)</script>', "' onfocus='x()", "javascript:alert(1)"]
# Every attribute that a renderer reads, in each of the shapes that marimo gives it.
ATTRIBUTES: dict[str, list[Callable[[str], object]]] = {
    "label": [str, lambda x: f"<b>{x}</b>", lambda x: f'<a href="{x}">x</a>'],
    "initial_value": [str, lambda x: [x]],
    "start": [str],
    "stop": [str],
    "options": [lambda x: [x, "b"]],
    "data": [lambda x: [{x: x, "id": x}], lambda x: json.dumps([{"id": x}])],
    "field_types": [lambda x: [[x, [x, x]], ["id", ["s", x]]]],
    "total_rows": [str],
    "value": [str],
    "caption": [str],
    "kind": [str],
    "html": [escape, lambda x: f"<p>{escape(x)}</p>"],
    "labels": [lambda x: [escape(x)]],
    "tabs": [lambda x: [escape(x)]],
    "json_data": [lambda x: {x: [x, f"text/plain:{x}", f"text/html:{escape(x)}"]}],
}
HARMLESS = {"data": [{"id": 1}], "html": "", "labels": ["t"], "tabs": ["t"], "json_data": 1}


@pytest.mark.parametrize("tag", [t.removeprefix("marimo-") for t in _DRAW if t != "svg"])
@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_no_value_of_a_widget_acts(tag: str, attribute: str) -> None:
    for hostile in HOSTILE:
        for shape in ATTRIBUTES[attribute]:
            inner = element(tag, **(HARMLESS | {attribute: shape(hostile)}), inner="<div>x</div>")
            harmless(shown("text/html", inner))


def test_the_attributes_above_are_all_that_are_read() -> None:
    source = inspect.getsource(widgets) + inspect.getsource(outputs)
    read = set(re.findall(r'value\(element, "([a-z-]+)"', source))
    several = re.findall(r"value\(element, k\).*? in \((.*?)\)", source, re.S)
    read |= {name for names in several for name in re.findall(r'"([a-z-]+)"', names)}
    assert {name.replace("-", "_") for name in read} == set(ATTRIBUTES)


@pytest.mark.parametrize("tag", sorted(outputs._PLAIN))
@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_attribute_of_an_element_acts(tag: str, hostile: str) -> None:
    names = ["style", "onclick", "onerror", "id", "srcdoc", "href", "src", *outputs._KEPT]
    for name in names:
        html = f'<{tag} {name}="{escape(hostile)}">x'
        try:
            harmless(shown("text/html", html))
        except ProvenError as e:
            assert name in ("href", "src") and "may not have" in str(e)


@pytest.mark.parametrize("name", sorted(outputs._DRAWN))
@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_attribute_of_a_drawing_acts(name: str, hostile: str) -> None:
    harmless(shown("text/html", f'<svg><rect onclick="x()" {name}="{escape(hostile)}"/></svg>'))


def test_a_link_that_would_run_a_script_is_an_error() -> None:
    with pytest.raises(ProvenError, match=r"cell controls: an address that a page may not have"):
        shown("text/html", '<a href="javascript:alert(1)">x</a>')


def harmless(html: str) -> None:
    """No element and no attribute of the page could act."""
    for node in parsed(html).iter():
        assert node.tag not in ("script", "iframe", "object", "style"), html
        for name, value in node.items():
            assert not name.startswith("on") and name != "style", html
            if name in ("href", "src"):
                assert not value.strip().lower().startswith("javascript"), html
