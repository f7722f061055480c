#!/usr/bin/env -S uv run --script
# /// script
# requires-python = ">=3.12"
# dependencies = ["marimo>=0.22.0,<0.26"]
# ///
"""Hold the notebooks of a repository to the patterns of Prefect and marimo.

Copy this file into the folder of your tests. It is a test file and a command:

    pytest tests/test_notebooks.py
    python tests/test_notebooks.py --help
    uv run tests/test_notebooks.py notebooks    # where neither is installed

It needs marimo, and pytest for the tests. It imports and runs nothing of yours: marimo's own
analysis says what the cells define and use, the syntax trees say the rest.

`pyproject.toml` can say, under `[tool.notebook-check]`:

    advice = true                     # ask for the advice too
    exclude = ["legacy/**"]           # do not look at these
    rules = { bounds = "error", guards = "off" }    # "error", "advice" or "off"
    files = { "demos/**" = ["guards"] }             # off in these files
    baseline = "notebook-baseline.json"

In a file, a comment with a reason: `# check: ignore[guards] the demo is meant to run`.
It counts for its line. Alone on its line it counts for the next one, as the first line of a cell
for the cell, and above `import marimo` for the file.
"""

from __future__ import annotations

import argparse
import ast
import asyncio
import difflib
import fnmatch
import json
import operator
import os
import re
import subprocess
import sys
import tokenize
import tomllib
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

OLDEST_MARIMO = "0.22.0"
try:
    from marimo._ast.parse import MarimoFileError, is_body_cell, parse_notebook
    from marimo._config.config import LintConfig  # noqa: F401  No older marimo has it.
    from marimo._config.manager import get_default_config_manager
    from marimo._lint.context import LintContext, RuleContext
    from marimo._lint.diagnostic import Diagnostic
    from marimo._lint.rule_engine import RuleEngine
    from marimo._loggers import capture_output
    from marimo._schemas.serialization import UnparsableCell

    NO_MARIMO = ""
except ImportError as error:
    NO_MARIMO = f"This check needs marimo {OLDEST_MARIMO} or newer in {sys.executable}: {error}."

ERROR, ADVICE, NOTE, OFF = "error", "advice", "note", "off"


class Wrong(Exception):
    """What a person has to put right before the check can start."""


# What the check says -----------------------------------------------------------------


@dataclass(frozen=True)
class Edit:
    """These lines of a file, the last one included, become those."""

    first: int
    last: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    path: str
    lines: tuple[int, ...]
    rule: str
    message: str
    hint: str = ""
    rank: str = ERROR
    end: int = 0
    edit: Edit | None = None

    @property
    def line(self) -> int:
        return self.lines[0]

    def __str__(self) -> str:
        others = ", ".join(map(str, self.lines[1:]))
        also = f" (also line {others})" if others else ""
        hint = f"\n    {self.hint}" if self.hint else ""
        return f"{self.path}:{self.line}: {self.rule}: {self.message}{also}{hint}"


Said = Finding | tuple[Any, str] | tuple[Any, str, Edit | None]


@dataclass(frozen=True)
class Rule:
    name: str
    rank: str
    check: Callable[[Module], Iterable[Said]]

    def findings(self, module: Module) -> Iterator[Finding]:
        for said in self.check(module):
            if isinstance(said, Finding):
                yield said
                continue
            at, message, *edit = said
            line, end = (at, at) if isinstance(at, int) else (at.lineno, at.end_lineno)
            fix = edit[0] if edit else None
            yield Finding(module.path, (line,), self.name, message, end=end, edit=fix)


RULES: dict[str, Rule] = {}


def rule(rank: str) -> Callable[[Callable[[Module], Iterable[Said]]], Callable[..., Any]]:
    """The name of the function is the name of the rule, its docstring is the rule's page."""

    def keep(check: Callable[[Module], Iterable[Said]]) -> Callable[..., Any]:
        RULES[check.__name__] = Rule(check.__name__, rank, check)
        return check

    return keep


# The files of a project ----------------------------------------------------------------

NOT_YOURS = {"__marimo__", "__pycache__", "node_modules", "site-packages"}


def python_files(root: Path) -> list[str]:
    """What git knows or would add; without git, what does not stand in a hidden folder."""
    found = by_git(root) or list(by_walking(root))
    environments = {str(PurePosixPath(p).parent) for p in found if p.endswith("pyvenv.cfg")}
    return sorted(
        path
        for path in set(found)
        if path.endswith(".py")
        and not NOT_YOURS & set(PurePosixPath(path).parts)
        and not environments & {str(parent) for parent in PurePosixPath(path).parents}
        and os.path.lexists(root / path)
        and not (root / path).is_dir()
    )


