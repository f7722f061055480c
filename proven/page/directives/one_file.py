"""The directive `one-file`: a notebook's outline, and beside it what it is in each mode.

The modes are radio buttons, so the arrow keys change them; a style sheet shows what belongs
to the chosen one. No script is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from msgspec.structs import replace

from proven.errors import ProvenError
from proven.html import GAP, Html, h, halves, join
from proven.modes import Mode
from proven.page import code, outline, outputs
from proven.page.directive import Directive
from proven.page.drawing import drawings
from proven.page.figures import FIGURES
from proven.page.icons import icon
from proven.page.pieces import pre
from proven.page.site import Lines, Page
from proven.project import Project
from proven.record import Record, Step
from proven.snippet import Snippet

_WHEN = {"open": "On opening", "reload": "After a reload"}
_PRESS = re.compile(r"press '(.+)'")


class OneFileDirective(Directive, frozen=True):
    """A notebook's outline, and what the notebook is in each mode, one at a time."""

    word: ClassVar[str] = "one-file"

    says: dict[Mode, str]
    """The modes in their order, each with a sentence in Markdown that stands above its run."""

    def expand(self, name: str, page: Page) -> Lines:
        """The figure; the sentences in it stay Markdown."""
        snippet = page.project.find(name)
        records = {mode: _record(page.project, name, mode) for mode in self.says}
        marks = {"class_": "one", "data_search_exclude": True, "aria_label": name}
        before, behind = halves(h("figure", GAP, **marks))
        head = join([before, _modes(records), _outline(page.project, snippet, records)])
        lines = page.html(head)
        for mode, text in self.says.items():
            opened, closed = halves(_panel(snippet, records[mode]))
            lines += [*page.html(opened), text, *page.html(closed)]
        return [*lines, *page.html(behind)]


def _record(project: Project, name: str, mode: str) -> Record:
    run = project.run(f"{name}::{mode}")
    if run.record is None:
        raise ProvenError(f"no record of {run}; {run.hint}")
    return run.record


def _modes(records: dict[Mode, Record]) -> Html:
    """A radio button for each mode, with the outcome of its run in words."""
    buttons = (
        h(
            "label",
            h("input", type="radio", name="one", value=mode, checked=i == 0),
            icon("ok" if record.passed else "bad"),
            h("span", mode.label),
            h("span", ", passed" if record.passed else ", failed", class_="one-hidden"),
            class_="one-mode",
        )
        for i, (mode, record) in enumerate(records.items())
    )
    legend = h("legend", "One file, seen as", class_="one-hidden")
    return h("fieldset", legend, *buttons, class_="one-modes")


def _outline(project: Project, snippet: Snippet, records: dict[Mode, Record]) -> Html:
    """A line for each cell, with what it did in each mode."""
    imported = project.run(f"{snippet.name}::import").record
    done = {mode: outline.did(record, imported) for mode, record in records.items()}
    lines = (_line(part, done) for part in outline.parts(snippet, imported))
    title = h("p", snippet.name, class_="one-name")
    return h("div", title, h("ol", *lines, class_="one-outline"), class_="one-file")


def _line(part: outline.Part, done: dict[Mode, dict[str, str]]) -> Html:
    words = {mode: cells[part.name] for mode, cells in done.items() if part.name in cells}
    said = (h("span", word, class_="one-did", data_on=mode) for mode, word in words.items())
    kind = h("span", part.kind, class_="one-kind")
    return h("li", kind, h("span", part.text), *said, data_on=" ".join(words))


def _panel(snippet: Snippet, record: Record) -> Html:
    """What the run showed, with a gap for the sentence above it."""
    columns = (h("div", column) for column in _columns(snippet, record) if column)
    source = f"{record.snippet}::{record.mode}"
    return h(
        "div",
        h("div", GAP, class_="one-says"),
        h("div", *columns, class_="one-columns"),
        class_="one-panel run",
        data_on=record.mode,
        data_run=source,
    )


def _columns(snippet: Snippet, record: Record) -> Iterator[Html]:
    steps = [_step(step) for step in record.steps]
    drawn = join(drawings(replace(record, flows=outline.own_flows(record))))
    did = outline.did(record, None)
    tests = [cell.name for cell in snippet.cells if did.get(cell.name) == "passed"]
    yield from steps[:-1]
    yield join([*steps[-1:], drawn])
    if not steps:
        yield code.block(snippet, code.spans(snippet, tests), {}) if tests else Html()
        yield FIGURES["found"].show(record, ())
        yield pre(record.console, f"Console, {record.mode}") if record.console else Html()


def _step(step: Step) -> Html:
    """What each cell showed in a step."""
    press = _PRESS.fullmatch(step.do)
    when = f"After a press of {press[1]}" if press else _WHEN.get(step.do, f"After: {step.do}")
    return join(
        h(
            "div",
            h("p", when, ", cell ", h("code", cell.name), " shows", class_="one-where"),
            h("div", outputs.show(cell.output, f"cell {cell.name}"), class_="run-shown"),
        )
        for cell in step.cells
        if cell.output
    )
