"""Small pieces of HTML that several parts of a page are made of."""

from __future__ import annotations

from collections.abc import Iterable

from proven.html import Html, h, join

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
    "Cached": "ok",
    "Failed": "bad",
    "Crashed": "bad",
    # verdicts on claims
    "true": "ok",
    "true with a condition": "harm",
    "misleading": "harm",
    "false": "bad",
}
"""What colour a word has. A word that is not here is quiet."""

LABELS = {"rejected": "rejected by marimo check", "harm": "runs, but does the wrong thing"}
"""Words that a page says at greater length."""


def tone(word: str) -> str:
    """`ok`, `bad`, `harm` or `quiet`."""
    return TONES.get(word, "quiet")


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


def pre(lines: str | list[str], label: str) -> Html:
    """Text as it stands; `label` says what it is to whoever does not see it."""
    text = lines if isinstance(lines, str) else "\n".join(lines)
    return h("pre", text, **focusable(label))


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


def tabs(name: str, items: Iterable[tuple[str, str, Html]]) -> Html:
    """Tabs of (id, label, content) in Material's own markup, which needs no JavaScript."""
    items = list(items)
    inputs = (
        h("input", type="radio", name=name, id=id_, checked=i == 0)
        for i, (id_, _, _) in enumerate(items)
    )
    labels = (h("label", label, for_=id_) for id_, label, _ in items)
    blocks = (h("div", html, class_="tabbed-block") for _, _, html in items)
    return h(
        "div",
        *inputs,
        h("div", *labels, class_="tabbed-labels", data_search_exclude=True),
        h("div", *blocks, class_="tabbed-content"),
        class_="tabbed-set tabbed-alternate",
        data_tabs=f"{name}:{len(items)}",
    )
