"""Read a snippet: its bytes, its cells, the excerpts that a page may name.

A snippet is a file below `snippets/`. A *notebook* is a marimo notebook; every
other file is a *project file* (a module, a YAML file, a shell script, data).
Nothing is executed here: cells are found in the syntax tree.
"""

from __future__ import annotations

import ast
import io
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

from proven.errors import ProvenError

CellKind = Literal["setup", "function", "class", "cell"]

# `# /// script … # ///`, the inline metadata of PEP 723.
_HEADER = re.compile(r"(?m)^# /// script$\s(?P<body>(?:^#(?:| .*)$\s)+)^# ///$")
_ALIAS = re.compile(r"(?m)^\s*import marimo as (\w+)")
_APP = re.compile(r"(?m)^\s*from marimo import .*\bApp\b")
_LANGUAGES = {
    ".md": "markdown",
    ".py": "python",
    ".sh": "sh",
    ".sql": "sql",
    ".toml": "toml",
    ".yaml": "yaml",
    ".yml": "yaml",
}


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook: `start` and `end` are its first and last line, from 1.

    `body` is the line of the file that marimo counts as the cell's first.
    """

    name: str
    kind: CellKind
    start: int
    end: int
    body: int


@dataclass(frozen=True)
class Snippet:
    """One file below the folder `root`; `name` is its path there, with `/`."""

    name: str
    root: Path

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self.root / self.name

    @cached_property
    def text(self) -> str:
        """The file's text, byte for byte (no newline is translated)."""
        return self.path.read_bytes().decode()

    @property
    def language(self) -> str:
        """The name that Pygments knows the file's language by."""
        return _LANGUAGES.get(self.path.suffix, "text")

    @cached_property
    def is_notebook(self) -> bool:
        """Whether this file is a notebook, or looks like one: what marimo says of it shows."""
        if self.path.suffix != ".py":
            return False
        names = ["marimo", *_ALIAS.findall(self.text)]
        return bool(_APP.search(self.text)) or any(f"{name}.App(" in self.text for name in names)

    @cached_property
    def header(self) -> dict[str, Any] | None:
        """The PEP 723 metadata, or None where the file has none."""
        match = _HEADER.search(self.text)
        if match is None:
            return None
        lines = match["body"].splitlines()
        return tomllib.loads("\n".join(line.removeprefix("#").removeprefix(" ") for line in lines))

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The notebook's cells in the order of the file; `()` for other files.

        Raises:
            ProvenError: the file is not valid Python.
        """
        return tuple(_cells(self.tree, _lines(self.text))) if self.is_notebook else ()

    @property
    def flows(self) -> tuple[str, ...]:
        """The names of the functions that are Prefect flows, in the order of the file.

        Raises:
            ProvenError: the file is not valid Python.
        """
        return _flows(self.tree)

    def cell_at(self, line: int) -> Cell | None:
        """The cell that holds this line; None where none does, or Python can't read the file."""
        try:
            return next((c for c in self.cells if c.start <= line <= c.end), None)
        except ProvenError:
            return None

    def excerpt(self, name: str) -> tuple[int, int]:
        """First and last line of what `name` names: a cell, a function, a key path.

        Raises:
            ProvenError: there is no such name; the message lists those that exist.
        """
        places = self._places()
        if name not in places:
            known = ", ".join(places) or "none"
            raise ProvenError(f"{self.name} has nothing named {name!r}; it has: {known}")
        return places[name]

    def lines(self, start: int, end: int) -> str:
        """The text of these lines, as they stand in the file."""
        return "".join(_lines(self.text)[start - 1 : end])

    @property
    def tree(self) -> ast.Module:
        """The file's syntax tree, not to be changed.

        Raises:
            ProvenError: the file is not valid Python.
        """
        try:
            return _parsed(self.text.removeprefix("\ufeff"))
        except SyntaxError as e:
            raise ProvenError(f"snippets/{self.name}:{e.lineno}: not valid Python: {e.msg}") from e

    def _places(self) -> dict[str, tuple[int, int]]:
        if self.path.suffix in (".yaml", ".yml"):
            return dict(_yaml_places(self.text))
        if self.path.suffix != ".py":
            return {}
        places = {c.name: (c.start, c.end) for c in self.cells}
        if self.is_notebook:
            places |= _header_place(self.text)
        else:
            for node in self.tree.body:
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    places[node.name] = _span(node)
        return places


