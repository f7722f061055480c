"""Turn a record into HTML that stands still: no JavaScript, every widget disabled.

marimo's outputs hold custom elements (`<marimo-text …>`); each kind that a page
shows has a renderer in `WIDGETS`. A kind without one is an error that names it,
so that nothing is ever silently left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from html import escape
from typing import Any, Literal, get_args

from proven import graph
from proven.errors import ProvenError
from proven.markup import VOID, Node, text, tree
from proven.record import CellRun, Error, FlowRun, Output, Record, Step
from proven.sidecar import Kind

Part = Literal["steps", "error", "console", "flows", "found", "files"]
PARTS: tuple[Part, ...] = get_args(Part)

KIND_LABELS: dict[Kind, str] = {
    "rejected": "rejected by marimo check",
    "fails": "fails",
    "harm": "runs, but does the wrong thing",
}


def run(
    record: Record,
    only: Collection[Part] = (),
    cells: Collection[str] = (),
    *,
    head: bool = True,
    harm: str = "",
) -> str:
    """One run as HTML: its outcome, then what it showed, printed and left behind.

    Args:
        record: the run.
        only: the parts to show; empty means all.
        cells: the cells whose outputs to show; empty means all.
        head: whether to begin with the outcome.
        harm: what a probe saw in a run that passed and should not count as well.

    Raises:
        ProvenError: an output is of a kind that nothing here can show.
    """
    parts: dict[Part, Callable[[], str]] = {
        "steps": lambda: "".join(_step(s, cells) for s in record.steps),
        "console": lambda: _console(record.console, f"Console, {record.mode}"),
        "error": lambda: _error(record.error) if record.error else "",
        "flows": lambda: _flows(record.flows),
        "found": lambda: _found(record.found),
        "files": lambda: _files(record.files) + "".join(map(_kept, record.kept.items())),
    }
    try:
        body = "".join(parts[part]() for part in PARTS if not only or part in only)
    except ProvenError as e:
        raise ProvenError(f"{record.snippet}::{record.mode}, {e}") from None
    # `data-run` is a claim: the page check holds every block below against the record.
    source = f"{record.snippet}::{record.mode}"
    outcome = _outcome(record, harm) if head else ""
    return f'<div class="run" data-run="{escape(source)}">{outcome}{body}</div>'


def tabs(name: str, items: Iterable[tuple[str, str, str]]) -> str:
    """Tabs of (id, label, HTML) in Material's own markup, which needs no JavaScript."""
    items = list(items)
    inputs = "".join(
        f'<input type="radio" name="{name}" id="{id_}"{" checked" if i == 0 else ""}>'
        for i, (id_, _, _) in enumerate(items)
    )
    labels = "".join(f'<label for="{id_}">{label}</label>' for id_, label, _ in items)
    blocks = "".join(f'<div class="tabbed-block">{html}</div>' for _, _, html in items)
    return (
        f'<div class="tabbed-set tabbed-alternate" data-tabs="{name}:{len(items)}">{inputs}'
        f'<div class="tabbed-labels">{labels}</div><div class="tabbed-content">{blocks}</div></div>'
    )


def badge(text: str, tone: str) -> str:
    """A short word on a coloured ground: `ok`, `bad`, `harm` or `quiet`."""
    return f'<span class="badge badge--{tone}">{escape(text)}</span>'


def box(message: str, kind: str = "failure") -> str:
    """A message to whoever writes the page, in the page."""
    return f'<div class="admonition {kind}" role="alert"><p>{escape(message)}</p></div>'


# The parts of a run ---------------------------------------------------------


def _outcome(record: Record, harm: str) -> str:
    word = badge("passed", "ok") if record.passed else badge("failed", "bad")
    if harm:
        word = badge(KIND_LABELS["harm"], "harm")
    facts = [record.mode.did]
    if record.exit is not None:
        facts.append(f"exit status {record.exit}")
    if record.info.date:
        facts.append(f"recorded {record.info.date[:10]}")
    seen = f'<p class="run-harm">{escape(harm)}</p>' if harm else ""
    return f'<p class="run-outcome">{word} {escape(" · ".join(facts))}</p>{seen}'


def _step(step: Step, cells: Collection[str]) -> str:
    shown = [c for c in step.cells if not cells or c.name in cells]
    spoken = [c for c in shown if c.output or c.console or c.error]
    body = "".join(_cell(c) for c in spoken)
    # A cell that another's stop kept from running is why a page shows nothing of it.
    counts = {s: sum(c.status == s for c in shown) for s in ("ran", "stopped", "skipped", "failed")}
    tally = ", ".join(f"{n} {status}" for status, n in counts.items() if n)
    tally = f'<span class="run-tally">cells: {tally}</span>' if tally else ""
    if step.saved is not None:
        body += _saved(step.saved)
    return (
        f'<div class="run-step"><p class="run-do"><strong>{escape(step.do)}</strong>'
        f"{tally}</p>{body}</div>"
    )


