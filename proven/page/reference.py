"""Write the reference of the directives from the docstrings of their options."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import msgspec

from proven.page.directive import Directive
from proven.page.directives import DIRECTIVES


def reference() -> str:
    """The reference as Markdown: a heading, a sentence and a list of options for each word."""
    return "\n".join(map(_section, DIRECTIVES.values()))


_PLACE = re.compile(r"(?s)(<!-- directives: [^>]*-->\n).*(<!-- /directives -->)")


def renewed(text: str) -> str:
    """The text with the reference between its two marks."""
    return _PLACE.sub(lambda found: f"{found[1]}\n{reference()}\n{found[2]}", text)


def _section(kind: type[Directive]) -> str:
    lines = [f"- {line}" for line in _options(kind)]
    options = "\n".join(lines) if lines else "It has no options."
    return f"### `{kind.word}`\n\n{inspect.getdoc(kind)}\n\n{options}\n"


def _options(kind: type[Directive]) -> Iterator[str]:
    said = _docstrings(kind)
    for field in msgspec.structs.fields(kind):
        needed = " (needed)" if field.required else ""
        yield f"`{field.name}`{needed}: {said[field.name]}"


def _docstrings(kind: type[Directive]) -> dict[str, str]:
    """The text below each field; Python itself drops it."""
    body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(body, ast.ClassDef)
    found = {}
    for field, below in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr):
            assert isinstance(field.target, ast.Name)
            found[field.target.id] = " ".join(ast.literal_eval(below.value).split())
    return found


if __name__ == "__main__":
    guide = Path("CONTRIBUTING.md")
    guide.write_text(renewed(guide.read_text(encoding="utf-8")), encoding="utf-8")
