"""Small pieces of HTML that several parts of a page are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from proven.html import GAP, Html, h, halves, join
from proven.page.icons import icon
from proven.record import FlowRun, TaskRun

TONES = {
    # what came of a run, and how it was declared wrong
    "passed": "ok",
    "failed": "bad",
    "works": "ok",
    "rejected": "bad",
    "fails": "bad",
    "harm": "harm",
    # Prefect's states
    "Completed": "ok",
    "Cached": "cached",
    "Failed": "bad",
    "Crashed": "bad",
    "TimedOut": "bad",
    "Cancelled": "bad",
    # verdicts on claims
    "true": "ok",
    "true with a condition": "harm",
    "misleading": "harm",
    "false": "bad",
}
"""What shape and colour a word has. A word that is not here is quiet: nothing ran."""

LABELS = {"rejected": "rejected by marimo check", "harm": "runs, but does the wrong thing"}
"""Words that a page says at greater length."""


def tone(word: str) -> str:
    """`ok`, `bad`, `harm`, `cached` or `quiet`."""
    return TONES.get(word, "quiet")


def tone_of(run: FlowRun | TaskRun) -> str:
    """The same for a run, whatever its code named the state."""
    return tone(run.type.capitalize() or run.state)


def badge(word: str) -> Html:
    """A short word on the ground of its colour."""
    return h(
        "span",
        LABELS.get(word, word),
        class_=f"badge badge--{tone(word)}",
        data_search_exclude=True,
    )


def box(message: str, kind: str = "failure") -> Html:
    """A message to whoever writes the page, in the page."""
    return h("div", h("p", message), class_=f"admonition {kind}", role="alert")


def count(n: int, word: str) -> str:
    """`1 line`, `2 lines`."""
    return f"{n} {word}{'s' * (n != 1)}"


def pre(lines: str | list[str], label: str, **marks: object) -> Html:
    """Text as it stands; `label` says what it is to whoever does not see it."""
    text = lines if isinstance(lines, str) else "\n".join(lines)
    return h("pre", text, **marks, **focusable(label))


def coded(text: str) -> Html:
    """A line of Markdown, with no more in it than code between backticks."""
    return join(h("code", part) if n % 2 else part for n, part in enumerate(text.split("`")))


class Fold(NamedTuple):
    """What is a press away: its name, how much it is, and the thing itself."""

    name: str
    much: str
    body: Html


def fold(of: Fold, more: str = "", **marks: object) -> Html:
    """A disclosure, which needs no JavaScript."""
    head = h("summary", icon("fold"), h("span", of.name), " ", h("small", of.much))
    body = h("div", of.body, class_="fold-body")
    return h("details", head, body, class_=f"fold{more}", **marks)


def folded(name: str, much: str, told: Html) -> tuple[Html, Html]:
    """What comes before a figure that is a press away, and what comes after it.

    The line is not for the search, which has what it says from the figure.
    """
    said = h("span", told, class_="fold-told") if told else Html()
    head = (icon("fold"), h("span", name), " ", h("small", much), " ", said)
    line = h("summary", *head, data_search_exclude=True)
    body = h("div", GAP, class_="fold-body")
    return halves(h("details", line, body, class_="fold fold--file fold--figure"))


class Choice(NamedTuple):
    """One run of several: its id on the page, its mode, what came of it, and all of it."""

    id: str
    mode: str
    label: str
    tone: str
    word: str
    shown: Html


def choices(items: Iterable[Choice]) -> Html:
    """One control for all runs, and the one that is chosen below it. It needs no JavaScript."""
    items = list(items)
    heads = [_choice(item, items[0].id, alone=len(items) == 1) for item in items]
    control = h("fieldset", h("legend", "Mode", class_="sr"), *heads, class_="modes")
    panels = (
        h(
            "div",
            item.shown,
            id=item.id,
            class_="panel",
            data_mode=item.mode,
            data_label=item.label,
        )
        for item in items
    )
    bar = h("div", control, class_="modes-bar", data_search_exclude=True)
    return h("div", bar, *panels, class_="runs")


def _choice(item: Choice, group: str, *, alone: bool) -> Html:
    said = (icon(item.tone), item.label, h("span", f": {item.word}", class_="sr"))
    if alone:
        return h("span", *said, class_="mode")
    button = h(
        "input", type="radio", name=f"{group}-modes", value=item.mode, checked=item.id == group
    )
    return h("label", button, *said, class_="mode", title=item.word)


def scroll(html: Html, label: str, more: str = "", **marks: object) -> Html:
    """A block that may be wider than the page."""
    return h("div", html, class_=f"run-scroll{more}", **focusable(label), **marks)


def focusable(label: str) -> dict[str, object]:
    """What lets a keyboard scroll a wide block, and says what it is."""
    return {"tabindex": 0, "role": "group", "aria_label": label}


def table(heads: Iterable[str], rows: Iterable[Html], caption: Html | str = "") -> Html:
    """A table with a head; each row is an element already."""
    head = h("tr", *(h("th", text, scope="col") for text in heads))
    top = h("caption", caption) if caption else Html()
    return h("table", top, h("thead", head), h("tbody", join(rows)), class_="run-table")