def _saved(changes: list[str]) -> str:
    if not changes:
        return "<p>The save left the file as it was, byte for byte.</p>"
    return f"<p>The save changed the file:</p>{_pre('\n'.join(changes), 'Lines changed')}"


def _cell(cell: CellRun) -> str:
    where = f"cell {cell.name}"
    try:
        output = _output(cell.output, where) if cell.output else ""
    except ProvenError as e:
        raise ProvenError(f"{where}: {e}") from None
    error = _error(cell.error) if cell.error else ""
    console = _console(cell.console, f"Console of {where}")
    return (
        f'<div class="run-cell"><p class="run-name">{escape(cell.name)}</p>'
        f'<div class="run-shown">{output}{error}{console}</div></div>'
    )


def _console(lines: list[str], label: str) -> str:
    return _pre("\n".join(lines), label) if lines else ""


def _error(error: Error) -> str:
    places = [f"cell {error.cell}"] if error.cell else []
    places += [f"line {error.line}"] if error.line else []
    where = f'<span class="run-where">{escape(", ".join(places))}</span>' if places else ""
    message = _pre(error.message, f"Message of {error.type}") if error.message else ""
    return (
        f'<div class="run-error"><p><strong>{escape(error.type)}</strong>{where}</p>{message}</div>'
    )


def _flows(flows: list[FlowRun]) -> str:
    """Each run drawn, with its subflows inside; below, the states of them all."""
    drawn = "".join(
        _scroll(graph.svg(flow, flows), f"The run of {flow.flow}, drawn")
        for flow in graph.roots(flows)
    )
    return drawn + "".join(map(_flow, flows))


def _flow(flow: FlowRun) -> str:
    rows: list[tuple[str, str, str, str, int, list[str]]] = [
        (flow.flow, "flow", flow.state, flow.message, 1, [])
    ]
    rows += [(t.name, "task", t.state, t.message, t.attempts, t.after) for t in flow.tasks]
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{kind}</td>'
        f"<td>{badge(state, _TONES.get(state, 'quiet'))}{_message(state, message)}</td>"
        f"<td>{attempts}</td><td>{escape(', '.join(after)) or '–'}</td></tr>"
        for name, kind, state, message, attempts, after in rows
    )
    heads = "".join(f'<th scope="col">{h}</th>' for h in ("Run", "Kind", "State", "Runs", "After"))
    return _scroll(
        '<table class="run-table"><caption>What Prefect kept</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>",
        f"States of {flow.flow}",
    )


_TONES = {"Completed": "ok", "Cached": "ok", "Failed": "bad", "Crashed": "bad"}


def _message(state: str, message: str) -> str:
    # "All states completed." under a badge that says Completed says nothing.
    return "" if not message or state in ("Completed", "Cached") else f" {escape(message)}"


def _found(found: dict[str, str]) -> str:
    if not found:
        return ""
    items = "".join(
        f"<li><code>{escape(name)}</code> is a {escape(kind)}</li>" for name, kind in found.items()
    )
    return f'<ul class="run-found">{items}</ul>'


def _files(files: list[str]) -> str:
    if not files:
        return ""
    names = ", ".join(f"<code>{escape(name)}</code>" for name in files)
    return f'<p class="run-files">Files left behind: {names}</p>'


def _kept(file: tuple[str, list[str]]) -> str:
    name, lines = file
    return f"<p><code>{escape(name)}</code>:</p>" + _pre("\n".join(lines), f"Content of {name}")


def _pre(text: str, label: str) -> str:
    return f"<pre{_focusable(label)}>{escape(text)}</pre>"


def _focusable(label: str) -> str:
    """What lets a keyboard scroll a wide block, and says what it is."""
    return f' tabindex="0" role="group" aria-label="{escape(label)}"'


def _scroll(html: str, label: str) -> str:
    return f'<div class="run-scroll"{_focusable(label)}>{html}</div>'


def blocks_of(output: Output) -> list[str]:
    """The text of each `<pre>` in an output."""
    if output.mime not in _MARKUP:
        return []
    return [node.text for node in tree(output.data).walk() if node.tag == "pre"]


# Outputs of cells -----------------------------------------------------------


