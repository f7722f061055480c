"""Radio buttons that leave out rows of the tables below them, by a style sheet and no script."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from proven.html import Html, h


def filters(groups: Mapping[str, Mapping[str, int]]) -> Html:
    """A line of buttons for each group: its values, and how many rows have each."""
    return h("form", *(_group(name, some) for name, some in groups.items()), class_="filters")


def _group(name: str, values: Mapping[str, int]) -> Html:
    buttons = [_button(name, "", "all", checked=True)]
    buttons += [_button(name, v, f"{v} {n}", checked=False) for v, n in values.items() if n]
    return h("fieldset", h("legend", name), *buttons)


def _button(name: str, value: str, label: str, *, checked: bool) -> Html:
    # A reader who comes back sees all: browsers would keep what was chosen.
    button = h(
        "input", type="radio", name=name, value=token(value), checked=checked, autocomplete="off"
    )
    return h("label", button, h("span", label))


def token(value: str) -> str:
    """The value as one word, for an attribute that holds several."""
    return value.replace(" ", "-")


def counted(rows: Iterable[Collection[str]], known: Iterable[str]) -> dict[str, int]:
    """How many of the rows have each known value."""
    rows = list(rows)
    return {value: sum(value in row for row in rows) for value in known}