def by_git(root: Path) -> list[str]:
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others"]
    wanted = ["--exclude-standard", "--", "*.py", "*pyvenv.cfg"]
    try:
        told = subprocess.run([*command, *wanted], capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return []
    return [os.fsdecode(name) for name in told.split(b"\0") if name]


def by_walking(root: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(root):
        folders[:] = [] if "pyvenv.cfg" in names else [f for f in folders if f[0] != "."]
        for name in names:
            yield (Path(folder) / name).relative_to(root).as_posix()


def read(path: Path) -> str:
    """The text as an editor shows it: without a byte-order mark, with one kind of line end."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        with path.open("rb") as file:
            encoding, _ = tokenize.detect_encoding(file.readline)
        text = data.decode(encoding)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parsed(text: str) -> ast.Module | SyntaxError:
    """The tree, or why Python can't read it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except SyntaxError as error:
            return error
        except (ValueError, RecursionError, MemoryError) as error:
            return SyntaxError(str(error))


def within(table: Any, *keys: str) -> dict[str, Any]:
    """A table inside tables of TOML; empty where there is none."""
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else {}


@dataclass(frozen=True)
class Header:
    """The PEP 723 header of a script; without a line there is none."""

    line: int = 0
    meta: dict[str, Any] = field(default_factory=dict)
    error: str = ""


HEADER = re.compile(r"(?m)^# /// script[ \t]*\n((?:^#(?: .*)?[ \t]*\n)+?)^# ///[ \t]*$")


def header_of(text: str) -> Header:
    found = HEADER.search(text)
    if not found:
        return Header()
    line = text[: found.start()].count("\n") + 1
    try:
        return Header(line, tomllib.loads(re.sub(r"(?m)^# ?", "", found[1])))
    except tomllib.TOMLDecodeError as error:
        return Header(line, error=str(error))


# Names: what they mean, through assignments, imports and aliases ----------------------------

Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
DEEP = 12


@dataclass(frozen=True)
class Import:
    """`level` counts the dots of a relative import."""

    dotted: str
    level: int = 0


Binding = ast.AST | Import
Names = dict[str, list[Binding]]


@dataclass
class Scope:
    """Names bound in a function, a cell or a module, and what is around them."""

    module: Module
    names: Names
    outer: Scope | None = None
    added: Names = field(default_factory=dict)

    def find(self, name: str) -> tuple[list[Binding], Scope] | None:
        if name in self.names:
            return self.names[name], self
        return self.outer.find(name) if self.outer else None

    def inside(self, names: Names) -> Scope:
        return Scope(self.module, names, self)


def shallow(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of this scope alone: not those inside functions, classes, comprehensions."""
    for node in nodes:
        yield node
        if not isinstance(node, Function | ast.ClassDef | ast.Lambda | Comprehension):
            yield from shallow(ast.iter_child_nodes(node))


def bindings(body: Iterable[ast.AST]) -> Names:
    """What each name is bound to; an empty list where nobody can say."""
    names: Names = {}
    for node in shallow(body):
        for name, value in bound_by(node):
            known = names.setdefault(name, [])
            if value is not None:
                known.append(value)
    return names


def bound_by(node: ast.AST) -> Iterator[tuple[str, Binding | None]]:
    match node:
        case ast.Import(names=aliases):
            for a in aliases:
                yield (
                    a.asname or a.name.partition(".")[0],
                    Import(a.name if a.asname else a.name.partition(".")[0]),
                )
        case ast.ImportFrom(names=aliases):
            for a in aliases:
                dotted = ".".join(filter(None, (node.module, a.name if a.name != "*" else "")))
                yield a.asname or a.name, Import(dotted, node.level)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name, node
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from bound_in(target, value)
        case ast.AnnAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
            yield from bound_in(target, value)
        case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
            yield from bound_in(target, value)
        case ast.Name(id=name, ctx=ast.Store()):
            yield name, None
        case ast.ExceptHandler(name=str(name)):
            yield name, None


def bound_in(target: ast.AST, value: ast.AST | None) -> Iterator[tuple[str, Binding | None]]:
    match target, value:
        case ast.Name(id=name), _:
            yield name, value
        case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
            for one, its in zip(targets, values, strict=True):
                yield from bound_in(one, its)


def function_scope(function: Function, outer: Scope) -> Scope:
    given: Names = {a.arg: [] for a in ast.walk(function.args) if isinstance(a, ast.arg)}
    return Scope(outer.module, bindings(function.body) | given, outer, added_to(function.body))


def added_to(body: Iterable[ast.AST]) -> Names:
    """What is put into each list or dict: `found.append(x)`, `found[key] = x`."""
    added: Names = {}
    for node in shallow(body):
        match node:
            case (
                ast.Call(
                    func=ast.Attribute(value=ast.Name(id=name), attr="append" | "extend"),
                    args=[value],
                )
                | ast.AugAssign(target=ast.Name(id=name), value=value)
            ):
                added.setdefault(name, []).append(value)
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name))], value=value):
                added.setdefault(name, []).append(value)
    return added


Meaning = str | tuple[ast.AST, Scope]


def meanings(node: ast.AST, scope: Scope, deep: int = 0) -> Iterator[Meaning]:
    """What an expression stands for: a dotted name from outside, or a node of the project."""
    if deep > DEEP:
        return
    match node:
        case ast.Name(id=name):
            yield from named(name, scope, deep + 1)
        case ast.Attribute(value=value, attr=attr):
            for thing in meanings(value, scope, deep + 1):
                if isinstance(thing, str):
                    yield from scope.module.project.imported(Import(f"{thing}.{attr}"), scope, deep)
        case _:
            yield node, scope


def named(name: str, scope: Scope, deep: int) -> Iterator[Meaning]:
    found = scope.find(name)
    for binding in found[0] if found else ():
        if isinstance(binding, Import):
            yield from scope.module.project.imported(binding, scope, deep)
        elif isinstance(binding, Function | ast.ClassDef):
            yield binding, found[1]
        elif not (isinstance(binding, ast.Name) and binding.id == name):
            yield from meanings(binding, found[1], deep)
    if found is None:
        stars = scope.find("*")
        for star in stars[0] if stars else ():
            dotted = f"{star.dotted}.{name}".lstrip(".")
            yield from scope.module.project.imported(Import(dotted, star.level), scope, deep)
        yield f"builtins.{name}"


def dotted(node: ast.AST, scope: Scope) -> set[str]:
    return {thing for thing in meanings(node, scope) if isinstance(thing, str)}


def function_of(node: ast.AST, scope: Scope) -> tuple[Function, Scope] | None:
    """The function of the project that this name stands for."""
    for thing in meanings(node, scope):
        if not isinstance(thing, str) and isinstance(thing[0], Function):
            return thing
    return None


# Prefect's objects ------------------------------------------------------------------------

MAKERS = {
    **dict.fromkeys(("prefect.task", "prefect.tasks.task"), "task"),
    **dict.fromkeys(("prefect.Task", "prefect.tasks.Task", "prefect.assets.materialize"), "task"),
    **dict.fromkeys(("prefect.flow", "prefect.flows.flow"), "flow"),
    **dict.fromkeys(("prefect.Flow", "prefect.flows.Flow"), "flow"),
}
PARTIAL = "functools.partial"
STARTS = {"submit", "map", "delay", "apply_async", "serve"}
DEPLOYMENTS = {
    f"prefect.deployments.{name}"
    for name in ("run_deployment", "arun_deployment", "flow_runs.run_deployment")
}


@dataclass(frozen=True)
class Made:
    """A task or a flow, and the module that makes it."""

    kind: str
    module: Module


def maker(node: ast.AST, scope: Scope, deep: int = 0) -> str | None:
    """`task` or `flow`, if this is what makes one: the decorator, with or without options."""
    for thing in meanings(node, scope, deep):
        if isinstance(thing, str):
            if thing in MAKERS:
                return MAKERS[thing]
            continue
        found, where = thing
        kind = None
        if isinstance(found, ast.Call) and PARTIAL in dotted(found.func, where):
            kind = maker(found.args[0], where, deep + 1) if found.args else None
        elif isinstance(found, ast.Call):
            kind = maker(found.func, where, deep + 1)
        elif isinstance(found, Function) and deep < DEEP:
            inner = function_scope(found, where)
            returned = [n.value for n in shallow(found.body) if isinstance(n, ast.Return)]
            calls = (value for value in returned if isinstance(value, ast.Call))
            kind = next((k for v in calls if (k := maker(v, inner, deep + 1))), None)
        if kind:
            return kind
    return None


def prefect(node: ast.AST, scope: Scope, deep: int = 0) -> Made | None:
    """The task or flow that this expression stands for."""
    if deep > DEEP:
        return None
    for thing in meanings(node, scope, deep):
        if isinstance(thing, str):
            continue
        found, where = thing
        kind = None
        match found:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                kinds = (maker(d, where, deep + 1) for d in found.decorator_list)
                kind = next(filter(None, kinds), None)
            case ast.Await(value=value):
                return prefect(value, where, deep + 1)
            case ast.Call(func=ast.Attribute(value=value, attr="with_options")):
                return prefect(value, where, deep + 1)
            case ast.Call(func=ast.Attribute(value=value, attr="from_source")):
                kind = maker(value, where, deep + 1)
            case ast.Call(func=func, args=[first, *_]) if PARTIAL in dotted(func, where):
                return prefect(first, where, deep + 1)
            case ast.Call(func=func, args=[_, *_]):
                kind = maker(func, where, deep + 1)
        if kind:
            return Made(kind, where.module)
    return None


# What runs when these statements run --------------------------------------------------------

Condition = tuple[ast.expr, bool]


@dataclass(frozen=True)
class Step:
    """A node that is evaluated, where, and what must be true or false for it."""

    node: ast.AST
    scope: Scope
    tests: tuple[Condition, ...] = ()


def steps(
    nodes: Iterable[ast.AST], scope: Scope, tests: tuple[Condition, ...] = ()
) -> Iterator[Step]:
    """All that is evaluated at once: not the bodies of functions and lambdas."""
    for node in nodes:
        yield Step(node, scope, tests)
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from steps([*node.decorator_list, node.args], scope, tests)
            case ast.Lambda(args=args):
                yield from steps([args], scope, tests)
            case ast.If(test=test) | ast.IfExp(test=test):
                yield from steps([test], scope, tests)
                for wanted, way in (True, node.body), (False, node.orelse):
                    way = way if isinstance(way, list) else [way]
                    yield from steps(way, scope, (*tests, (test, wanted)))
            case ast.While(test=test, body=body):
                yield from steps([test], scope, tests)
                yield from steps(body, scope, (*tests, (test, True)))
            case ast.Match(subject=subject, cases=cases):
                yield from steps([subject], scope, tests)
                for one in cases:
                    taken = (matched(subject, one.pattern), True)
                    yield from steps([one], scope, (*tests, taken))
            case ast.BoolOp(op=op, values=values):
                for number, value in enumerate(values):
                    before = [(v, isinstance(op, ast.And)) for v in values[:number]]
                    yield from steps([value], scope, (*tests, *before))
            case _ if isinstance(node, Comprehension):
                inner = comprehension_scope(node, scope)
                ifs = [(test, True) for g in node.generators for test in g.ifs]
                for part in ast.iter_child_nodes(node):
                    more = () if isinstance(part, ast.comprehension) else tuple(ifs)
                    yield from steps([part], inner, (*tests, *more))
            case _:
                yield from steps(ast.iter_child_nodes(node), scope, tests)


def matched(subject: ast.expr, pattern: ast.pattern) -> ast.expr:
    """The question that a `case` asks; nobody can answer a tuple before it runs."""
    match pattern:
        case ast.MatchValue(value=value):
            return ast.Compare(subject, [ast.Eq()], [value])
        case ast.MatchSingleton(value=value):
            return ast.Compare(subject, [ast.Is()], [ast.Constant(value)])
    return ast.Tuple([subject], ast.Load())


def calls(step: Step, *names: str) -> bool:
    """The node is a call of one of these."""
    return isinstance(step.node, ast.Call) and bool({*names} & dotted(step.node.func, step.scope))


def comprehension_scope(node: ast.AST, scope: Scope) -> Scope:
    pairs = [p for g in node.generators for p in bound_in(g.target, g.iter)]
    hidden = [n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)]
    names: Names = {name: [] for name in hidden}
    for name, value in pairs:
        if value is not None and not uses(value, name):
            names[name].append(value)
    return scope.inside(names)


def uses(node: ast.AST, name: str) -> bool:
    return any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(node))


@dataclass(frozen=True)
class Start:
    """A call that makes a run: what the reader sees called, what it runs, under which tests."""

    call: ast.Call
    name: str
    made: Made
    tests: tuple[Condition, ...]
    scope: Scope


def starts(nodes: Iterable[ast.AST], scope: Scope, deep: int = 0) -> Iterator[Start]:
    """The flows and tasks that run at once, also those in plain functions that are called."""
    for step in steps(nodes, scope):
        if isinstance(step.node, ast.Call):
            name, made = started(step.node, step.scope, deep)
            if made:
                yield Start(step.node, name, made, step.tests, step.scope)


def started(call: ast.Call, scope: Scope, deep: int) -> tuple[str, Made | None]:
    func = call.func
    if made := prefect(func, scope):
        return ast.unparse(func), made
    if (
        isinstance(func, ast.Attribute)
        and func.attr in STARTS
        and (made := prefect(func.value, scope))
    ):
        return ast.unparse(func), made
    if DEPLOYMENTS & dotted(func, scope):
        return ast.unparse(func), Made("flow", scope.module)
    for argument in handed_on(call, scope):
        if made := prefect(argument, scope):
            return ast.unparse(argument), made
    found = function_of(func, scope) if deep < 4 else None
    if found and not isinstance(func, ast.Lambda):
        inner = function_scope(*found)
        first = next((s for s in starts(found[0].body, inner, deep + 1) if not s.tests), None)
        if first:
            return f"{ast.unparse(func)} runs {first.name}, which", first.made
    return "", None


def handed_on(call: ast.Call, scope: Scope) -> Iterator[ast.expr]:
    """`map(load, paths)`, `pool.submit(load, 1)`, `Thread(target=load)`: these call it too."""
    attr = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    calls = {"builtins.map", "asyncio.to_thread"} & dotted(call.func, scope)
    if (calls or attr in {"submit", "map"}) and call.args:
        yield call.args[0]
    if attr == "run_in_executor" and len(call.args) > 1:
        yield call.args[1]
    yield from (k.value for k in call.keywords if k.arg == "target")


# A module, a notebook, a project --------------------------------------------------------------


@dataclass(eq=False)
class Cell:
    """A cell as marimo sees it; the lines of its tree are those of the file."""

    module: Module
    kind: str
    name: str
    tree: ast.Module
    first: int
    id: str
    defs: set[str] = field(default_factory=set)
    refs: set[str] = field(default_factory=set)
    disabled: bool = False

    @cached_property
    def scope(self) -> Scope:
        """Names with an underscore are the cell's own, all others are shared."""
        own = {n: v for n, v in bindings(self.tree.body).items() if is_private(n)}
        return Scope(self.module, own, self.module.scope)

    @cached_property
    def steps(self) -> list[Step]:
        return list(steps(self.tree.body, self.scope))

    def defines_at(self, name: str) -> int:
        nodes = (n for n in ast.walk(self.tree) for bound, _ in bound_by(n) if bound == name)
        return min((line_of(n) for n in nodes), default=self.first)

    def line_of(self, name: str) -> ast.AST | int:
        """Where the cell first names this."""
        found = (n for n in ast.walk(self.tree) if isinstance(n, ast.Name) and n.id == name)
        return min(found, key=lambda n: (n.lineno, n.col_offset), default=self.first)


@dataclass(eq=False)
class Module:
    """A file; a notebook is one that has cells."""

    path: str
    text: str
    project: Project
    opened: LintContext | None = None
    cells: list[Cell] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    said_by_marimo: list[Diagnostic] = field(default_factory=list)
    skipped_lines: int = 0

    @cached_property
    def tree(self) -> ast.Module:
        """The file; empty where Python can't read it, which is a finding of its own."""
        tree = parsed(self.text)
        return ast.Module([], []) if isinstance(tree, SyntaxError) else tree

    @cached_property
    def header(self) -> Header:
        return header_of(self.text)

    @cached_property
    def scope(self) -> Scope:
        if not self.is_notebook:
            return Scope(self, bindings(self.tree.body))
        shared: Names = {}
        for cell in self.cells:
            for name, values in bindings(cell.tree.body).items():
                if not is_private(name):
                    shared.setdefault(name, []).extend(values)
        return Scope(self, shared)

    @cached_property
    def uses_prefect(self) -> bool:
        found = (n for n in ast.walk(self.tree) if isinstance(n, ast.Import | ast.ImportFrom))
        imports = [i for n in found for _, i in bound_by(n) if isinstance(i, Import)]
        if any(i.dotted.partition(".")[0].startswith("prefect") for i in imports):
            return True
        modules = (self.project.module_of(i, self) for i in imports)
        return any(m and m is not self and "prefect" in m.text for m, _ in filter(None, modules))

    @property
    def is_notebook(self) -> bool:
        return self.opened is not None

    @property
    def dotted(self) -> str:
        parts = PurePosixPath(self.path).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def cells_of(self, *kinds: str) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind in kinds]

    def functions(self) -> Iterator[tuple[Function, Scope]]:
        """All functions, those in cells and in classes too."""
        parts = [(c.tree, c.scope) for c in self.cells] or [(self.tree, self.scope)]
        for tree, scope in parts:
            yield from functions_in(tree, scope)


def functions_in(tree: ast.AST, scope: Scope) -> Iterator[tuple[Function, Scope]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield node, scope
            yield from functions_in(node, function_scope(node, scope))
        else:
            yield from functions_in(node, scope)


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


class Project:
    """The files of a repository, each one read and parsed once, and only if it matters."""

    def __init__(self, root: Path, settings: Settings) -> None:
        self.root = root
        self.settings = settings
        self.files = [p for p in python_files(root) if not matches(p, settings.exclude)]
        self.by_stem: dict[str, list[str]] = {}
        self.modules: dict[str, Module] = {}
        for path in self.files:
            parts = PurePosixPath(path)
            stem = parts.parent.name if parts.name == "__init__.py" else parts.stem
            self.by_stem.setdefault(stem, []).append(path)
            self._read(path)
        for module in self.notebooks:
            self._analyse(module)

    def _read(self, path: str) -> None:
        module = self.modules[path] = Module(path, "", self)
        try:
            module.text = read(self.root / path)
        except (OSError, SyntaxError, UnicodeDecodeError, LookupError) as error:
            module.problems = [Finding(path, (1,), "unreadable", unread(error))]
        if "marimo" in module.text:
            module.opened = opened(module.text)
        if not module.is_notebook and "prefect" in module.text:
            module.problems += not_python(module)

    def _analyse(self, module: Module) -> None:
        try:
            analyse(module)
        except Exception as error:  # Whatever it is, it is of this file alone.
            said = f"marimo could not analyse it: {type(error).__name__}: {error}"
            module.problems.append(Finding(module.path, (1,), "unreadable", said))

    @cached_property
    def lint_config(self) -> dict[str, Any]:
        """What `[tool.marimo.lint]` selects and ignores, as `marimo check` reads it."""
        manager = get_default_config_manager(current_path=str(self.root))
        config = manager.get_config(hide_secrets=False).get("lint", {})
        return {key: list(config[key]) for key in ("select", "ignore") if key in config}

    @cached_property
    def notebooks(self) -> list[Module]:
        return [m for m in self.modules.values() if m.is_notebook]

    def imported(self, what: Import, scope: Scope, deep: int) -> Iterator[Meaning]:
        """A name of the project, or the dotted name of something from outside."""
        found = self.module_of(what, scope.module)
        if found is None:
            yield what.dotted if not what.level else ""
        elif not found[1]:
            yield found[0].dotted
        elif any(found[0].scope.find(name) for name in (found[1], "*")):
            yield from named(found[1], found[0].scope, deep + 1)

    def module_of(self, what: Import, importer: Module) -> tuple[Module, str] | None:
        """The module that an import names, and the rest of the name."""
        parts = what.dotted.split(".") if what.dotted else []
        folder = PurePosixPath(importer.path).parent
        for _ in range(what.level - 1):
            folder = folder.parent
        for length in range(len(parts), 0, -1):
            path = self._file_of(parts[:length], folder, bool(what.level))
            if path in self.modules:
                return self.modules[path], ".".join(parts[length:])
        return None

    def _file_of(self, parts: list[str], folder: PurePosixPath, relative: bool) -> str | None:
        if not relative and parts[0] in sys.stdlib_module_names | {"prefect", "marimo"}:
            return None
        paths = self.by_stem.get(parts[-1], ())
        wanted = ["/".join(parts) + ".py", "/".join(parts) + "/__init__.py"]
        near = [folder] if relative else [folder, *folder.parents, PurePosixPath("src")]
        for place in near if paths else ():
            for name in wanted:
                if (path := str(place / name)) in paths:
                    return path
        # Somewhere else on the path, as pytest's `pythonpath` may say; only if there is no doubt.
        ends = [p for p in paths if any(p.endswith(f"/{name}") for name in wanted)]
        return ends[0] if len(ends) == 1 and not relative else None

    @cached_property
    def tests_have_api(self) -> bool:
        """The settings of pytest name the API."""
        names = ("pyproject.toml", "pytest.ini", "tox.ini", "setup.cfg", ".env.test")
        files = (self.root / name for name in names)
        return any(b"PREFECT_API_URL" in f.read_bytes() for f in files if f.is_file())

    def conftests(self, path: str) -> list[Module]:
        near = (str(folder / "conftest.py") for folder in PurePosixPath(path).parents)
        return [self.modules[name] for name in near if name in self.modules]

    def findings(self) -> list[Finding]:
        """All that is wrong, by file and line, each thing once."""
        found = {one for module in self.modules.values() for one in self._of(module)}
        return sorted(found, key=lambda one: (one.path, one.lines, one.rule, one.message))

    def _of(self, module: Module) -> Iterator[Finding]:
        if not (module.is_notebook or module.problems or may_matter(module)):
            return
        for one in RULES.values():
            rank = self.settings.rank(one, module.path)
            for finding in one.findings(module) if rank != OFF else ():
                if not is_ignored(finding, module):
                    yield replace(finding, rank=finding.rank if finding.rank == NOTE else rank)


def may_matter(module: Module) -> bool:
    """A plain module counts if it may hold a flow, or tests of one."""
    return "prefect" in module.text or is_test_file(module.path) or "check: ignore" in module.text


def is_test_file(path: str) -> bool:
    name = PurePosixPath(path).name
    return name.startswith("test_") or name.endswith("_test.py")


def not_python(module: Module) -> Iterator[Finding]:
    """Python 2, or a template: said, but no fault of a notebook."""
    error = parsed(module.text)
    if isinstance(error, SyntaxError):
        line = error.lineno or 1
        said = f"no notebook of yours, and Python can't read it: {error.msg}"
        yield Finding(module.path, (line,), "unreadable", said, rank=NOTE, end=line)


def unread(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError | SyntaxError | LookupError):
        return "this is not UTF-8, and marimo reads UTF-8: save it so"
    return f"it can't be read: {error.strerror or error}"  # type: ignore[attr-defined]


def opened(text: str) -> LintContext | None:
    """The notebook that marimo would open, if it is one, with all that its parser says."""
    try:
        with capture_output() as (out, err, logs), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = parse_notebook(text)
    except (MarimoFileError, AssertionError, RecursionError):
        return None
    if found is None or not found.valid:
        return None
    return LintContext(found, text, err.getvalue(), out.getvalue(), logs)


# What marimo knows about a notebook ---------------------------------------------------------


def analyse(module: Module) -> None:
    """Let marimo compile and lint it once, and keep the cells with the lines of the file."""
    module.skipped_lines = module.text[: len(module.text) - len(module.text.lstrip())].count("\n")
    context = module.opened
    assert context is not None
    with capture_output():
        graph = context.get_graph()
    compiled = list(graph.cells.values())
    for cell in context.notebook.cells:
        if (
            compiled
            and not isinstance(cell, UnparsableCell)
            and compiled[0].code == cell.code.replace("\xa0", " ")
        ):
            keep_cell(module, cell, compiled.pop(0))
    with capture_output():  # Without pytest, marimo warns of each test.
        module.said_by_marimo = asyncio.run(lint(module, context))


KINDS = {"SetupCell": "setup", "FunctionCell": "function", "ClassCell": "class"}


def keep_cell(module: Module, cell: Any, compiled: Any) -> None:
    ast.increment_lineno(compiled.mod, cell.lineno + module.skipped_lines)
    module.cells.append(
        Cell(
            module,
            KINDS.get(type(cell).__name__, "cell"),
            cell.name,
            compiled.mod,
            cell.lineno + module.skipped_lines + 1,
            compiled.cell_id,
            set(compiled.defs),
            set(compiled.refs),
            bool(cell.options.get("disabled")),
        )
    )


def is_one_definition(cell: Cell) -> bool:
    body = cell.tree.body
    return len(body) == 1 and isinstance(body[0], Function | ast.ClassDef)


async def lint(module: Module, context: LintContext) -> list[Diagnostic]:
    engine = RuleEngine.create_default(lint_config=lint_config(module))
    alone = [cell for cell in module.cells if is_one_definition(cell)]
    for one in engine.rules:
        if one.code == "MR003" and len(alone) < 2:
            continue  # The dearest rule; it compares functions and classes that have a cell alone.
        await one.check(RuleContext(context, one))
    return await context.get_diagnostics()


def lint_config(module: Module) -> dict[str, Any] | None:
    """`[tool.marimo.lint]` of the project and of the file's own header, added up as marimo does."""
    config = dict(module.project.lint_config)
    own = within(module.header.meta, "tool", "marimo", "lint")
    for key in ("select", "ignore"):
        if key in own:
            config[key] = [*config.get(key, []), *own[key]]
    return config or None


def said_by_marimo(module: Module, *severities: str) -> Iterator[Finding]:
    for one in module.said_by_marimo:
        if one.severity.name in severities:
            lines = lines_of(module, one)
            said, hint = f"{one.name}: {one.message.strip()}", (one.fix or "").strip()
            kind = "marimo_check" if "BREAKING" in severities else "marimo_format"
            yield Finding(module.path, lines, kind, said, hint, end=lines[0])


OF_CELLS = {"MB002", "MB003", "MB004"}


def lines_of(module: Module, one: Diagnostic) -> tuple[int, ...]:
    """marimo counts lines from 0 and from the first that is not empty, and may miss the cell."""
    cells = [cell for cell in module.cells if cell.id in (one.cell_id or ())]
    if one.code in OF_CELLS and cells:
        name = re.search(r"'(\w+)'", one.message)
        return tuple(sorted({cell.defines_at(name[1] if name else "") for cell in cells}))
    error = parsed(module.text) if one.code == "MB001" else None
    if isinstance(error, SyntaxError) and error.lineno:
        return (error.lineno,)
    told = one.line if isinstance(one.line, list) else [one.line]
    return tuple(sorted({max(line + 1 + module.skipped_lines, 1) for line in told}))


# What holds a cell back when the notebook is opened -----------------------------------------

STARTS_AS = {
    **dict.fromkeys(("run_button", "checkbox", "switch"), False),
    **dict.fromkeys(("text", "text_area", "code_editor"), ""),
    **dict.fromkeys(("button", "dropdown", "radio", "number"), None),
}
COMPARISONS: dict[type, Callable[[Any, Any], bool]] = {
    **{
        ast.Eq: operator.eq,
        ast.NotEq: operator.ne,
        ast.Is: operator.is_,
        ast.IsNot: operator.is_not,
    },
    **{ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge},
}


class Unknown(Exception):
    """Nobody can say before it runs."""


def at_opening(node: ast.AST, scope: Scope, deep: int = 0) -> Any:
    """The value of an expression when nobody has touched a widget yet; raises `Unknown`."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id="__name__"):
            return "__main__"  # In the editor, an app and a script alike.
        case ast.Name(id=name) if (
            (found := scope.find(name)) and len(found[0]) == 1 and deep < DEEP
        ):
            binding, where = found[0][0], found[1]
            if not isinstance(binding, Import):
                return at_opening(binding, where, deep + 1)
        case ast.Attribute(value=widget, attr="value"):
            return widget_at_opening(widget, scope)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not at_opening(operand, scope, deep)
        case ast.BoolOp(op=op, values=values):
            return both_or_either(op, values, scope, deep)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARISONS:
            sides = at_opening(left, scope, deep), at_opening(right, scope, deep)
            try:
                return COMPARISONS[type(op)](*sides)
            except TypeError:
                raise Unknown from None
    raise Unknown


def both_or_either(op: ast.boolop, values: list[ast.expr], scope: Scope, deep: int) -> bool:
    """One known value may decide it."""
    decides = isinstance(op, ast.Or)
    known = []
    for value in values:
        try:
            known.append(bool(at_opening(value, scope, deep)))
        except Unknown:
            continue
    if decides in known:
        return decides
    if len(known) < len(values):
        raise Unknown
    return not decides


def widget_at_opening(node: ast.AST, scope: Scope) -> Any:
    things = [thing for thing in meanings(node, scope) if not isinstance(thing, str)]
    if len(things) != 1 or not isinstance(things[0][0], ast.Call):
        raise Unknown
    call, where = things[0]
    if isinstance(call.func, ast.Attribute) and call.func.attr == "form":
        return None
    kinds = [d.rpartition(".")[2] for d in dotted(call.func, where) if d.startswith("marimo.ui.")]
    given = [k.value for k in call.keywords if k.arg == "value"]
    if kinds and given:
        return at_opening(given[0], where)
    if kinds and kinds[0] in STARTS_AS:
        return STARTS_AS[kinds[0]]
    if kinds == ["slider"] and call.args:
        return at_opening(call.args[0], where)
    raise Unknown


def holds_at_opening(conditions: Iterable[Condition], scope: Scope) -> bool:
    """All of them are known to let the code run when the notebook is opened."""
    try:
        return all(bool(at_opening(test, scope)) is wanted for test, wanted in conditions)
    except Unknown:
        return False


def stopped_at(cell: Cell) -> tuple[int, int] | None:
    """Where `mo.stop` may end the cell when the notebook is opened."""
    for step in cell.steps:
        node = step.node
        if isinstance(node, ast.Call) and calls(step, "marimo.stop"):
            given = [*node.args, *(k.value for k in node.keywords if k.arg == "predicate")]
            if given and not holds_at_opening([(given[0], False)], step.scope):
                return node.lineno, node.col_offset
    return None


def is_held_back(cell: Cell) -> bool:
    """It, or a cell that it needs, may be disabled or stopped: marimo then leaves it out."""
    seen, waiting = {cell}, [cell]
    while waiting:
        one = waiting.pop()
        if one.disabled or (one is not cell and stopped_at(one)):
            return True
        needed = {c for c in one.module.cells_of("cell") if c.defs & one.refs} - seen
        seen |= needed
        waiting += needed
    return False


# The rules ------------------------------------------------------------------------------------


@rule(ERROR)
def unreadable(module: Module) -> Iterable[Said]:
    """A file that can't be read or analysed.

    Finds: a link to nowhere, a file that is not UTF-8, a notebook that marimo can't analyse. A file
    that is no notebook and no Python is only noted.
    Why: marimo reads UTF-8 and replaces what is none, so a save would destroy letters.
    Leave it: no case is known for a notebook. Exclude a folder of templates by `exclude`.
    """
    yield from module.problems


@rule(ERROR)
def marimo_check(module: Module) -> Iterable[Said]:
    """What marimo itself finds broken or surprising.

    Finds: the breaking and the runtime rules of `marimo check`: the same name in two cells, a
    circle of cells, a syntax error, an output inside an `if` that is never shown.
    Why: the notebook doesn't run, or shows less than it says.
    Leave it: where `[tool.marimo.lint]` turns a rule off; that is respected here.
    """
    yield from said_by_marimo(module, "BREAKING", "RUNTIME")


@rule(ADVICE)
def marimo_format(module: Module) -> Iterable[Said]:
    """What `marimo check --fix` puts right.

    Finds: the formatting rules of `marimo check`, and others that `[tool.marimo.lint]` selects.
    Why: the next save in the editor changes these lines, and the change hides in another diff.
    Leave it: in notebooks that are no longer opened.
    """
    yield from said_by_marimo(module, "FORMATTING", "WASM")


@rule(ERROR)
def decorator_order(module: Module) -> Iterable[Said]:
    """A decorator stands above `@app.function`.

    Finds: `@task`, `@flow` or any other decorator above `@app.function` or
    `@app.class_definition`.
    Why: marimo keeps what stands below its own decorator. The editor shows, runs and saves the
    function without the task, and a script stops with `NameError`.
    Leave it: no case is known.
    """
    for node in module.tree.body if module.is_notebook else ():
        if is_body_cell(node) and isinstance(node, Function | ast.ClassDef):
            own = next(d for d in node.decorator_list if is_apps(d))
            above = node.decorator_list[: node.decorator_list.index(own)]
            if above and not ast.unparse(own).startswith("app.cell"):
                names = ", ".join(f"@{name_of(d)}" for d in above)
                edit = exchanged(module, node, own)
                yield own, f"@{name_of(own)} must stand above {names}", edit


def is_apps(decorator: ast.expr) -> bool:
    return name_of(decorator) in {"app.cell", "app.function", "app.class_definition"}


def name_of(decorator: ast.expr) -> str:
    return ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)


def exchanged(module: Module, node: Any, own: ast.expr) -> Edit:
    first = node.decorator_list[0].lineno
    marimos = module.lines[own.lineno - 1 : own.end_lineno]
    return Edit(
        first, own.end_lineno or first, (*marimos, *module.lines[first - 1 : own.lineno - 1])
    )


@rule(ERROR)
def guards(module: Module) -> Iterable[Said]:
    """A flow or task runs when the notebook is opened.

    Finds: a call of a flow or a task in a cell, bare or awaited, by `.submit`, `.map` or
    `.with_options`, through another name or a plain function, which no `mo.stop` and no `if` holds
    back, in its own cell or in one that it needs. A widget's first value counts as given.
    Why: opening the app, *Run all* in the editor, an export and a script all run production.
    Leave it: in a notebook of which each opening shall make a run.
    """
    for cell in module.cells_of("setup", "cell"):
        tested = cell.name.startswith("test_") and TEST_API.search(ast.unparse(cell.tree))
        if tested or is_held_back(cell):
            continue
        end = stopped_at(cell) or (sys.maxsize, 0)
        for start in starts(cell.tree.body, cell.scope):
            here = start.call.lineno, start.call.col_offset
            if here < end and holds_at_opening(start.tests, start.scope):
                when = "at every import" if cell.kind == "setup" else "when the notebook is opened"
                mend = 'mo.stop(mo.app_meta().mode != "script"), or a run button, above it'
                yield start.call, f"{start.name} runs {when}: put {mend}"


@rule(ERROR)
def widgets_in_if(module: Module) -> Iterable[Said]:
    """A widget is made in an `if` and read in another cell.

    Finds: a name that only a branch of an `if` binds to a widget, while another cell reads it
    without asking the same.
    Why: where the branch is not taken the name doesn't exist, and the other cell stops with
    `NameError`.
    Leave it: no case is known. Without an `else`, `mo.stop` does what was meant; else bind the name
    in both.
    """
    for cell in module.cells_of("cell"):
        sure = surely_bound(cell.tree.body, cell.scope)
        for node in branches(cell.tree.body):
            made = widgets_made_in(node, cell.scope) & cell.defs - sure
            others = [other for other in module.cells if other is not cell]
            lost = [name for name in sorted(made) if any(reads(o, name, node) for o in others)]
            if lost:
                do = "does" if len(lost) == 1 else "do"
                kind = "if" if isinstance(node, ast.If) else "match"
                said = f"{', '.join(lost)} {do} not exist where the `{kind}` is not taken"
                yield node, f"{said}, and another cell reads it: use mo.stop", unnested(cell, node)


def branches(nodes: Iterable[ast.AST]) -> Iterator[ast.If | ast.Match]:
    """The outermost ones of a cell."""
    for node in nodes:
        if isinstance(node, ast.If | ast.Match):
            yield node
        elif isinstance(node, ast.stmt) and not isinstance(node, Function | ast.ClassDef):
            yield from branches(ast.iter_child_nodes(node))


def surely_bound(body: list[ast.stmt], scope: Scope) -> set[str]:
    """The names that exist after these statements, whichever way they went."""
    names: set[str] = set()
    for node in body:
        match node:
            case ast.If(body=one, orelse=other):
                ways = [surely_bound(way, scope) for way in (one, other) if not ends(way, scope)]
                names |= set.intersection(*ways) if ways else set()
            case ast.With(body=inner) | ast.AsyncWith(body=inner) | ast.Try(body=inner):
                names |= surely_bound(inner, scope)
            case ast.Match(cases=[*_, ast.match_case(pattern=ast.MatchAs(pattern=None))] as cases):
                names |= set.intersection(*(surely_bound(c.body, scope) for c in cases))
            case ast.Match():
                pass
            case ast.For() | ast.While() | ast.AsyncFor():
                pass
            case _:
                names |= bindings([node]).keys()
    return names


def ends(body: list[ast.stmt], scope: Scope) -> bool:
    """The cell ends here: it raises or stops."""
    stop = {"marimo.stop", "sys.exit"}
    return any(
        isinstance(node, ast.Raise)
        or (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Call)
            and bool(stop & dotted(node.value.func, scope))
        )
        for node in body
    )


def widgets_made_in(node: ast.stmt, scope: Scope) -> set[str]:
    return {
        name
        for name, values in bindings([node]).items()
        if any(is_widget(value, scope) for value in values)
    }


def is_widget(value: Binding, scope: Scope) -> bool:
    if not isinstance(value, ast.Call):
        return False
    names = dotted(value.func, scope)
    wrapped = isinstance(value.func, ast.Attribute) and is_widget(value.func.value, scope)
    return wrapped or any(name.startswith("marimo.ui.") for name in names)


def reads(cell: Cell, name: str, made_in: ast.If | ast.Match) -> bool:
    """The cell reads the name, and does not ask first what the `if` asks, or more."""
    if name not in cell.refs:
        return False
    ifs = (n.test for n in shallow([made_in]) if isinstance(n, ast.If))
    asked = {ast.dump(made_in.subject)} if isinstance(made_in, ast.Match) else set()
    asked |= set(map(ast.dump, ifs))
    if asked & {ast.dump(negated(part)) for part in stops_of(cell)}:
        return False
    return any(
        not asked
        & {ast.dump(part) for test, wanted in step.tests if wanted for part in ast.walk(test)}
        for step in cell.steps
        if isinstance(step.node, ast.Name) and step.node.id == name
    )


def stops_of(cell: Cell) -> Iterator[ast.expr]:
    """Each of these alone stops the cell."""
    for step in cell.steps:
        if isinstance(step.node, ast.Call) and calls(step, "marimo.stop") and step.node.args:
            first = step.node.args[0]
            several = isinstance(first, ast.BoolOp) and isinstance(first.op, ast.Or)
            yield from first.values if several else [first]  # type: ignore[attr-defined]


def unnested(cell: Cell, node: ast.If | ast.Match) -> Edit | None:
    """`mo.stop` in place of the `if`, where nothing else of the cell depends on that."""
    if isinstance(node, ast.Match):
        return None
    lines = cell.module.lines[node.lineno - 1 : node.end_lineno]
    texts = (n for n in ast.walk(node) if isinstance(n, ast.Constant | ast.JoinedStr))
    alone = (
        node is cell.tree.body[-1]
        and not node.orelse
        and node.test.lineno == node.body[0].lineno - 1
    )
    marimo = marimo_name(cell.scope)
    if not alone or not marimo or any(n.end_lineno != n.lineno for n in texts):
        return None
    margin = len(lines[0]) - len(lines[0].lstrip())
    deeper = len(lines[1]) - len(lines[1].lstrip()) - margin
    stop = " " * margin + f"{marimo}.stop({ast.unparse(negated(node.test))})"
    return Edit(
        node.lineno,
        node.end_lineno or 0,
        (quoted_as(stop, lines[0]), *(x[:margin] + x[margin + deeper :] for x in lines[1:])),
    )


def quoted_as(code: str, before: str) -> str:
    """`ast.unparse` writes single quotes; keep the ones that stood there."""
    return code.replace("'", '"') if "'" not in before and '"' in before else code


def negated(test: ast.expr) -> ast.expr:
    other = {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is}
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return operand
        case ast.Compare(left=left, ops=[op], comparators=right) if type(op) in other:
            return ast.Compare(left, [other[type(op)]()], right)
    return ast.UnaryOp(ast.Not(), test)


def marimo_name(scope: Scope) -> str:
    shared = scope.module.scope.names.items()
    return next((n for n, bound in shared if Import("marimo") in bound), "")


@rule(ERROR)
def mode_in_setup(module: Module) -> Iterable[Said]:
    """The mode is read in the setup cell.

    Finds: `mo.app_meta()` in the setup cell, where it runs at once.
    Why: the setup cell of a script runs before marimo knows the mode: it is `None` there, and a
    guard that compares it never lets the script run.
    Leave it: where only the theme or the request is read.
    """
    for cell in module.cells_of("setup"):
        others = (s.node for s in cell.steps if isinstance(s.node, ast.Attribute))
        harmless = {id(node.value) for node in others if node.attr != "mode"}
        for step in cell.steps:
            if calls(step, "marimo.app_meta") and id(step.node) not in harmless:
                yield step.node, "the mode is None in the setup cell of a script: read it in a cell"


SECRET = re.compile(
    r"(?i)pass|pwd|secret|token|api_?key|access_?key|private|credential|dsn|conn|_url$|_uri$"
)
LOADS = re.compile(
    r"prefect\w*\..*\.(load|aload)|prefect\.variables\.Variable\.(get|aget)|keyring\.get_password|getpass\.getpass"
)
CONNECTS = re.compile(
    r"(?!httpx\.|prefect\.)[\w.]+\.(connect|create_engine|create_async_engine|create_pool|urlopen"
    r"|from_connection_string|read_database|read_database_uri|read_sql\w*|\w*(?<!Async)Client)"
    r"|(httpx|requests)\.(get|post|put|patch|delete|head|options|request|stream)"
    r"|boto3\.(client|resource|session\.Session|Session)|redis\.(Strict)?Redis|(openai|anthropic)\.\w+"
)


@rule(ERROR)
def setup_secret(module: Module) -> Iterable[Said]:
    """The setup cell reads a secret or opens a connection.

    Finds, in the setup cell of a notebook with Prefect: `os.environ[…]`, `getenv` of a name that
    tells of a secret, a block or a variable of Prefect that is loaded, a connection or a request;
    also in a function of yours that is called there.
    Why: the setup cell runs at every import, also where Prefect only wants to know the flow's
    parameters. There the secret or the network may be missing, and the file can't be deployed.
    Leave it: where the machine that deploys has all that the worker has.
    """
    for cell in module.cells_of("setup") if module.uses_prefect else ():
        for step in cell.steps:
            if holds_at_opening(step.tests, step.scope) and (name := what_it_asks(step)):
                yield step.node, f"{name} in the setup cell runs at every import: call it in a task"


def what_it_asks(step: Step, deep: int = 0) -> str:
    """The name of the secret or connection that this node reads."""
    match step.node:
        case ast.Subscript(value=value, ctx=ast.Load()) if "os.environ" in dotted(
            value, step.scope
        ):
            return ast.unparse(step.node)
        case ast.Call(func=func, args=args):
            names = dotted(func, step.scope) | {f"prefect.{n}" for n in own_block(func, step.scope)}
            first = args[0].value if args and isinstance(args[0], ast.Constant) else None
            reads = {"os.getenv", "os.environ.get", "os.environ.pop"} & names
            asks = reads and (not isinstance(first, str) or SECRET.search(first))
            memory = first == ":memory:" or (names == {"duckdb.connect"} and not args)
            connects = (
                any(CONNECTS.fullmatch(n) or LOADS.fullmatch(n) for n in names) and not memory
            )
            if asks or connects:
                return ast.unparse(func)
            if deep < 4 and (found := function_of(func, step.scope)):
                inner = steps(found[0].body, function_scope(*found))
                return next(
                    (x for s in inner if not s.tests and (x := what_it_asks(s, deep + 1))), ""
                )
    return ""


def own_block(func: ast.AST, scope: Scope) -> Iterator[str]:
    """`Warehouse.load`, where the project's class Warehouse is a block of Prefect."""
    if isinstance(func, ast.Attribute) and func.attr in {"load", "aload"}:
        for thing in meanings(func.value, scope):
            if not isinstance(thing, str) and isinstance(thing[0], ast.ClassDef):
                bases = (name for base in thing[0].bases for name in dotted(base, thing[1]))
                yield from (f"{name}.load" for name in bases if name.startswith("prefect"))


@rule(ERROR)
def unused_argument(module: Module) -> Iterable[Said]:
    """A cell takes a name and doesn't use it.

    Finds: a parameter of a cell that marimo's analysis does not count as used; a data frame named
    in the text of a SQL cell is used.
    Why: marimo runs a cell again when a name changes that it uses. A refresh button that is only
    a parameter refreshes nothing, and the next save drops it.
    Leave it: no case is known; a line with the name alone is a use.
    """
    nodes = {n.lineno: n for n in module.tree.body if is_body_cell(n) and isinstance(n, Function)}
    names = module.scope.names
    imports = {n for n, bound in names.items() if any(isinstance(b, Import) for b in bound)}
    for cell in module.cells_of("cell"):
        node = max(
            (n for line, n in nodes.items() if line <= cell.first), key=line_of, default=None
        )
        for arg in node.args.args if node and node.name == cell.name else ():
            known = arg.arg in names and arg.arg not in imports
            if known and arg.arg not in cell.refs and not in_sql(arg.arg, cell):
                yield node.lineno, f"{arg.arg} is not used, so the cell does not run with it"


def in_sql(name: str, cell: Cell) -> bool:
    """marimo reads SQL only where its parser of SQL is installed."""
    nodes = list(ast.walk(cell.tree))
    asks = any(
        isinstance(n, ast.Attribute) and n.attr in {"sql", "execute", "query"} for n in nodes
    )
    texts = (n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return asks and any(re.search(rf"(?i)\b{name}\b", text) for text in texts)


def line_of(node: Any) -> int:
    return int(node.lineno)


@rule(ERROR)
def cell_variable(module: Module) -> Iterable[Said]:
    """A function needs a name that only a cell defines.

    Finds: an `@app.function` or `@app.class_definition` that uses a variable, an import, a
    function or a class of an `@app.cell`.
    Why: an import runs no cell. Under a worker, and in a test, the name doesn't exist.
    Leave it: no case is known. Put the name into the setup cell, or hand it over as a parameter.
    """
    top = {name for c in module.cells_of("setup", "function", "class") for name in c.defs}
    only = {name for c in module.cells_of("cell") for name in c.defs} - top
    for cell in module.cells_of("function", "class"):
        for name in sorted(cell.refs & only):
            mend = "define it in the setup cell or take it as a parameter"
            yield cell.line_of(name), f"{cell.name} needs {name}, which only a cell defines: {mend}"


@rule(ERROR)
def map_result(module: Module) -> Iterable[Said]:
    """A flow returns futures.

    Finds: a `return` of what a task's `.map` or `.submit` gives, directly, through a variable, or
    inside a list, a tuple or a dict.
    Why: the caller gets states in place of values, and the error comes later, somewhere else.
    Leave it: where the caller wants the states, as to let the flow fail when one of its tasks did;
    an annotation that says so (`-> list[State]`) is believed.
    """
    for function, scope in module.functions():
        told = function.returns and re.search("State|Future", ast.unparse(function.returns))
        if prefect_function(function, scope) == "flow" and not told:
            inner = function_scope(function, scope)
            for node in shallow(function.body):
                if isinstance(node, ast.Return) and node.value and are_futures(node.value, inner):
                    said = "the caller gets states, not values: add .result()"
                    yield node, said, with_result(module, node, inner)


def prefect_function(function: Function, scope: Scope) -> str | None:
    return next((k for d in function.decorator_list if (k := maker(d, scope))), None)


def are_futures(node: ast.AST, scope: Scope, deep: int = 0) -> bool:
    if deep > DEEP:
        return False
    match node:
        case ast.Call(func=ast.Attribute(value=task, attr="map" | "submit")):
            made = prefect(task, scope)
            return bool(made and made.kind == "task")
        case ast.Call(func=ast.Name(), args=[ast.Attribute(value=task, attr="submit"), *_]):
            made = prefect(task, scope) if "builtins.map" in dotted(node.func, scope) else None
            return bool(made and made.kind == "task")
        case ast.Call(func=ast.Name(), args=[inner]):
            kept = {"builtins.list", "builtins.tuple"} & dotted(node.func, scope)
            return bool(kept) and are_futures(inner, scope, deep + 1)
        case ast.Name(id=name):
            return name_is_futures(name, scope, deep)
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return any(are_futures(part, scope, deep + 1) for part in parts)
        case ast.Dict(values=parts):
            return any(are_futures(part, scope, deep + 1) for part in parts)
        case ast.IfExp(body=one, orelse=other):
            return are_futures(one, scope, deep + 1) or are_futures(other, scope, deep + 1)
        case ast.Starred(value=value) | ast.NamedExpr(value=value):
            return are_futures(value, scope, deep + 1)
        case ast.DictComp(value=value):
            return are_futures(value, comprehension_scope(node, scope), deep + 1)
        case ast.ListComp(elt=value) | ast.SetComp(elt=value) | ast.GeneratorExp(elt=value):
            return are_futures(value, comprehension_scope(node, scope), deep + 1)
    return False


def name_is_futures(name: str, scope: Scope, deep: int) -> bool:
    """All that the name is bound to are futures, or it is a list to which some are appended."""
    found = scope.find(name)
    if not found or not found[0] or found[1] is scope.module.scope:
        return False
    values, where = found
    if all(isinstance(value, ast.List | ast.Dict) for value in values):
        added = where.added.get(name, [])
        return any(are_futures(value, where, deep + 1) for value in added)
    some = [v for v in values if not (isinstance(v, ast.Constant) and v.value is None)]
    futures = [isinstance(v, ast.AST) and are_futures(v, where, deep + 1) for v in some]
    return bool(some) and all(futures)


def with_result(module: Module, node: ast.Return, scope: Scope) -> Edit | None:
    """`.result()` behind the futures of one call; a list of futures is left to a person."""
    value = node.value
    simple = isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute)
    found = scope.find(value.id) if isinstance(value, ast.Name) else None
    named = found and len(found[0]) == 1 and isinstance(found[0][0], ast.Call)
    if not (simple or named) or value is None or value.end_lineno is None:
        return None
    first = module.lines[node.lineno - 1]
    shift = len(first) - len(first.lstrip()) - node.col_offset
    line = module.lines[value.end_lineno - 1].encode()
    at = (value.end_col_offset or 0) + shift
    return Edit(
        value.end_lineno, value.end_lineno, ((line[:at] + b".result()" + line[at:]).decode(),)
    )


TEST_API = re.compile(r"prefect_test_harness|temporary_settings|PREFECT_API_URL")


@rule(ERROR)
def task_in_test(module: Module) -> Iterable[Said]:
    """A test runs a task or a flow of a notebook without a test API.

    Finds: a call, in a test of the notebook or of a test file, of a task or flow that a notebook
    defines. A test or a fixture that uses `prefect_test_harness`, or sets the API, is fine.
    Why: the test asks the API that is configured, which may be production, or starts a server of
    its own for each process.
    Leave it: where the API is set in a way that this check doesn't see, as by the environment.
    """
    if module.is_notebook or is_test_file(module.path):
        for function, scope in each_test(module):
            inner = function_scope(function, scope)
            for start in starts(function.body, inner):
                if start.made.module.is_notebook and not has_test_api(function, scope):
                    yield start.call, f"{start.name} asks the Prefect API: {instead(start)}"


def instead(start: Start) -> str:
    harness = "run it inside prefect_test_harness()"
    return (
        f"call {start.name.split('.')[0]}.fn, or {harness}"
        if start.made.kind == "task"
        else harness
    )


def each_test(module: Module) -> Iterator[tuple[Function, Scope]]:
    if not module.is_notebook:
        found = module.functions()
    else:
        kept = module.cells_of("function", "class", "cell")
        found = (pair for cell in kept for pair in functions_in(cell.tree, cell.scope))
    for function, scope in found:
        is_local = isinstance(scope.outer, Scope) and scope.outer is not scope.module.scope
        if function.name.startswith("test") and not is_local:
            yield function, scope


def has_test_api(function: Function, scope: Scope) -> bool:
    """The test, one of its fixtures, or the settings of pytest name a test API."""
    module, project = scope.module, scope.module.project
    if project.tests_have_api or sets_api(function, scope):
        return True
    near = [module, *project.conftests(module.path)]
    if any(not fixtures(one) and TEST_API.search(one.text) for one in near[1:]):
        return True
    known = {name: pair for one in reversed(near) for name, pair in fixtures(one).items()}
    marks = marks_of(function, module)
    wanted = [a.arg for a in ast.walk(function.args) if isinstance(a, ast.arg)]
    wanted += [n for n, (f, _) in known.items() if "autouse" in decorators(f) or repr(n) in marks]
    seen: set[str] = set()
    while wanted:
        name = wanted.pop()
        pair = known.get(name) or function_of(ast.Name(name, ast.Load()), scope)
        if pair and name not in seen:
            seen.add(name)
            if sets_api(*pair):
                return True
            wanted += [a.arg for a in ast.walk(pair[0].args) if isinstance(a, ast.arg)]
    return False


def marks_of(function: Function, module: Module) -> str:
    """The marks of a test, of its class and of its file."""
    around = [
        n for n in ast.walk(module.tree) if isinstance(n, ast.ClassDef) and function in n.body
    ]
    bodies = [module.tree.body, *(n.body for n in around)]
    given = [
        n for body in bodies for n in body if isinstance(n, ast.Assign) and uses(n, "pytestmark")
    ]
    return " ".join(
        map(ast.unparse, [*given, *(d for n in (*around, function) for d in n.decorator_list)])
    )


def sets_api(function: Function, scope: Scope) -> bool:
    inner = function_scope(function, scope)
    for node in ast.walk(function):
        said = (
            {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else ()
        )
        if any(TEST_API.fullmatch(text) for text in said):
            return True
        named = isinstance(node, ast.Name | ast.Attribute)
        if named and any(map(TEST_API.search, {ast.unparse(node), *dotted(node, inner)})):
            return True
    return False


def decorators(function: Function) -> str:
    return " ".join(ast.unparse(d) for d in function.decorator_list)


def fixtures(module: Module) -> dict[str, tuple[Function, Scope]]:
    return {f.name: (f, s) for f, s in module.functions() if "fixture" in decorators(f)}


@rule(ERROR)
def wrapper(module: Module) -> Iterable[Said]:
    """A flow elsewhere runs plain functions of a notebook, and no task.

    Finds: a flow of a plain module that calls a plain function of a notebook, while neither it nor
    that function runs a task or a flow.
    Why: Prefect sees one run without parts: nothing is retried, cached or shown by itself.
    Leave it: where no step of the flow deserves a task of its own.
    """
    for function, scope in module.functions() if not module.is_notebook else ():
        if prefect_function(function, scope) != "flow":
            continue
        inner = function_scope(function, scope)
        if next(starts(function.body, inner), None):
            continue
        for step in steps(function.body, inner):
            found = (
                function_of(step.node.func, step.scope) if isinstance(step.node, ast.Call) else None
            )
            if found and found[1].module.is_notebook:
                name = ast.unparse(step.node.func)
                yield step.node, f"{name} is no task: decorate it in its notebook"


LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "pixi.lock", "pylock.toml")


def is_locked(module: Module) -> bool:
    """The project, or this file, has a lock that says what is installed."""
    file = module.project.root / module.path
    folders = [file.parent, *file.parent.parents]
    folders = folders[: folders.index(module.project.root) + 1]
    locked = any((folder / lock).exists() for folder in folders for lock in LOCKS)
    return locked and any((folder / "pyproject.toml").exists() for folder in folders)


@rule(ADVICE)
def header(module: Module) -> Iterable[Said]:
    """The notebook doesn't say what to install.

    Finds: a notebook without a PEP 723 header, or with one that is no TOML.
    Why: `uv run`, `marimo edit --sandbox` and a worker install what the header says.
    Leave it: where the project has a `pyproject.toml` and a lock; nothing is said then.
    """
    if module.is_notebook and not is_locked(module):
        if module.header.error:
            yield module.header.line, f"the PEP 723 header is no TOML: {module.header.error}"
        elif not module.header.line:
            yield 1, "no PEP 723 header says what to install"


@rule(ADVICE)
def bounds(module: Module) -> Iterable[Said]:
    """A dependency has no upper bound.

    Finds: a dependency of the PEP 723 header without `<`, `<=`, `==`, `~=` or an address; an
    environment marker is no bound, and neither is `exclude-newer`, which uv alone reads.
    Why: a release that comes out tomorrow can stop the flow.
    Leave it: where a lock stands beside the script or the project; nothing is said then.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    script_lock = module.project.root / f"{module.path}.lock"
    if not module.is_notebook or is_locked(module) or script_lock.exists():
        return
    line, meta = module.header.line, module.header.meta
    sources = within(meta, "tool", "uv", "sources")
    for text in map(str, meta.get("dependencies", [])):
        at = next((n for n, x in enumerate(module.lines[line:], line + 1) if text in x), line)
        try:
            one = Requirement(text)
        except InvalidRequirement as error:
            yield at, f"{text!r} is no requirement: {error}"
            continue
        bounded = any(s.operator in {"<", "<=", "==", "===", "~="} for s in one.specifier)
        if not (bounded or one.url or one.name in sources):
            yield at, f"{text!r} has no upper bound"


PATHS = re.compile(
    r"pathlib\.\w*Path|builtins\.open|io\.open|os\.(path\.\w+|listdir|scandir|walk|makedirs|remove|chdir)"
    r"|glob\.i?glob|shutil\.\w+|[\w.]+\.(read|scan)_(?!html)\w+"
)
WRITES = re.compile(r"(write|sink|to)_(csv|parquet|excel|json|ipc|delta|feather|pickle|ndjson)")
ROOTED = re.compile(r"[/~\\]")
ALWAYS = re.compile(
    r"[A-Za-z]:(\\|/(?!/))|\\\\\w|file:///|\w+:////\w|/(home|Users|mnt|srv|Volumes)/\w", re.ASCII
)
HOMES = {"pathlib.Path.home", "os.path.expanduser"}


@rule(ADVICE)
def absolute_path(module: Module) -> Iterable[Said]:
    """A path that exists on one machine.

    Finds: an absolute path where a file is named (`Path`, `open`, `read_csv`), a drive, a share,
    `file:///`, a home folder. A route or an address is none.
    Why: the worker runs on another machine.
    Leave it: where all machines have the path, as one that an image lays down.
    """
    for cell in module.cells:
        bodies = [(cell.tree.body, cell.scope)]
        inside = functions_in(cell.tree, cell.scope)
        bodies += [(f.body, function_scope(f, s)) for f, s in inside]
        for body, scope in bodies:
            for node in shallow(body):
                yield from absolute(node, scope)


def absolute(node: ast.AST, scope: Scope) -> Iterator[Said]:
    mend = "exists on one machine: make it a parameter"
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and ALWAYS.match(node.value):
        yield node, f"{node.value!r} {mend}"
    if isinstance(node, ast.Call):
        names = dotted(node.func, scope)
        if names & HOMES:
            yield node, f"{ast.unparse(node)} {mend}"
        writes = isinstance(node.func, ast.Attribute) and WRITES.fullmatch(node.func.attr)
        if writes or any(PATHS.fullmatch(name) for name in names):
            for argument in node.args:
                yield from (
                    (text, f"{text.value!r} {mend}")
                    for text in texts_of(argument, scope)
                    if ROOTED.match(text.value) and not ALWAYS.match(text.value)
                )


def texts_of(node: ast.AST, scope: Scope) -> Iterator[ast.Constant]:
    """The text, or the first part of an f-string, that this stands for."""
    for thing in meanings(node, scope):
        if not isinstance(thing, str):
            parts = thing[0].values[:1] if isinstance(thing[0], ast.JoinedStr) else [thing[0]]
            yield from (
                p for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)
            )


# What a person has decided: comments, settings, a baseline -------------------------------------

COMMENT = re.compile(r"#\s*check:\s*ignore(?:\[([\w\s,]*)\])?\s*(.*)")


@dataclass(frozen=True)
class Comment:
    line: int
    alone: bool
    rules: frozenset[str]
    reason: str


def comments(module: Module) -> list[Comment]:
    if "check: ignore" not in module.text.replace("check:ignore", "check: ignore"):
        return []
    lines = iter(module.text.splitlines(keepends=True))
    try:
        tokens = list(tokenize.generate_tokens(lambda: next(lines, "")))
    except (tokenize.TokenError, SyntaxError):
        return []
    found = []
    for token in tokens:
        if token.type == tokenize.COMMENT and (told := COMMENT.match(token.string)):
            names = frozenset(filter(None, re.split(r"[\s,]+", told[1] or "")))
            alone = token.line.strip().startswith("#")
            found.append(Comment(token.start[0], alone, names, told[2].strip()))
    return found


@rule(ERROR)
def ignore(module: Module) -> Iterable[Said]:
    """A comment that ignores a rule and doesn't say why.

    Finds: `# check: ignore[…]` without a reason, or with the name of no rule.
    Why: the next person can't tell whether it still holds.
    Leave it: no case is known.
    """
    for comment in comments(module):
        unknown = sorted(comment.rules - RULES.keys())
        if unknown or not comment.rules:
            named = ", ".join(unknown) or "nothing"
            yield comment.line, f"it names {named}; the rules are {', '.join(sorted(RULES))}"
        elif not comment.reason:
            yield comment.line, "say why, behind the bracket"


def is_ignored(finding: Finding, module: Module) -> bool:
    return any(
        finding.rule in comment.rules and comment.reason and covers(comment, finding, module)
        for comment in comments(module)
    )


def covers(comment: Comment, finding: Finding, module: Module) -> bool:
    """Its own line; alone on it the next one, the cell that it begins, or the file."""
    lines = {*finding.lines, *range(finding.line, finding.end + 1)}
    if comment.line in lines or (comment.alone and comment.line + 1 in lines):
        return True
    top = module.tree.body
    if (
        comment.alone
        and top
        and comment.line < next((n.lineno for n in top if isinstance(n, ast.Import)), 0)
    ):
        return True
    return any(
        n.lineno < comment.line < n.body[0].lineno and begins(n) <= finding.line <= n.end_lineno
        for n in top
        if comment.alone and isinstance(n, Function | ast.ClassDef | ast.With)
    )


def begins(node: Any) -> int:
    """The line of the first decorator, or of the statement."""
    return min(map(line_of, [node, *getattr(node, "decorator_list", ())]))


THERE_ARE = f"there are {', '.join(sorted(RULES))}"


@dataclass
class Settings:
    advice: bool = False
    exclude: list[str] = field(default_factory=list)
    rules: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)
    baseline: str = "notebook-baseline.json"

    @classmethod
    def of(cls, root: Path) -> Settings:
        file = root / "pyproject.toml"
        try:
            text = file.read_text("utf-8") if file.exists() else ""
            table = within(tomllib.loads(text), "tool", "notebook-check")
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise Wrong(f"{file}: {error}") from None
        if wrong := wrong_in(table, vars(cls())):
            raise Wrong(f"{file}: [tool.notebook-check]{wrong}")
        return cls(**table)

    def rank(self, one: Rule, path: str) -> str:
        if any(
            one.name in names for pattern, names in self.files.items() if matches(path, [pattern])
        ):
            return OFF
        rank = self.rules.get(one.name, one.rank)
        return OFF if rank == ADVICE and not self.advice else rank


def wrong_in(table: dict[str, Any], known: dict[str, Any]) -> str:
    """What the settings say that nobody understands."""
    for key, value in table.items():
        if key not in known:
            return f" has no {key}; it knows {', '.join(known)}"
        if type(value) is not type(known[key]):
            return f": {key} must be a {type(known[key]).__name__}"
    ranks = table.get("rules", {})
    named = {*ranks, *(name for names in table.get("files", {}).values() for name in names)}
    if named - RULES.keys():
        return f": no rule is called {', '.join(sorted(named - RULES.keys()))}; {THERE_ARE}"
    if wrong := sorted(set(map(str, ranks.values())) - {ERROR, ADVICE, OFF}):
        return f": a rule is error, advice or off, not {', '.join(wrong)}"
    return ""


def matches(path: str, patterns: list[str]) -> bool:
    """`legacy/**`, `demos` and `*_old.py` mean what they mean to git."""
    for pattern in patterns:
        plain = pattern.removesuffix("/**").rstrip("/")
        places = [path, *map(str, PurePosixPath(path).parents)]
        names = places if "/" in plain else [PurePosixPath(place).name for place in places]
        if any(fnmatch.fnmatchcase(name, plain.removeprefix("/")) for name in names):
            return True
    return False


Baseline = dict[str, dict[str, int]]


def counted(findings: list[Finding]) -> Baseline:
    """How often each is said of a file; without lines, which every edit moves."""
    counts: dict[str, Counter[str]] = {}
    for one in findings:
        if one.rank != NOTE:
            counts.setdefault(one.path, Counter())[f"{one.rule}: {one.message}"] += 1
    return {path: dict(said) for path, said in counts.items()}


def only_new(findings: list[Finding], known: Baseline) -> list[Finding]:
    left = {path: Counter(said) for path, said in known.items()}
    new = []
    for one in findings:
        said, counts = f"{one.rule}: {one.message}", left.get(one.path, Counter())
        if counts[said] <= 0:
            new.append(one)
        counts[said] -= 1
    return new


# The check, and its two doors: a command, and pytest ------------------------------------------


def root_of(start: Path) -> Path:
    """The nearest folder above with a repository or a `pyproject.toml`."""
    for folder in (start, *start.parents):
        if (folder / ".git").exists() or (folder / "pyproject.toml").exists():
            return folder
    return start.parent if start.name in {"test", "tests"} else start


def check(root: Path, advice: bool = False) -> tuple[Project, list[Finding]]:
    if NO_MARIMO:
        raise Wrong(NO_MARIMO)
    settings = Settings.of(root)
    settings.advice = settings.advice or advice
    project = Project(root, settings)
    if not project.notebooks:
        raise Wrong(f"no notebook found in {root}, among {len(project.files)} Python files")
    return project, project.findings()


def baseline_of(project: Project) -> Baseline:
    file = project.root / project.settings.baseline
    try:
        known: Baseline = json.loads(file.read_text("utf-8")) if file.exists() else {}
    except (OSError, ValueError) as error:
        raise Wrong(f"{file}: {error}") from None
    return known


def as_json(findings: list[Finding]) -> str:
    keys = ("path", "line", "lines", "end", "rule", "rank", "message", "hint")
    return json.dumps([{key: getattr(one, key) for key in keys} for one in findings], indent=2)


def as_github(findings: list[Finding]) -> str:
    level = {ERROR: "error", ADVICE: "warning", NOTE: "notice"}

    def quoted(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    return "\n".join(
        f"::{level[one.rank]} file={quoted(one.path)},line={one.line},title={one.rule}"
        f"::{quoted(' '.join(filter(None, (one.message, one.hint))))}"
        for one in findings
    )


def as_text(findings: list[Finding]) -> str:
    return "\n".join(f"{one}" if one.rank == ERROR else f"{one} [{one.rank}]" for one in findings)


def edited(module: Module, findings: list[Finding]) -> str:
    """The text with all edits that do not overlap, from the last one up."""
    lines, above = list(module.lines), len(module.lines) + 1
    edits = {one.edit for one in findings if one.edit and one.path == module.path}
    for edit in sorted(edits, key=lambda e: e.first, reverse=True):
        if edit.last < above:
            lines[edit.first - 1 : edit.last] = edit.lines
            above = edit.first
    return "\n".join(lines)


def difference(module: Module, text: str) -> str:
    sides = (part.splitlines(keepends=True) for part in (module.text, text))
    return "".join(difflib.unified_diff(*sides, f"a/{module.path}", f"b/{module.path}"))


def write(file: Path, text: str) -> None:
    """With the line ends and the byte-order mark that the file had."""
    before = file.read_bytes()
    text = text.replace("\n", "\r\n") if b"\r\n" in before else text
    file.write_bytes(
        (b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b"") + text.encode()
    )


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Hold marimo notebooks with Prefect to the patterns."
    )
    say = parser.add_argument
    say("paths", nargs="*", type=Path, help="speak of these files and folders alone")
    say("--advice", action="store_true", help="give the advice too")
    say("--format", choices=("text", "json", "github"), default="text")
    say("--diff", action="store_true", help="show the safe fixes, change nothing")
    say("--fix", action="store_true", help="write the safe fixes")
    say("--write-baseline", action="store_true", help="accept all that is found today")
    say("--explain", metavar="RULE", help="what a rule finds, and why; `all` lists them")
    return parser


def explained(name: str) -> str:
    if name == "all":
        return "\n".join(
            f"{r.name:16} {r.rank:7} {(r.check.__doc__ or '').splitlines()[0]}"
            for r in RULES.values()
        )
    if name not in RULES:
        raise Wrong(f"no rule is called {name}; {THERE_ARE}")
    return f"{name} ({RULES[name].rank})\n\n{RULES[name].check.__doc__}"


def wanted(findings: list[Finding], paths: list[Path], root: Path) -> list[Finding]:
    if missing := [str(path) for path in paths if not os.path.lexists(path)]:
        raise Wrong(f"there is no {', '.join(missing)}")
    kept = [Path(os.path.abspath(path)) for path in paths]
    return [
        one
        for one in findings
        if not kept or any((root / one.path).is_relative_to(p) for p in kept)
    ]


def run(options: argparse.Namespace) -> int:
    if options.explain:
        print(explained(options.explain))
        return 0
    first = Path(os.path.abspath(options.paths[0] if options.paths else "."))
    root = root_of(first if first.is_dir() else first.parent)
    project, findings = check(root, options.advice)
    findings = wanted(findings, options.paths, root)
    if options.write_baseline:
        file = root / project.settings.baseline
        file.write_text(json.dumps(counted(findings), indent=2, sort_keys=True) + "\n", "utf-8")
        print(f"{file}: {sum(one.rank != NOTE for one in findings)} findings accepted")
        return 0
    findings = only_new(findings, baseline_of(project))
    if options.diff or options.fix:
        return mend(project, findings, options.fix)
    says = {"text": as_text, "json": as_json, "github": as_github}[options.format]
    if findings or options.format == "json":
        print(says(findings))
    red = sum(one.rank != NOTE for one in findings)
    looked = f"{many(len(project.notebooks), 'notebook')} among {many(len(project.files), 'file')}"
    print(f"{looked}: {many(red, 'finding')}", file=sys.stderr)
    return 1 if red else 0


def many(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def mend(project: Project, findings: list[Finding], writing: bool) -> int:
    for module in project.modules.values():
        text = edited(module, findings)
        if text != module.text:
            print(difference(module, text), end="")
            if writing:
                write(project.root / module.path, text)
    return 0


def main() -> int:
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        return run(arguments().parse_args())
    except Wrong as wrong:
        print(wrong, file=sys.stderr)
        return 2


Case = tuple[str, list[Finding] | str]


def cases() -> list[Case]:
    """A case for each notebook, and for each other file with a finding."""
    try:
        project, findings = check(root_of(Path(__file__).resolve().parent))
        findings = only_new(findings, baseline_of(project))
    except Wrong as wrong:
        return [("start", str(wrong))]
    paths = sorted({m.path for m in project.notebooks} | {one.path for one in findings})
    return [(path, [one for one in findings if one.path == path]) for path in paths]


def pytest_generate_tests(metafunc: Any) -> None:
    if "case" in metafunc.fixturenames:
        found = cases()
        metafunc.parametrize("case", found, ids=[name for name, _ in found])


def test_file(case: Case) -> None:
    import pytest  # The command does not need it.

    _, found = case
    said = found if isinstance(found, str) else as_text(found)
    if isinstance(found, str) or any(one.rank != NOTE for one in found):
        pytest.fail(said, pytrace=False)
    if found:
        pytest.skip(said)


if __name__ == "__main__":
    sys.exit(main())
