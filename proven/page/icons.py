"""Small drawings: one for each state, and those of the controls.

A state is a shape, a colour and a word, so it is told without colour and without sight.
Disc and tick: completed. Octagon and cross: failed; an open one: failed, then tried again.
Triangle: ran, and did the wrong thing. Dashed ring: cached. Open ring: did not run.
"""

from __future__ import annotations

from collections.abc import Mapping

from proven.html import Html, h

_TICK = "m4.8 8.3 2.2 2.2 4.2-4.8"
_CROSS = "m5.7 5.7 4.6 4.6m0-4.6-4.6 4.6"
_OCTAGON = "M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z"
_SMALLER = "M5.3 1.75h5.4l3.55 3.55v5.4l-3.55 3.55H5.3L1.75 10.7V5.3z"
_RING = {"cx": 8, "cy": 8, "r": 6.2, "class": "icon-line"}


def _full(d: str) -> Html:
    return h("path", d=d, fill="currentColor")


def _line(d: str) -> Html:
    return h("path", d=d, class_="icon-line")


def _cut(d: str) -> Html:
    """A line in the colour of the ground, on a full shape."""
    return h("path", d=d, class_="icon-line icon-cut")


_SHAPES: Mapping[str, tuple[Html, ...]] = {
    "ok": (h("circle", cx=8, cy=8, r=7, fill="currentColor"), _cut(_TICK)),
    "bad": (_full(_OCTAGON), _cut(_CROSS)),
    "again": (_line(_SMALLER), _line(_CROSS)),
    "harm": (_full("M8 .6 15.9 14.9H.1z"), _cut("M8 5.8v4m0 2.3v.1")),
    "cached": (h("circle", **_RING, stroke_dasharray="2.6 2.27"), _line(_TICK)),
    "quiet": (h("circle", **_RING),),
    "run": (_full("M4.5 2.6v10.8L13.2 8z"),),
    "more": tuple(h("circle", cx=x, cy=8, r=1.4, fill="currentColor") for x in (3, 8, 13)),
    "fold": (_line("m6 3.5 4.5 4.5L6 12.5"),),
}  # fmt: skip


def _icon(kind: str, label: str) -> Html:
    said = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    return h("svg", *_SHAPES[kind], viewBox="0 0 16 16", class_=f"icon icon--{kind}", **said)


_SILENT = {kind: _icon(kind, "") for kind in _SHAPES}


def icon(kind: str, label: str = "") -> Html:
    """The drawing; without a label it is for the eye alone, beside a word that says the same."""
    return _icon(kind, label) if label else _SILENT[kind]
