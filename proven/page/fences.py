"""Find the directives of a page and read what they say.

A directive is a fence whose first word is one of those in `directives/`:

    ``` snippet template.py
    show: extract, transform
    output: script
    ```
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
import yaml

from proven.errors import ProvenError
from proven.page.site import Lines
from proven.sidecar import Strict

_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<ticks>`{3,}|~{3,})[ ]*(?P<info>[^`]*)$")

# The loader in C, where PyYAML has it, is ten times as fast.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Options = TypeVar("Options", bound=Strict)


@dataclass(frozen=True)
class Fence:
    """A directive as it stands on a page; `line` counts from 0."""

    indent: str
    word: str
    name: str
    body: str
    line: int

    def options(self, kind: type[Options]) -> Options:
        """The body as options.

        Raises:
            ProvenError: it is not YAML, or says something that `kind` does not know.
        """
        try:
            return msgspec.convert(_listed(self._given(kind.__struct_fields__), kind), kind)
        except msgspec.ValidationError as e:
            raise ProvenError(f"{self}: {e}") from None

    def __str__(self) -> str:
        """Its first line, as messages name it."""
        return f"{self.word} {self.name}".strip()

    def _given(self, known: Collection[str]) -> dict[str, Any]:
        try:
            given = yaml.load(self.body, LOADER) or {}
        except yaml.YAMLError as e:
            raise ProvenError(f"{self}: {' '.join(str(e).split())}") from None
        if not isinstance(given, dict):
            raise ProvenError(f"{self}: expected `option: value` lines")
        if extra := [str(key) for key in given if key not in known]:
            options = ", ".join(known) or "none"
            raise ProvenError(f"{self}: no option {extra[0]!r}; it has: {options}")
        return given


def _listed(given: dict[str, Any], kind: type[Strict]) -> dict[str, Any]:
    """A list may be written as words with commas between."""
    return {
        name: [word.strip() for word in value.split(",")]
        if isinstance(value, str) and str(kind.__annotations__[name]).startswith("list")
        else value
        for name, value in given.items()
    }


def fences(lines: Lines, words: Collection[str]) -> Iterator[str | Fence]:
    """The page's lines, with each directive in place of its own.

    A fence that is not a directive is passed over whole, with any directive in it;
    so is an HTML comment.
    """
    i, comment = 0, False
    while i < len(lines):
        line = lines[i]
        comment = (comment or line.lstrip().startswith("<!--")) and "-->" not in line
        match = None if comment else _FENCE.match(line)
        if match is None:
            yield line
            i += 1
            continue
        end = _end_of_fence(lines, i, match["ticks"])
        word, _, name = match["info"].strip().partition(" ")
        if word in words:
            body = "\n".join(x.removeprefix(match["indent"]) for x in lines[i + 1 : end])
            yield Fence(match["indent"], word, name.strip(), body, i)
        else:
            yield from lines[i : end + 1]
        i = end + 1


def _end_of_fence(lines: Lines, start: int, ticks: str) -> int:
    for i in range(start + 1, len(lines)):
        stripped = lines[i].strip()
        if len(stripped) >= len(ticks) and set(stripped) == {ticks[0]}:
            return i
    return len(lines)
