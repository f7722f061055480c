"""Show lines of a snippet: which ones, highlighted, with notes and differences marked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import Match, SequenceMatcher
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from proven.errors import ProvenError
from proven.html import Html, h, join
from proven.page.pieces import focusable
from proven.snippet import Snippet

Span = tuple[int, int]
"""First and last line, from 1."""
LONG = 40_000
"""Characters: a file of two thousand lines is too much for a page in colours, or twice."""
TALL = 40
"""Lines that stand in a figure without scrolling in it."""
Marks = Mapping[int, tuple[int, str]]
"""Notes by their line: the number, and the id of the text."""

# A sign for the eye; a word for who hears the line.
_SIGNS = {
    "wrong": {"data_sign": "−", "data_said": "only in the wrong version: "},
    "right": {"data_sign": "+", "data_said": "only in the right version: "},
    "new": {"data_sign": "+", "data_said": "new: "},
}


def spans(snippet: Snippet, show: Sequence[str]) -> list[Span]:
    """The lines to show; neighbours with only blank lines between become one.

    Raises:
        ProvenError: the snippet has nothing of such a name.
    """
    if not show:
        return [(1, len(snippet.text.splitlines()))]
    found: list[Span] = []
    for start, end in (_excerpt(snippet, name) for name in show):
        last = found[-1][1] if found else None
        if last is not None and last < start and not snippet.lines(last + 1, start - 1).strip():
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _excerpt(snippet: Snippet, name: str) -> Span:
    if not name.startswith("has "):
        return snippet.excerpt(name)
    text = name.removeprefix("has ")
    found = [(c.start, c.end) for c in snippet.cells if text in snippet.lines(c.start, c.end)]
    if len(found) != 1:
        raise ProvenError(f"{snippet.name}: {len(found)} cells have {text!r}; a name needs one")
    return found[0]


def line_of(fragment: str, snippet: Snippet, shown: Sequence[Span]) -> int:
    """The line of the file that holds the fragment's beginning.

    Raises:
        ProvenError: the shown code does not hold it exactly once.
    """
    found = [
        start + text.count("\n", 0, match.start())
        for start, end in shown
        for text in [snippet.lines(start, end)]
        for match in re.finditer(re.escape(fragment), text)
    ]
    if len(found) != 1:
        times = f"{len(found)} times" if found else "nowhere"
        raise ProvenError(
            f"the note at {fragment!r}: {snippet.name} has it {times} in what is shown"
        )
    return found[0]


def absent(snippet: Snippet, other: Snippet, shown: Sequence[Span]) -> set[int]:
    """The shown lines that the other file has not; blank ones are no difference."""
    same = {b + i + 1 for _, b, size in _blocks(other, snippet) for i in range(size)}
    return _solid(snippet, shown) - same


def differing(
    snippet: Snippet, other: Snippet, shown: Sequence[Span], side: str = "wrong"
) -> set[int]:
    """The shown lines that the other file has not; none where that is most of them.

    Both sides are compared in one order: of two lines that change places, each side marks
    the same one.
    """
    different = absent(snippet, other, shown)
    if side == "right":
        same = {a + i + 1 for a, _, size in _blocks(snippet, other) for i in range(size)}
        different = _solid(snippet, shown) - same
    return different if len(different) <= len(_solid(snippet, shown)) / 2 else set()


def _blocks(a: Snippet, b: Snippet) -> list[Match]:
    ours, theirs = a.text.splitlines(), b.text.splitlines()
    return SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()


def _solid(snippet: Snippet, shown: Sequence[Span]) -> set[int]:
    lines = snippet.text.splitlines()
    return {n for start, end in shown for n in range(start, end + 1) if lines[n - 1].strip()}


def block(
    snippet: Snippet,
    shown: Sequence[Span],
    marks: Marks,
    different: Collection[int] = (),
    side: str = "",
) -> Html:
    """The spans as highlighted code; marks and signs add no character to the text."""
    blocks = (_block(snippet, span, marks, different, side) for span in shown)
    return h("div", *blocks, class_="snippet-code")


def _block(
    snippet: Snippet, span: Span, marks: Marks, different: Collection[int], side: str
) -> Html:
    start, end = span
    lines = list(_highlighted(snippet.language, snippet.lines(start, end)))
    for i, line in enumerate(lines, start):
        if i in marks:
            line = Html(f"{line.removesuffix('\n')}{_mark(*marks[i])}\n")
        if i in different:
            line = h("span", line, class_="hll", **_SIGNS[side])
        lines[i - start] = line
    label = f"{snippet.name}, lines {start} to {end}"
    source = f"{snippet.name}:{start}-{end}"
    text = h("code", *(_by_cell(lines) if snippet.is_notebook else lines))
    long = end - start >= TALL
    return h("pre", text, class_="highlight", data_lines=source, data_long=long, **focusable(label))


def _by_cell(lines: Iterable[Html]) -> Iterator[Html]:
    """The lines, where a hairline takes the place of the blank ones between two cells."""
    for blank, group in groupby(lines, lambda line: not line.strip()):
        found = list(group)
        # They stay in the text: what is shown and copied is what is in the file.
        yield h("span", *found, class_="cell-end") if blank and len(found) > 1 else join(found)


def _mark(n: int, id_: str) -> Html:
    return h("a", class_="snippet-mark", href=f"#{id_}", aria_label=f"Note {n}", data_n=n)


# Made once: to make one reads every style of Pygments' default theme.
_FORMATTER = HtmlFormatter(nowrap=True)


@lru_cache(maxsize=256)
def _highlighted(language: str, text: str) -> tuple[Html, ...]:
    language = language if len(text) < LONG else "text"
    html: str = highlight(text, _lexer(language), _FORMATTER)
    return tuple(map(Html, html.splitlines(keepends=True)))


@cache
def _lexer(language: str) -> Any:
    return get_lexer_by_name(language, stripnl=False, ensurenl=False)
