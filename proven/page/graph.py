"""Draw a recorded flow run: its task runs, what became of them, what waited for what.

A column holds the task runs that waited for as many others, one below the other in
the order in which they began; a line leads from a result to the run that took it.
The same record gives the same bytes. Colours are the site's: they come by class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from proven.errors import ProvenError
from proven.html import Html, h, join
from proven.page.pieces import tone
from proven.record import FlowRun, TaskRun

CHAR = 7.3
"""The width of a character of 12 px in the widest of the site's code fonts."""
PAD = 12
LINE = 17
GAP_X, GAP_Y = 46, 10
TITLE = 30


@dataclass(frozen=True)
class _Shape:
    """A drawing whose top left corner is at 0, 0."""

    width: int
    height: int
    svg: Html

    def at(self, x: int, y: int) -> Html:
        return h("g", self.svg, transform=f"translate({x} {y})")


def roots(flows: Sequence[FlowRun]) -> list[FlowRun]:
    """The flow runs that no other one called: each is a drawing of its own."""
    called = {task.subflow for flow in flows for task in flow.tasks if task.subflow}
    return [flow for flow in flows if flow.name not in called]


def svg(flow: FlowRun, flows: Sequence[FlowRun] = ()) -> Html:
    """The flow run as SVG, with the subflows that it called inside it.

    Args:
        flow: what to draw.
        flows: all flow runs of the record; its subflows are among them.
    """
    known = {f.name: f for f in flows}
    shape = _flow(flow, known)
    # Half a pixel around it: a stroke is drawn on both sides of its line.
    width, height = shape.width + 2, shape.height + 2
    said = h("title", _title(flow)), h("desc", in_words(flow, known))
    size = {"viewBox": f"-1 -1 {width} {height}", "width": width, "height": height}
    return h("svg", *said, shape.svg, class_="graph", role="img", **size)


def in_words(flow: FlowRun, known: dict[str, FlowRun]) -> str:
    """What the drawing says, as sentences."""
    said = [f"{_title(flow)}."]
    for number, task in enumerate(flow.tasks, 1):
        after = f", after {' and '.join(task.after)}" if task.after else ""
        said.append(f"{number}. {task.name}: {_state(task)}{after}.")
        if task.subflow in known:
            said.append(f"It is a subflow. {in_words(known[task.subflow], known)}")
    return " ".join(said)


def _title(flow: FlowRun) -> str:
    count = f"{len(flow.tasks)} task run{'s' * (len(flow.tasks) != 1)}"
    return f"Flow run of {_name(flow)}: {flow.state}, {count}"


def _name(flow: FlowRun) -> str:
    """The flow's name, and the run's where someone chose it."""
    return flow.flow if flow.name.startswith("random-name") else f"{flow.flow} · {flow.name}"


def _state(task: TaskRun) -> str:
    return f"{task.state}, attempt {task.attempts}" if task.attempts > 1 else task.state


def _flow(flow: FlowRun, known: dict[str, FlowRun]) -> _Shape:
    """A frame with a head, and the task runs in columns inside it."""
    shapes = [
        _flow(known[task.subflow], known) if task.subflow in known else _task(task)
        for task in flow.tasks
    ]
    sources = [_sources(flow.tasks, i) for i in range(len(shapes))]
    places = _places(shapes, _columns(flow, sources))
    lines = (
        _line(places[s], shapes[s], places[i], shapes[i])
        for i, found in enumerate(sources)
        for s in found
    )
    nodes = [shape.at(*place) for shape, place in zip(shapes, places, strict=True)]
    right = [place[0] + shape.width for place, shape in zip(places, shapes, strict=True)]
    below = [place[1] + shape.height for place, shape in zip(places, shapes, strict=True)]
    width = max([_width(f"{_name(flow)}  {flow.state}"), *right]) + PAD
    height = max([TITLE, *below]) + PAD * bool(shapes)
    return _Shape(width, height, join([_frame(flow, width, height), *lines, *nodes]))


def _frame(flow: FlowRun, width: int, height: int) -> Html:
    state = h("tspan", flow.state, class_="graph-state", dx=10)
    return h(
        "g",
        h("rect", width=width, height=height, rx=7),
        h("text", _name(flow), state, x=PAD, y=20),
        class_=f"graph-flow graph--{_tone(flow.state)}",
    )


def _task(task: TaskRun) -> _Shape:
    """A box with the name above the state."""
    width, height = max(map(_width, (task.name, _state(task)))) + PAD, 2 * LINE + PAD
    drawn = h(
        "g",
        h("rect", width=width, height=height, rx=5),
        h("text", task.name, x=PAD, y=19),
        h("text", _state(task), class_="graph-state", x=PAD, y=19 + LINE),
        class_=f"graph-task graph--{_tone(task.state)}",
    )
    return _Shape(width, height, drawn)


def _sources(tasks: Sequence[TaskRun], index: int) -> list[int]:
    """The task runs whose results this one took. Names repeat: the last before it counts."""
    found = []
    for name in tasks[index].after:
        same = [i for i, task in enumerate(tasks) if task.name == name and i != index]
        found += [max((i for i in same if i < index), default=same[0])] if same else []
    return found


def _columns(flow: FlowRun, sources: Sequence[list[int]]) -> list[int]:
    """The column of each task run: one after the last of its sources'.

    Raises:
        ProvenError: task runs wait for each other, so the record is not of a real run.
    """
    columns = [0] * len(sources)
    try:
        for i in TopologicalSorter(dict(enumerate(sources))).static_order():
            columns[i] = max((columns[s] + 1 for s in sources[i]), default=0)
    except CycleError as e:
        names = " → ".join(flow.tasks[i].name for i in e.args[1])
        raise ProvenError(f"task runs of {flow.flow} wait for each other: {names}") from None
    return columns


def _places(shapes: Sequence[_Shape], columns: Sequence[int]) -> list[tuple[int, int]]:
    """Where each shape stands: below those of its column that began before it."""
    places: list[tuple[int, int]] = [(0, 0)] * len(shapes)
    x = PAD
    for column in range(max(columns, default=-1) + 1):
        y, widest = TITLE, 0
        for i, shape in enumerate(shapes):
            if columns[i] == column:
                places[i] = (x, y)
                y += shape.height + GAP_Y
                widest = max(widest, shape.width)
        x += widest + GAP_X
    return places


def _line(start: tuple[int, int], a: _Shape, end: tuple[int, int], b: _Shape) -> Html:
    """A curve with an arrow head, from the right side of one shape to the left of another."""
    x1, y1 = start[0] + a.width, start[1] + a.height // 2
    x2, y2 = end[0], end[1] + b.height // 2
    bend = (x1 + x2) // 2
    curve = f"M{x1} {y1}C{bend} {y1} {bend} {y2} {x2 - 6} {y2}"
    line = h("path", class_="graph-line", d=curve)
    return join([line, h("path", class_="graph-head", d=f"M{x2} {y2}l-8 -4v8z")])


def _width(text: str) -> int:
    return PAD + round(CHAR * len(text))


def _tone(state: str) -> str:
    # A cached run did not run, which a drawing shows and a badge says.
    return "cached" if state == "Cached" else tone(state)
