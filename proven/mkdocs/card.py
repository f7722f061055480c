"""The picture that a link to the site unfolds into: the mark, large, as a PNG.

It is drawn from `assets/mark.svg`, which is made of rectangles with round ends and circles,
so no renderer is needed.
"""

from __future__ import annotations

import re
import struct
import zlib
from functools import cache
from typing import Any

from proven.html import parsed
from proven.mkdocs.assets import FOLDER

WIDTH, HEIGHT = 1200, 630
_GROUND = "faf9f6"
_SCALE = 20
"""Pixels for each unit of the mark, which has 24."""
_LEFT, _TOP = (WIDTH - 24 * _SCALE) // 2, (HEIGHT - 24 * _SCALE) // 2
_COLOUR = re.compile(r"\.(\w)\{fill:#(\w{6})\}")

Disc = tuple[float, float, float, float, str]
"""From x, to x, the middle's y, the radius, the class: a circle that was pulled to the right."""


@cache
def png() -> bytes:
    """The picture's bytes."""
    text = (FOLDER / "mark.svg").read_text(encoding="utf-8")
    # The first of each is the light one.
    colours = dict(reversed(_COLOUR.findall(text)))
    discs = [_disc(e) for e in parsed(text).iter("rect", "circle")]
    rows = (_row(y, discs, colours) for y in range(HEIGHT))
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = (_part(b"IHDR", head), _part(b"IDAT", data), _part(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _disc(element: Any) -> Disc:
    def at(name: str) -> float:
        return float(element.get(name, 0))

    if element.tag == "circle":
        return at("cx"), at("cx"), at("cy"), at("r"), element.get("class")
    r = at("rx")
    return at("x") + r, at("x") + at("width") - r, at("y") + r, r, element.get("class")


def _row(y: int, discs: list[Disc], colours: dict[str, str]) -> bytes:
    """One line of pixels."""
    row = bytearray(bytes.fromhex(_GROUND) * WIDTH)
    for start, end, middle, radius, kind in discs:
        inside = (radius * _SCALE) ** 2 - (y + 0.5 - _TOP - middle * _SCALE) ** 2
        if inside > 0:
            reach = inside**0.5
            first = round(_LEFT + start * _SCALE - reach)
            last = round(_LEFT + end * _SCALE + reach)
            row[3 * first : 3 * last] = bytes.fromhex(colours[kind]) * (last - first)
    return bytes(row)


def _part(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)