_MARKUP = ("text/html", "text/markdown")


def _output(output: Output, where: str) -> str:
    if output.mime in _MARKUP:
        return "".join(_html(child) for child in tree(output.data).children)
    if output.mime == "text/plain":
        return _pre(output.data, f"Output of {where}") if output.data.strip() else ""
    if output.mime == "application/json":
        return f'<div class="out-json">{_json(json.loads(output.data))}</div>'
    if output.mime.startswith("image/") and output.data.startswith("data:"):
        return f'<img src="{escape(output.data)}" alt="Output of {escape(where)}">'
    raise ProvenError(f"no renderer for an output of type {output.mime}")


def _json(value: Any) -> str:
    """A value as marimo sends it: a leaf may be `text/html:<…>` or plain."""
    if isinstance(value, dict):
        rows = "".join(f"<li><code>{escape(k)}</code>: {_json(v)}</li>" for k, v in value.items())
        return f"<ul>{rows}</ul>"
    if isinstance(value, list):
        return f"<ul>{''.join(f'<li>{_json(v)}</li>' for v in value)}</ul>"
    if isinstance(value, str):
        mime, colon, data = value.partition(":")
        if colon and mime in _MARKUP:
            return "".join(_html(child) for child in tree(data).children)
        if colon and mime.startswith("text/plain"):
            value = data
    text = value if isinstance(value, str) else json.dumps(value)
    return f"<code>{escape(text)}</code>"


# fmt: off
_PLAIN = frozenset({
    "a", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "ol", "p", "pre",
    "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "u", "ul",
})
# fmt: on
_KEPT = frozenset({"href", "src", "alt", "title", "colspan", "rowspan", "scope", "start"})


def _html(node: Node | str) -> str:
    if isinstance(node, str):
        return escape(node)
    if node.tag in WIDGETS:
        return WIDGETS[node.tag](node)
    if node.tag == "svg":
        return _svg(node)
    if node.tag not in _PLAIN:
        raise ProvenError(f"no renderer for <{node.tag}>")
    tag, extra = _plain(node)
    kept = "".join(f' {k}="{escape(v)}"' for k, v in node.attrs.items() if k in _KEPT)
    inner = "".join(map(_html, node.children))
    return f"<{tag}{extra}{kept}>" + ("" if tag in VOID else f"{inner}</{tag}>")


# fmt: off
_SHAPES = frozenset({"svg", "g", "rect", "circle", "line", "path", "polyline", "text", "title"})
_DRAWN = frozenset({
    "viewbox", "width", "height", "role", "aria-label", "fill", "stroke", "stroke-width",
    "font-family", "font-size", "text-anchor", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy",
    "r", "rx", "d", "points", "transform", "opacity",
})
# fmt: on


def _svg(node: Node | str) -> str:
    """A drawing that a cell made: its shapes, and nothing that could act."""
    if isinstance(node, str):
        return escape(node)
    if node.tag not in _SHAPES:
        raise ProvenError(f"no renderer for <{node.tag}> in a drawing")
    kept = "".join(f' {k}="{escape(v)}"' for k, v in node.attrs.items() if k in _DRAWN)
    return f"<{node.tag}{kept}>{''.join(map(_svg, node.children))}</{node.tag}>"


def _plain(node: Node) -> tuple[str, str]:
    """The tag that stands for this one on our page, and the class it gets."""
    classes = node.attrs.get("class", "").split()
    if node.tag == "pre":
        return "pre", _focusable("Output")
    if node.tag[0] == "h" and node.tag[1:].isdigit():
        # The outline of the page is the page's own.
        return "p", ' class="out-heading"'
    if node.tag == "span" and "paragraph" in classes:
        return "p", ""
    if node.tag == "span" and "markdown" in classes:
        return "div", ""
    if node.tag == "div" and "display: flex" in node.attrs.get("style", ""):
        row = "flex-direction: row" in node.attrs["style"]
        return "div", f' class="{"out-row" if row else "out-stack"}"'
    return node.tag, ""


# marimo's elements ----------------------------------------------------------


def _labelled(node: Node, control: str) -> str:
    label = text(node.value("label")) or node.tag.removeprefix("marimo-")
    return f'<label class="out-field"><span>{escape(label)}</span>{control}</label>'


def _input(kind: str) -> Callable[[Node], str]:
    def render(node: Node) -> str:
        value = node.value("initial-value")
        shown = "" if value is None else escape(str(value))
        return _labelled(node, f'<input type="{kind}" value="{shown}" disabled>')

    return render


