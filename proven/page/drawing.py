"""Draw a recorded flow run as a list: a line a task run, from top to bottom as they began.

The gutter holds a node for each; a line leads down from a result to the run that took it,
in a lane of its own. The same is said in words for who does not see it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from proven.errors import ProvenError
from proven.html import Html, h, join
from proven.page.icons import icon
from proven.page.log import retries
from proven.page.pieces import count, tone_of
from proven.record import FlowRun, Record, TaskRun

_PREFIX = ("Task run encountered an exception ", "Flow run encountered an exception: ")


@dataclass(frozen=True)
class _Known:
    """What the rest of the record says of its flow runs and task runs."""

    flows: Mapping[str, FlowRun] = field(default_factory=dict)
    retries: Mapping[str, list[tuple[str, str]]] = field(default_factory=dict)


def drawings(record: Record) -> Iterator[Html]:
    """A drawing of each flow run that no other one called, and of task runs without a flow."""
    known = _Known({flow.name: flow for flow in record.flows}, _retries(record))
    for flow in roots(record.flows):
        yield _drawing(flow, known)
    if record.tasks:
        yield _drawn(_list(record.tasks, "no flow run", known))


def roots(flows: Sequence[FlowRun]) -> list[FlowRun]:
    """The flow runs that no other one called."""
    called = {task.subflow for flow in flows for task in flow.tasks if task.subflow}
    return [flow for flow in flows if flow.name not in called]


def _retries(record: Record) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for name, exception, delay in retries(record):
        found.setdefault(name, []).append((exception, delay))
    return found


def _drawing(flow: FlowRun, known: _Known) -> Html:
    head = h(
        "p",
        icon(tone_of(flow)),
        h("b", flow_name(flow)),
        h("span", flow.state, class_="flow-state"),
        h("span", _facts(flow), class_="flow-facts"),
        class_="flow",
    )
    said = reason(flow.message) if tone_of(flow) != "ok" else ""
    why = h("p", said, class_="flow-why") if said else Html()
    tasks = _list(flow.tasks, flow.flow, known) if flow.tasks else Html()
    return _drawn(head, why, tasks)


def _drawn(*parts: Html) -> Html:
    # Not a `div`: for the theme's search the end of one inside would be the end of this one.
    return h("section", *parts, class_="drawing", data_search_exclude=True)


def flow_name(flow: FlowRun) -> str:
    """The flow's name, and the run's where someone chose it."""
    return flow.flow if flow.name.startswith("random-name") else f"{flow.flow} · {flow.name}"


def reason(message: str) -> str:
    """Prefect's message without the words that each one begins with."""
    for prefix in _PREFIX:
        message = message.removeprefix(prefix)
    return message


def _facts(flow: FlowRun) -> str:
    attempts = sum(task.attempts for task in flow.tasks)
    cached = sum(task.state == "Cached" for task in flow.tasks)
    facts = [count(len(flow.tasks), "task run") if flow.tasks else "no task run"]
    facts += [count(attempts, "attempt")] if attempts > len(flow.tasks) else []
    facts += [f"{cached} from cache"] if cached else []
    return " · ".join(facts)


def _list(tasks: Sequence[TaskRun], flow: str, known: _Known) -> Html:
    order = _order(tasks, flow)
    place = {task: row for row, task in enumerate(order)}
    sources = [[place[s] for s in _sources(tasks, task)] for task in order]
    gutters = gutter(sources)
    rows = (_task(tasks[i], gutters[row], known) for row, i in enumerate(order))
    return h("ol", *rows, class_="tasks", aria_label=f"Task runs of {flow}, as they began")


def _sources(tasks: Sequence[TaskRun], index: int) -> list[int]:
    """The task runs whose results this one took. Names repeat: the last before it counts."""
    found = []
    for name in tasks[index].after:
        same = [i for i, task in enumerate(tasks) if task.name == name and i != index]
        found += [max((i for i in same if i < index), default=same[0])] if same else []
    return found


