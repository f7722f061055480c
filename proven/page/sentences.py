"""Find the sentences of a page, and which of them state a rule.

A rule is what a reader acts on without looking further: the page's answer (its first
paragraph), a row of a table, each sentence that generalises or advises, and what a directive
says of a mode. A question is none; nor are code, headings, links to what comes next, and what
plainly describes the run beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from proven.page.fences import LOADER

GENERAL = re.compile(
    r"\b(?:always|never|every|everything|only|nothing|nobody|any|anything|at once|safe|safely)\b",
    re.IGNORECASE,
)
"""The words with which a sentence speaks of more than one run."""

ADVICE = re.compile(
    r"(?:Add|Ask|Call|Delete|Do not|Don't|Exclude|Give|Hand|Install|Keep|Leave|Make|Map|Name|Open|"
    r"Pass|Pause|Prefer|Put|Return|Run|Save|Search|Set|Start|Stop|Take|Use|Wait|Wrap|Write)\b"
)
"""How a sentence begins that tells a reader what to do."""

_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
# No prose: headings, comments, HTML, the heads of admonitions and tabs, rules of tables.
_NOT_PROSE = re.compile(r"^\s*(?:#{1,6} |<|!!!|\?\?\?|===|\|?[\s:|-]+$|\*\[)")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_BEGIN = r"[\"'(*_\[`]*(?:[A-Z0-9`]|(?:marimo|pytest|uv)\b)"
_END = re.compile(rf"(?<=[.!?])[\"')*_]*(?=\s+{_BEGIN}|\s*$)")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)(?:\{[^}]*\})?")
_NOTED = re.compile(r"^```+ [a-z-]+.*\n(?P<options>(?:(?!```).*\n)*)```", re.MULTILINE)
_BETWEEN = re.compile(rf"(?<=[.!?])\s+(?={_BEGIN})")


@dataclass(frozen=True)
class Sentence:
    """One sentence: its text in one line, without the targets of links; where it ends."""

    text: str
    line: int
    """Counts from 0, as `column` does: the place right behind its last character."""
    column: int
    rule: bool


def sentences(lines: Sequence[str]) -> Iterator[Sentence]:
    """The sentences of a page's Markdown, in its order."""
    answered = False
    for block in _blocks(lines):
        answer = not answered
        answered = True
        row = lines[block[0]].lstrip().startswith("|")
        yield from _rows(lines, block) if row else _split(lines, block, answer=answer)


def _blocks(lines: Sequence[str]) -> Iterator[list[int]]:
    """The line numbers of each paragraph, item of a list, or table."""
    block: list[int] = []
    fence = ""
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if fence or mark:
            fence = _inside(fence, line, mark)
        elif line.strip() and not _NOT_PROSE.match(line):
            if _ITEM.match(line) and block:
                yield block
                block = []
            block.append(number)
            continue
        elif _is_table(lines, block) and line.strip():
            continue  # the rule below the head of a table
        if block:
            yield block
        block = []
    if block:
        yield block


def _inside(fence: str, line: str, mark: re.Match[str] | None) -> str:
    """The fence that is open after this line; empty for none."""
    if not fence:
        return mark[1] if mark else ""
    stripped = line.strip()
    closes = len(stripped) >= len(fence) and set(stripped) == {fence[0]}
    return "" if closes else fence


def _is_table(lines: Sequence[str], block: Sequence[int]) -> bool:
    return bool(block) and lines[block[0]].lstrip().startswith("|")


def _rows(lines: Sequence[str], block: Sequence[int]) -> Iterator[Sentence]:
    """Each row below the head of a table: all of it is one rule."""
    for number in block[1:]:
        cells = lines[number].strip().strip("|")
        end = len(lines[number].rstrip().rstrip("|").rstrip())
        yield Sentence(plain(cells), number, end, True)


def _split(lines: Sequence[str], block: Sequence[int], *, answer: bool) -> Iterator[Sentence]:
    """The sentences of a paragraph; each one of the page's answer is a rule."""
    text = "\n".join(lines[number] for number in block)
    start = 0
    for end in [match.end() for match in _END.finditer(text)] or [len(text)]:
        said = plain(_ITEM.sub("", text[start:end].lstrip("\n")))
        above = text.count("\n", 0, end)
        column = end - (text.rfind("\n", 0, end) + 1)
        if said:
            rule = answer or (_is_rule(said) and not _LINK.fullmatch(_ITEM.sub("", text).strip()))
            rule = rule and not said.endswith("?")
            yield Sentence(said, block[above], column, rule)
        start = end


def _is_rule(said: str) -> bool:
    return bool(GENERAL.search(said) or ADVICE.match(said))


def noted(lines: Sequence[str]) -> Iterator[Sentence]:
    """The sentences in the options of directives: notes at code, and what is said of a mode."""
    text = "\n".join(lines) + "\n"
    for fence in _NOTED.finditer(text):
        options = _options(fence["options"])
        line = text.count("\n", 0, fence.start())
        for key in ("notes", "says"):
            for note in (options.get(key) or {}).values():
                for said in map(plain, _BETWEEN.split(str(note).strip())):
                    yield Sentence(said, line, 0, key == "says" or _is_rule(said))


def _options(text: str) -> Mapping[str, Any]:
    """What stands in a fence; nothing where that is not valid, which has a check of its own."""
    try:
        options = yaml.load(text, LOADER)
    except yaml.YAMLError:
        return {}
    return options if isinstance(options, dict) else {}


def plain(text: str) -> str:
    """The words in one line, links as their text."""
    return " ".join(_LINK.sub(r"\1", text).split())