def _slider(node: Node) -> str:
    value, start, stop = (node.value(k) for k in ("initial-value", "start", "stop"))
    bar = f'<input type="range" min="{start}" max="{stop}" value="{value}" disabled>'
    return _labelled(node, f"{bar}<output>{value}</output>")


def _text_area(node: Node) -> str:
    value = escape(node.value("initial-value", ""))
    return _labelled(node, f'<span class="out-area">{value}</span>')


def _toggle(node: Node) -> str:
    checked = " checked" if node.value("initial-value") else ""
    return _labelled(node, f'<input type="checkbox" disabled{checked}>')


def _options(node: Node) -> str:
    chosen = node.value("initial-value", [])
    many = node.tag == "marimo-multiselect"
    options = "".join(
        f"<option{' selected' if o in chosen else ''}>{escape(str(o))}</option>"
        for o in node.value("options", [])
    )
    return _labelled(node, f"<select disabled{' multiple' if many else ''}>{options}</select>")


def _radio(node: Node) -> str:
    chosen = node.value("initial-value")
    label = text(node.value("label")) or "choice"
    options = "".join(
        f'<label><input type="radio" disabled{" checked" if o == chosen else ""}>'
        f"{escape(str(o))}</label>"
        for o in node.value("options", [])
    )
    return f'<fieldset class="out-field"><legend>{escape(label)}</legend>{options}</fieldset>'


def _button(node: Node) -> str:
    label = text(node.value("label")) or "button"
    return f'<button type="button" class="out-button" disabled>{escape(label)}</button>'


def _table(node: Node) -> str:
    data = node.value("data", "")
    rows = json.loads(data) if isinstance(data, str) and data.startswith("[") else data
    if not isinstance(rows, list):
        raise ProvenError("no renderer for <marimo-table> whose rows are not in the output")
    kinds = {name: kind[1] for name, kind in node.value("field-types", [])}
    names = list(kinds) or [k for k in (rows[0] if rows else {}) if not k.startswith("_marimo")]
    head = "".join(
        f'<th scope="col">{escape(name)} <small>{escape(kinds.get(name, ""))}</small></th>'
        for name in names
    )
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(row.get(n)))}</td>" for n in names) + "</tr>"
        for row in rows
    )
    total = node.value("total-rows", len(rows))
    rest = f"<caption>{len(rows)} of {total} rows</caption>" if total != len(rows) else ""
    table = (
        f'<table class="run-table">{rest}<thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )
    return _scroll(table, f"Table: {', '.join(names)}")


def _callout(node: Node) -> str:
    inner = "".join(_html(c) for c in tree(node.value("html", "")).children)
    return f'<div class="out-callout" data-kind="{escape(node.value("kind", ""))}">{inner}</div>'


def _accordion(node: Node) -> str:
    bodies = [c for c in node.children if isinstance(c, Node)]
    labels = node.value("labels") or node.value("tabs", [])
    return "".join(
        f"<details open><summary>{escape(text(label))}</summary>{_html(body)}</details>"
        for label, body in zip(labels, bodies, strict=True)
    )


def _stat(node: Node) -> str:
    label, value, caption = (node.value(k) for k in ("label", "value", "caption"))
    small = f"<small>{escape(str(caption))}</small>" if caption else ""
    name, shown = escape(str(label or "")), escape(str(value))
    return f'<p class="out-stat">{name} <strong>{shown}</strong>{small}</p>'


def _json_output(node: Node) -> str:
    return f'<div class="out-json">{_json(node.value("json-data"))}</div>'


def _through(node: Node) -> str:
    return "".join(map(_html, node.children))


def _lazy(node: Node) -> str:
    return "<p><em>Loaded when it scrolls into view.</em></p>"


WIDGETS: dict[str, Callable[[Node], str]] = {
    "marimo-ui-element": _through,
    "marimo-text": _input("text"),
    "marimo-text-area": _text_area,
    "marimo-number": _input("number"),
    "marimo-date": _input("date"),
    "marimo-slider": _slider,
    "marimo-checkbox": _toggle,
    "marimo-switch": _toggle,
    "marimo-dropdown": _options,
    "marimo-multiselect": _options,
    "marimo-radio": _radio,
    "marimo-button": _button,
    "marimo-table": _table,
    "marimo-callout-output": _callout,
    "marimo-accordion": _accordion,
    "marimo-tabs": _accordion,
    "marimo-stat": _stat,
    "marimo-json-output": _json_output,
    "marimo-dict": _through,
    "marimo-lazy": _lazy,
}
"""How each of marimo's elements is drawn. To show one more kind, add a function."""