def _order(tasks: Sequence[TaskRun], flow: str) -> list[int]:
    """As they are recorded, but each below those whose results it took.

    Raises:
        ProvenError: task runs wait for each other, so the record is not of a real run.
    """
    sorter = TopologicalSorter({i: _sources(tasks, i) for i in range(len(tasks))})
    try:
        sorter.prepare()
    except CycleError as e:
        names = " → ".join(tasks[i].name for i in e.args[1])
        raise ProvenError(f"task runs of {flow} wait for each other: {names}") from None
    order, ready = list[int](), set[int]()
    while sorter.is_active():
        ready |= set(sorter.get_ready())
        order.append(min(ready))
        ready.remove(order[-1])
        sorter.done(order[-1])
    return order


def gutter(sources: Sequence[Sequence[int]]) -> list[list[str]]:
    """For each row its lanes: which lines leave the middle, and where the `node` is.

    Args:
        sources: for each row, the rows above it whose results it took.
    """
    last = {source: row for row, found in enumerate(sources) for source in found}
    lane: list[int] = []
    for row in range(len(sources)):
        passing = {lane[s] for s in range(row) if last.get(s, row) > row}
        lane.append(min(set(range(row + 1)) - passing))
    return [_row(row, lane, sources[row], last) for row in range(len(sources))]


def _row(row: int, lane: Sequence[int], found: Sequence[int], last: Mapping[int, int]) -> list[str]:
    lines: list[set[str]] = [set() for _ in range(max(lane) + 1)]
    lines[lane[row]].add("node")
    for source, end in last.items():
        if source < row <= end:
            lines[lane[source]].add("up")
        if source <= row < end:
            lines[lane[source]].add("down")
    for source in found:
        left, right = sorted((lane[source], lane[row]))
        for x in range(left, right):
            lines[x].add("right")
            lines[x + 1].add("left")
    return [" ".join(sorted(each)) for each in lines]


def _task(task: TaskRun, lanes: Sequence[str], known: _Known) -> Html:
    node = icon(tone_of(task))
    marks = (h("i", node if "node" in lane else "", class_=lane or None) for lane in lanes)
    after = f" after {' and '.join(task.after)}" if task.after else ""
    line = h(
        "span",
        h("span", task.name, class_="task-name"),
        h("span", f"{after}: ", class_="sr"),
        h("span", _state(task), class_="task-state"),
        class_="task-line",
    )
    inner = known.flows.get(task.subflow)
    below = _list(inner.tasks, inner.flow, known) if inner and inner.tasks else Html()
    body = h("div", line, _tries(task, known), below, class_="task-body")
    gutter_ = h("span", *marks, class_="lanes", aria_hidden="true")
    return h("li", gutter_, body, class_=f"task task--{tone_of(task)}")


def _state(task: TaskRun) -> str:
    tried = task.attempts > 1 or tone_of(task) == "bad"
    return f"{task.state}, {count(task.attempts, 'attempt')}" if tried else task.state


def _tries(task: TaskRun, known: _Known) -> Html:
    """A shape for each attempt, the delays between them, and why."""
    settled = tone_of(task) in ("ok", "cached")
    why = reason("" if settled else task.message)
    if task.attempts == 1 and not why:
        return Html()
    logged = known.retries.get(task.name, [])
    if settled and logged:
        why = f"after {' and '.join(dict.fromkeys(exception for exception, _ in logged))}"
    shapes = join(_attempts(task, [delay for _, delay in logged])) if task.attempts > 1 else ""
    return h("span", shapes, h("span", why, class_="why"), class_="tries")


def _attempts(task: TaskRun, delays: Sequence[str]) -> Iterator[Html]:
    for n in range(1, task.attempts):
        yield icon("again", f"attempt {n} failed,")
        known = n <= len(delays)
        # Where the delay is another one in each run, the record has none.
        said = ("varies" if delays[n - 1] == "…" else f"{delays[n - 1]} s") if known else ""
        yield h("span", said, class_="gap")
    yield icon(tone_of(task), f"attempt {task.attempts} {task.state.lower()}")