# A build asks for the same few hundred files again and again.
@lru_cache(maxsize=1024)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def _lines(text: str) -> list[str]:
    """The lines as Python counts them: no letter but a newline ends one."""
    return list(io.StringIO(text, newline=""))


# A build asks for each run whether the ledger leaves it out, which asks for the flows.
@lru_cache(maxsize=1024)
def _flows(tree: ast.Module) -> tuple[str, ...]:
    marks = _names_of("flow", tree)
    return tuple(
        node.name
        for node in _statements(tree.body)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and any(_called(mark) in marks for mark in node.decorator_list)
    )


def _statements(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """All of them, the outer ones first: `ast.walk` goes through each expression, too."""
    found = list(body)
    for node in found:
        yield node
        for inner in ("body", "orelse", "handlers", "finalbody", "cases"):
            if isinstance(within := getattr(node, inner, None), list):
                found += within


def _cells(tree: ast.Module, lines: list[str]) -> Iterator[Cell]:
    for node in tree.body:
        if isinstance(node, ast.With | ast.AsyncWith):
            if any(_app_attribute(item.context_expr) == "setup" for item in node.items):
                yield Cell("setup", "setup", node.lineno, _last(node), node.lineno + 1)
        elif isinstance(node, ast.Expr) and _app_attribute(node.value) == "_unparsable_cell":
            # What Python can't read marimo keeps as text.
            yield Cell(_name_of(node.value), "cell", node.lineno, _last(node), node.lineno + 1)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            marks = {_app_attribute(d) for d in node.decorator_list}
            start, end = _span(node)
            if "function" in marks:
                yield Cell(node.name, "function", start, end, start + 1)
            elif "class_definition" in marks:
                yield Cell(node.name, "class", start, end, start + 1)
            elif "cell" in marks:
                # A signature may take several lines; it ends with a colon.
                colon = next(
                    (n for n in range(node.lineno, end) if lines[n - 1].rstrip().endswith(":")),
                    node.lineno,
                )
                yield Cell(node.name, "cell", start, end, colon + 1)


def _name_of(call: ast.expr) -> str:
    given = call.keywords if isinstance(call, ast.Call) else []
    names = [k.value.value for k in given if k.arg == "name" and isinstance(k.value, ast.Constant)]
    return str(names[0]) if names else "_"


def _last(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _app_attribute(node: ast.expr) -> str | None:
    """`function` for `app.function` and `app.function(...)`."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.attr if node.value.id == "app" else None
    return None


def _names_of(name: str, tree: ast.Module) -> set[str]:
    """What this name of Prefect's is called in the file: `flow`, `prefect.flow`, an alias."""
    found: set[str] = set()
    for node in _statements(tree.body):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("prefect"):
            found |= {a.asname or a.name for a in node.names if a.name == name}
        elif isinstance(node, ast.Import):
            found |= {f"{a.asname or a.name}.{name}" for a in node.names if a.name == "prefect"}
    return found


def _called(mark: ast.expr) -> str:
    """`prefect.flow` for `@prefect.flow` and `@prefect.flow(...)`."""
    return ast.unparse(mark.func if isinstance(mark, ast.Call) else mark)


def _span(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> tuple[int, int]:
    start = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    return start, node.end_lineno or node.lineno


def _header_place(text: str) -> dict[str, tuple[int, int]]:
    match = _HEADER.search(text)
    if match is None:
        return {}
    first = text.count("\n", 0, match.start()) + 1
    return {"header": (first, first + match[0].count("\n"))}


def _yaml_places(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Key paths such as `deployments.0.schedules`, each with its lines."""
    import yaml

    def walk(node: yaml.Node, path: str) -> Iterator[tuple[str, tuple[int, int]]]:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                here = f"{path}.{key.value}".lstrip(".")
                yield here, (key.start_mark.line + 1, _last_line(value))
                yield from walk(value, here)
        elif isinstance(node, yaml.SequenceNode):
            for i, value in enumerate(node.value):
                here = f"{path}.{i}".lstrip(".")
                yield here, (value.start_mark.line + 1, _last_line(value))
                yield from walk(value, here)

    def _last_line(node: yaml.Node) -> int:
        # A block's end mark stands where the next token begins, maybe lines below.
        return text[: node.end_mark.index].rstrip().count("\n") + 1

    root = yaml.compose(text)
    if root is not None:
        yield from walk(root, "")
