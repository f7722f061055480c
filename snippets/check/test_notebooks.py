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
import copy
import difflib
import fnmatch
import io
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
from datetime import date
from functools import cache, cached_property
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


NOT_UTF8 = "this is not UTF-8, and marimo reads UTF-8: save it so"
UNSAID = "; it doesn't say what it is, so Python can't read it either"


def read(path: Path) -> tuple[str, str]:
    """The text as an editor shows it, and what is wrong with the file.

    It is without a byte-order mark, and has one kind of line end.
    """
    text, wrong = "", ""
    try:
        data = path.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            wrong = NOT_UTF8
            encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
            known = encoding if encoding != "utf-8" else "latin-1"
            text = data.decode(known) if known == encoding or b"marimo" in data else ""
            wrong += UNSAID if known != encoding else ""
    except (SyntaxError, UnicodeDecodeError, LookupError):
        wrong = NOT_UTF8
    except OSError as error:
        wrong = f"it can't be read: {error.strerror or error}"
    return text.replace("\r\n", "\n").replace("\r", "\n"), wrong


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


def once(nothing: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A question about a node is answered once in a scope.

    One that needs its own answer has none: names may go in a circle.
    """

    def around(ask: Callable[..., Any]) -> Callable[..., Any]:
        asking: set[Any] = set()

        def asked(node: Any, scope: Scope, *given: Any) -> Any:
            key = ask, node, *given
            if key not in scope.answers:
                if node in asking:
                    return nothing
                asking.add(node)
                try:
                    scope.answers[key] = ask(node, scope, *given)
                finally:
                    asking.discard(node)
            return scope.answers[key]

        return asked

    return around


@dataclass(frozen=True)
class Import:
    """`level` counts the dots of a relative import."""

    dotted: str
    level: int = 0


Meaning = str | tuple[ast.AST, "Scope"]
Binding = ast.AST | Import | tuple[ast.AST, "Scope"]
Names = dict[str, list[Binding]]


@dataclass(eq=False)
class Scope:
    """Names bound in a function, a cell or a module, and what is around them.

    `added` is what is put into lists and dicts, `owner` the class whose methods see this scope.
    """

    module: Module
    names: Names
    outer: Scope | None = None
    added: Names = field(default_factory=dict)
    owner: ast.ClassDef | None = None
    is_local: bool = False
    known: dict[str, list[Meaning]] = field(default_factory=dict)
    answers: dict[Any, Any] = field(default_factory=dict)

    def find(self, name: str) -> tuple[list[Binding], Scope] | None:
        if name in self.names:
            return self.names[name], self
        return self.outer.find(name) if self.outer else None

    @property
    def outermost(self) -> Scope:
        return self.outer.outermost if self.outer else self


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
            yield from bound_in(target, one_of(value))
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
        case ast.Tuple(elts=targets), ast.expr():
            for one in targets:
                yield from bound_in(one, one_of(value))


def one_of(container: ast.expr) -> ast.expr:
    """Some element, nobody says which."""
    return ast.Subscript(container, ast.Name("_", ast.Load()), ast.Load())


Callee = Function | ast.Lambda


def body_of(function: Callee) -> list[Any]:
    return [function.body] if isinstance(function, ast.Lambda) else function.body


Given = tuple[tuple[str, tuple[ast.AST, Scope]], ...]


@once(None)
def function_scope(function: Callee, outer: Scope, given: Given = ()) -> Scope:
    """The names inside; of the parameters those that a call is known to hand over."""
    handed: Names = {a.arg: [] for a in ast.walk(function.args) if isinstance(a, ast.arg)}
    handed |= {name: [meaning] for name, meaning in given}
    if outer.owner and (parameters := [*function.args.posonlyargs, *function.args.args]):
        handed[parameters[0].arg] = [outer.owner]
    body = body_of(function)
    names = bindings(body)
    names |= {n: [*v, *names.get(n, ())] for n, v in handed.items() if v or n not in names}
    return Scope(outer.module, names, outer, added_to(body), is_local=True)


def handed(function: Callee, outer: Scope, call: ast.Call | None, scope: Scope) -> Given:
    """The constants and functions that a call, or a default, hands to the parameters."""
    if not call or any(isinstance(a, ast.Starred) for a in call.args):
        return ()
    args = function.args
    positional = [*args.posonlyargs, *args.args]
    pairs = [*zip(positional[::-1], args.defaults[::-1], strict=False)]
    pairs += [(a, v) for a, v in zip(args.kwonlyargs, args.kw_defaults, strict=True) if v]
    given = {a.arg: (value, outer) for a, value in pairs}
    taken = positional[bool(outer.owner) :]
    given |= {a.arg: (value, scope) for a, value in zip(taken, call.args, strict=False)}
    given |= {k.arg: (k.value, scope) for k in call.keywords if k.arg}
    if any(not k.arg for k in call.keywords):
        return ()
    return tuple((name, one) for name, pair in given.items() if (one := known_at_once(*pair)))


@cache
def constant(kind: type, value: Any) -> ast.Constant:
    """One node for each value, so that the same call is the same question."""
    return ast.Constant(value)


def known_at_once(node: ast.AST, scope: Scope) -> tuple[ast.AST, Scope] | None:
    if isinstance(node, ast.Constant):
        return constant(type(node.value), node.value), scope.outermost
    things = [t for t in meanings(node, scope) if not isinstance(t, str)]
    is_one = len(things) == 1 and isinstance(things[0][0], Callee | ast.Attribute)
    return things[0] if is_one else None


def added_to(body: Iterable[ast.AST]) -> Names:
    """What is put into each list or dict: `found.append(x)`, `found[key] = x`."""
    added: Names = {}
    for node in shallow(body):
        match node:
            case (
                ast.Call(
                    func=ast.Attribute(value=ast.Name(id=name), attr="append" | "extend" | "add"),
                    args=[value],
                )
                | ast.AugAssign(target=ast.Name(id=name), value=value)
            ):
                added.setdefault(name, []).append(value)
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name))], value=value):
                added.setdefault(name, []).append(value)
    return added


@once([])
def meanings(node: ast.AST, scope: Scope) -> list[Meaning]:
    """What an expression stands for: a dotted name from outside, or a node of the project."""
    match node:
        case ast.Name(id=name):
            return named(name, scope)
        case ast.Attribute(value=value, attr=attr):
            owners = meanings(value, scope)
            return [m for one in owners for m in members(one, attr, scope)] or [(node, scope)]
        case ast.Subscript(value=value, slice=key):
            return [m for part, where in parts_of(value, scope, key) for m in meanings(part, where)]
        case ast.Call(func=ast.Attribute(value=value, attr="get" | "pop"), args=[key, *_]) if (
            parts := parts_of(value, scope, key)
        ):
            return [m for part, where in parts for m in meanings(part, where)]
        case ast.Call():
            made = given_back(node, scope)
            return [m for value, where in made for m in meanings(value, where)] or [(node, scope)]
        case ast.IfExp(body=one, orelse=other):
            return [*meanings(one, scope), *meanings(other, scope)]
        case ast.BoolOp(values=values):
            return [m for value in values for m in meanings(value, scope)]
        case ast.NamedExpr(value=value) | ast.Await(value=value):
            return list(meanings(value, scope))
    return [(node, scope)]


def named(name: str, scope: Scope) -> list[Meaning]:
    """Kept, as many ask; while it is looked for it has none."""
    found = scope.find(name)
    where = found[1] if found else scope.outermost
    if name not in where.known:
        where.known[name] = []
        where.known[name] = list(sought(name, where, found[0] if found else None))
    return where.known[name]


def sought(name: str, scope: Scope, bound: list[Binding] | None) -> Iterator[Meaning]:
    for binding in bound or ():
        if isinstance(binding, Import):
            yield from scope.module.project.imported(binding, scope)
        elif isinstance(binding, tuple):
            yield from meanings(*binding)
        elif isinstance(binding, Function | ast.ClassDef):
            yield binding, scope
        elif not (isinstance(binding, ast.Name) and binding.id == name):
            yield from meanings(binding, scope)
    if bound is None:
        for star in scope.names.get("*", ()):
            dotted = f"{star.dotted}.{name}".lstrip(".")
            yield from scope.module.project.imported(Import(dotted, star.level), scope)
        yield f"builtins.{name}"


def members(thing: Meaning, attr: str, scope: Scope) -> list[Meaning]:
    """`x.attr`, where x is a module, a class or what a class makes."""
    if isinstance(thing, str):
        return list(scope.module.project.imported(Import(f"{thing}.{attr}"), scope))
    node, where = thing
    found: list[Meaning] = []
    for one, its in classes_of(node, where):
        found += of_class(one, its, attr) or field_of(node, where, attr, fields_of(one))
    if isinstance(node, ast.Call) and "types.SimpleNamespace" in dotted(node.func, where):
        found += field_of(node, where, attr, [])
    return found


def fields_of(node: ast.ClassDef) -> list[str]:
    """Of a dataclass or a named tuple; else what the constructor takes."""
    init = next((n for n in node.body if isinstance(n, Function) and n.name == "__init__"), None)
    if init:
        return [a.arg for a in init.args.args[1:]]
    return [ast.unparse(n.target) for n in node.body if isinstance(n, ast.AnnAssign)]


def field_of(node: ast.AST, scope: Scope, attr: str, fields: list[str]) -> list[Meaning]:
    """What the call that makes an object gives to a field."""
    if not isinstance(node, ast.Call):
        return []
    given = dict(zip(fields, node.args, strict=False)) | {k.arg: k.value for k in node.keywords}
    return list(meanings(given[attr], scope)) if attr in given else []


@once([])
def classes_of(node: ast.AST, scope: Scope) -> list[tuple[ast.ClassDef, Scope]]:
    """The class itself, or the one that is called to make this."""
    made = meanings(node.func, scope) if isinstance(node, ast.Call) else [(node, scope)]
    return [m for m in made if not isinstance(m, str) and isinstance(m[0], ast.ClassDef)]


@once([])
def of_class(node: ast.ClassDef, scope: Scope, attr: str) -> list[Meaning]:
    """Its own, what a method gives to `self`, or that of the classes that it builds on."""
    found: list[Meaning] = []
    inside = Scope(scope.module, {}, scope, owner=node)
    for binding in bindings(node.body).get(attr, ()):
        if isinstance(binding, Function):
            found.append((binding, inside))
        elif isinstance(binding, ast.AST):
            found += meanings(binding, scope)
    for method in (n for n in node.body if isinstance(n, Function)):
        for n in shallow(method.body):
            match n:
                case ast.Assign(
                    targets=[ast.Attribute(value=ast.Name("self"), attr=name)], value=value
                ) if name == attr:
                    its = meanings(value, function_scope(method, inside))
                    found += [m for m in its if m != (value, function_scope(method, inside))]
    bases = (m for base in node.bases for m in meanings(base, scope))
    return found or [m for base in bases for m in members(base, attr, scope)]


KEEP = {f"builtins.{name}" for name in ("list", "tuple", "set", "sorted", "reversed")}
PAIR = {f"builtins.{name}" for name in ("dict", "zip", "enumerate")}


@once([])
def parts_of(node: ast.AST, scope: Scope, key: ast.AST) -> list[tuple[ast.AST, Scope]]:
    """The elements that a container may have under this key."""
    if isinstance(node, ast.Subscript):  # A part of a part: `for name, job in jobs.items()`.
        found = parts_of(node.value, scope, node.slice)
        return [p for one, where in found for p in parts_of(one, where, key) or [(one, where)]]
    found = []
    if isinstance(node, ast.Name) and (named := scope.find(node.id)):
        found += [(part, named[1]) for part in named[1].added.get(node.id, ())]
    for thing in meanings(node, scope):
        if isinstance(thing, str):
            continue
        match thing[0]:
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                found += [(part, thing[1]) for part in parts]
            case ast.Dict(keys=keys, values=parts):
                known = isinstance(key, ast.Constant) and ast.dump(key)
                same = [p for k, p in zip(keys, parts, strict=True) if k and ast.dump(k) == known]
                found += [(part, thing[1]) for part in same or parts]
            case ast.Call(func=ast.Attribute(value=inner, attr="items" | "values" | "copy")):
                found += parts_of(inner, thing[1], key)
            case ast.Call(func=func, args=args) if (KEEP | PAIR) & dotted(func, thing[1]):
                found += [p for arg in args for p in parts_of(arg, thing[1], key)]
    return found


def dotted(node: ast.AST, scope: Scope) -> set[str]:
    return {thing for thing in meanings(node, scope) if isinstance(thing, str)}


def function_of(node: ast.AST, scope: Scope) -> tuple[Callee, Scope] | None:
    """The function of the project that a call of this runs."""
    for thing in meanings(node, scope):
        if isinstance(thing, str):
            continue
        if isinstance(thing[0], Callee):
            return thing
        made = isinstance(thing[0], ast.ClassDef)
        for name in ("__init__", "__post_init__") if made else ("__call__",):
            for found in members(thing, name, scope):
                if not isinstance(found, str) and isinstance(found[0], Function):
                    return found
    return None


def plain(node: ast.AST, scope: Scope) -> tuple[Callee, Scope] | None:
    """The function that a call of this runs, if it is neither a task nor a flow."""
    return None if prefect(node, scope) else function_of(node, scope)


@once([])
def given_back(call: ast.Call, scope: Scope) -> list[tuple[ast.expr, Scope]]:
    """What a plain function of the project returns to this call."""
    found = plain(call.func, scope)
    if not found:
        return []
    inner = function_scope(*found, handed(*found, call, scope))
    return [(value, inner) for value in returned(found[0])]


# Prefect's objects ------------------------------------------------------------------------

MAKERS = {
    **dict.fromkeys(("prefect.task", "prefect.tasks.task"), "task"),
    **dict.fromkeys(("prefect.Task", "prefect.tasks.Task", "prefect.assets.materialize"), "task"),
    **dict.fromkeys(("prefect.flow", "prefect.flows.flow"), "flow"),
    **dict.fromkeys(("prefect.Flow", "prefect.flows.Flow"), "flow"),
    "prefect.flows.load_flow_from_entrypoint": "flow",
}
PARTIAL = "functools.partial"
STARTS = {"submit", "map", "delay", "apply_async", "serve"}
BY_CLIENT = "create_flow_run_from_deployment"
BY_NAME = {
    f"prefect.{name}"
    for name in ("serve", "aserve", "flows.serve", "flows.aserve", "task_worker.serve")
} | {
    f"prefect.deployments.{name}"
    for name in ("run_deployment", "arun_deployment", "flow_runs.run_deployment")
}


@dataclass(frozen=True)
class Made:
    """A task or a flow, and the module that makes it."""

    kind: str
    module: Module


@once(None)
def maker(node: ast.AST, scope: Scope) -> str | None:
    """`task` or `flow`, if this is what makes one: the decorator, with or without options."""
    for thing in meanings(node, scope):
        if isinstance(thing, str):
            if thing in MAKERS:
                return MAKERS[thing]
            continue
        found, where = thing
        kind = None
        if isinstance(found, ast.Call) and PARTIAL in dotted(found.func, where):
            kind = maker(found.args[0], where) if found.args else None
        elif isinstance(found, ast.Call):
            kind = maker(found.func, where)
        elif isinstance(found, Callee):
            inner = function_scope(found, where)
            made = (value for value in returned(found) if isinstance(value, ast.Call | ast.Name))
            kind = next((k for value in made if (k := maker(value, inner))), None)
        if kind:
            return kind
    return None


def returned(function: Callee) -> list[ast.expr]:
    if isinstance(function, ast.Lambda):
        return [function.body]
    return [n.value for n in shallow(function.body) if isinstance(n, ast.Return) and n.value]


@once(None)
def prefect(node: ast.AST, scope: Scope) -> Made | None:
    """The task or flow that this expression stands for."""
    for thing in meanings(node, scope):
        if isinstance(thing, str):
            continue
        found, where = thing
        kind = None
        match found:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                kind = prefect_function(found, where)
            case ast.Call(func=ast.Attribute(value=value, attr="with_options")):
                return prefect(value, where)
            case ast.Call(func=ast.Attribute(value=value, attr="from_source")):
                kind = maker(value, where)
            case ast.Call(func=func, args=[first, *_]) if PARTIAL in dotted(func, where):
                return prefect(first, where)
            case ast.Call(func=func, args=[_, *_]):
                kind = maker(func, where)
        if kind:
            return Made(kind, where.module)
    return None


def bound(node: ast.AST, scope: Scope) -> tuple[str, Made | None]:
    """`load.submit`, also under another name or in a `partial`: the method, and whose it is."""
    for thing in meanings(node, scope):
        match thing:
            case ast.Attribute(value=value, attr=attr), where if made := prefect(value, where):
                return attr, made
            case ast.Call(func=func, args=[first, *_]), where if PARTIAL in dotted(func, where):
                return bound(first, where)
    return "", None


def prefect_function(function: Function, scope: Scope) -> str | None:
    return next((k for d in function.decorator_list if (k := maker(d, scope))), None)


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
        yield from step(node, scope, tests)
        if isinstance(node, ast.stmt):
            tests = (*tests, *passed(node, scope))


def step(node: Any, scope: Scope, tests: tuple[Condition, ...]) -> Iterator[Step]:
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
        case ast.For(iter=test, body=body) | ast.AsyncFor(iter=test, body=body):
            some = [(test, True)] if asks_widget(test, scope) else []
            yield from steps([node.target, test], scope, tests)
            yield from steps(body, scope, (*tests, *some))
            yield from steps(node.orelse, scope, tests)
        case ast.Match(subject=subject, cases=cases):
            yield from steps([subject], scope, tests)
            before: tuple[Condition, ...] = ()
            for one in cases:
                taken = matched(subject, one.pattern)
                asked = (*((test, True) for test in taken or ()), *(() if taken else before))
                asked += ((one.guard, True),) if one.guard else ()
                yield from steps([one], scope, (*tests, *asked))
                before += ((taken[0], False),) if taken and not one.guard else (UNKNOWN,)
        case ast.ExceptHandler():
            yield from steps(ast.iter_child_nodes(node), scope, (*tests, UNKNOWN))
        case ast.BoolOp(op=op, values=values):
            for number, value in enumerate(values):
                before = [(v, isinstance(op, ast.And)) for v in values[:number]]
                yield from steps([value], scope, (*tests, *before))
        case _ if isinstance(node, Comprehension):
            inner = comprehension_scope(node, scope)
            asked = [test for g in node.generators for test in g.ifs if asks_marimo(test, inner)]
            asked += [g.iter for g in node.generators if asks_widget(g.iter, scope)]
            ifs = [(test, True) for test in asked]
            for part in ast.iter_child_nodes(node):
                more = () if isinstance(part, ast.comprehension) else tuple(ifs)
                yield from steps([part], inner, (*tests, *more))
        case _:
            yield from steps(ast.iter_child_nodes(node), scope, tests)


# A condition of which nobody can say anything before it runs.
UNKNOWN: Condition = (ast.Starred(ast.Constant(None), ast.Load()), True)


def matched(subject: ast.expr, pattern: ast.pattern) -> list[ast.expr]:
    """The question that a `case` asks; none where it takes all that is left."""
    match pattern:
        case ast.MatchValue(value=value):
            return [ast.Compare(subject, [ast.Eq()], [value])]
        case ast.MatchSingleton(value=value):
            return [ast.Compare(subject, [ast.Is()], [ast.Constant(value)])]
        case ast.MatchOr(patterns=patterns):
            ways = [question for one in patterns for question in matched(subject, one)]
            return [ast.BoolOp(ast.Or(), ways)]
        case ast.MatchAs(pattern=None):
            return []
    return [ast.Starred(subject, ast.Load())]


def passed(node: ast.stmt, scope: Scope) -> Iterator[Condition]:
    """What must hold for the statements after this one to run."""
    match node:
        case ast.If(test=test, body=body, orelse=orelse):
            for wanted, way in (True, body), (False, orelse):
                if ends(way, scope):
                    if not complains(way) or asks_marimo(test, scope):
                        yield test, not wanted
                elif any(True for one in way for _ in passed(one, scope)):
                    yield UNKNOWN
        case ast.Assert(test=test) if asks_marimo(test, scope):
            yield test, True
        case ast.With(body=body) | ast.AsyncWith(body=body) | ast.Try(body=body):
            yield from (condition for one in body for condition in passed(one, scope))
        case ast.Expr(value=ast.Call() as call):
            if tests := predicates(call, scope):
                yield tests[0], False
            elif may_stop(call, scope):
                yield UNKNOWN


def complains(body: list[ast.stmt]) -> bool:
    """It raises an error: a guard if it asks marimo, else it is about data or settings."""
    raised = body[-1].exc if isinstance(body[-1], ast.Raise) else None
    return raised is not None and "SystemExit" not in ast.unparse(raised)


def asks_marimo(test: ast.expr, scope: Scope) -> bool:
    """The mode, a widget or an argument of the command line."""
    return any(
        thing.startswith("marimo") if isinstance(thing, str) else is_widget(*thing)
        for name in ast.walk(Plain(scope).visit(copy.deepcopy(test)))
        if isinstance(name, ast.Name)
        for thing in meanings(name, scope)
    )


def asks_widget(node: ast.expr, scope: Scope) -> bool:
    """It is what is chosen in a widget."""
    match Plain(scope).visit(copy.deepcopy(node)):
        case ast.Attribute(value=ast.Name() as name, attr="value"):
            return any(is_widget(*t) for t in meanings(name, scope) if not isinstance(t, str))
    return False


def predicates(call: ast.Call, scope: Scope) -> list[ast.expr]:
    """What `mo.stop` asks."""
    given = [*call.args[:1], *(k.value for k in call.keywords if k.arg == "predicate")]
    return given if "marimo.stop" in dotted(call.func, scope) else []


def may_stop(call: ast.Call, scope: Scope) -> bool:
    """A function of the project that uses `mo.stop`."""
    found = plain(call.func, scope)
    return bool(found) and stops(*found)


@once(False)
def stops(function: Callee, scope: Scope) -> bool:
    inner = function_scope(function, scope)
    asked = (n for n in shallow(body_of(function)) if isinstance(n, ast.Call))
    return any(predicates(n, inner) or may_stop(n, inner) for n in asked)


LEAVE = {"sys.exit", "builtins.exit", "builtins.quit", "os._exit"}


def ends(body: list[ast.stmt], scope: Scope) -> bool:
    """Nothing after these statements runs: they return, raise or stop."""
    for node in body:
        match node:
            case ast.Return() | ast.Raise() | ast.Continue() | ast.Break():
                return True
            case ast.Expr(value=ast.Call(func=func) as call):
                tests = predicates(call, scope)
                stopped = tests and holds_at_opening([(tests[0], True)], scope)
                if stopped or LEAVE & dotted(func, scope):
                    return True
    return False


def comprehension_scope(node: ast.AST, scope: Scope) -> Scope:
    pairs = [p for g in node.generators for p in bound_in(g.target, one_of(g.iter))]
    hidden = [n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)]
    names: Names = {name: [] for name in hidden}
    for name, value in pairs:
        if value is not None and not uses(value, name):
            names[name].append(value)
    return Scope(scope.module, names, scope)


def uses(node: ast.AST, name: str) -> bool:
    return any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(node))


def reached(step: Step, seen: set[ast.AST] | None = None) -> Iterator[Step]:
    """The step, and those in the plain functions of the project that it calls."""
    yield step
    seen = set() if seen is None else seen
    found = plain(step.node.func, step.scope) if isinstance(step.node, ast.Call) else None
    if found and found[0] not in seen:
        seen.add(found[0])
        for inner in steps(body_of(found[0]), function_scope(*found), step.tests):
            yield from reached(inner, seen)


@dataclass(frozen=True)
class Start:
    """A call that makes a run: what the reader sees called, what it runs, under which tests."""

    call: ast.Call
    name: str
    made: Made
    tests: tuple[Condition, ...]
    scope: Scope


def starts(nodes: Iterable[ast.AST], scope: Scope, sure: bool = True) -> Iterator[Start]:
    """The flows and tasks that run at once, also those in plain functions that are called.

    If `sure`, a condition in such a function must be known to hold.
    """
    for one in steps(nodes, scope):
        if isinstance(one.node, ast.Call):
            name, made = started(one.node, one.scope, sure)
            if made:
                yield Start(one.node, name, made, one.tests, one.scope)


def started(call: ast.Call, scope: Scope, sure: bool) -> tuple[str, Made | None]:
    func = call.func
    if made := prefect(func, scope):
        return ast.unparse(func), made
    method, made = bound(func, scope)
    if method in STARTS:
        return ast.unparse(func), made
    attr = func.attr if isinstance(func, ast.Attribute) else ""
    names = dotted(func, scope)
    by_shell = any(n.startswith(("subprocess.", "os.")) for n in names) and re.search(
        r"prefect\W+deployment\W+run\b", ast.unparse(call)
    )
    if BY_NAME & names or attr == BY_CLIENT or by_shell:
        return ast.unparse(func), Made("flow", scope.module)
    run = [(func.value if attr == "fn" else func, call)]
    for argument in handed_on(call, scope):
        if made := prefect(argument, scope):
            return ast.unparse(argument), made
        run.append((argument, None))
    for one, by in run:
        found = function_of(one, scope)
        start = first_in(*found, handed(*found, by, scope), sure) if found else None
        if start:
            return f"{ast.unparse(one)} runs {start.name}, which", start.made
    return "", None


@once(None)
def first_in(function: Callee, scope: Scope, given: Given, sure: bool) -> Start | None:
    """The first run that a function of the project starts, when it is called so."""
    inside = starts(body_of(function), function_scope(function, scope, given), sure)
    return next((s for s in inside if not sure or holds_at_opening(s.tests, s.scope)), None)


CALL_IT = {"submit", "map", "starmap", "pipe", "apply", "create_task", "to_thread", "run_sync"}
CALL_IT_TOO = {"builtins.map", "builtins.filter", "functools.reduce", "anyio.run"}
CALL_IT_TOO |= {f"prefect.flow_engine.run_flow{end}" for end in ("", "_sync", "_async")}
CALL_IT_TOO |= {f"prefect.task_engine.run_task_{end}" for end in ("sync", "async")}


def handed_on(call: ast.Call, scope: Scope) -> Iterator[ast.expr]:
    """`map(load, paths)`, `pool.submit(load, 1)`, `Thread(target=load)`: these call it too."""
    attr = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if (attr in CALL_IT or CALL_IT_TOO & dotted(call.func, scope)) and call.args:
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
        return Scope(self.module, own, self.module.scope, added_to(self.tree.body))

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
            return Scope(self, bindings(self.tree.body), added=added_to(self.tree.body))
        shared: Names = {}
        added: Names = {}
        for cell in self.cells:
            for names, kept in (
                (bindings(cell.tree.body), shared),
                (added_to(cell.tree.body), added),
            ):
                for name, values in names.items():
                    if not is_private(name):
                        kept.setdefault(name, []).extend(values)
        return Scope(self, shared, added=added)

    @cached_property
    def imports(self) -> list[Import]:
        found = (n for n in ast.walk(self.tree) if isinstance(n, ast.Import | ast.ImportFrom))
        return [i for n in found for _, i in bound_by(n) if isinstance(i, Import)]

    @cached_property
    def imported(self) -> list[Module]:
        """The other files of the project that it names."""
        found = filter(None, (self.project.module_of(one, self) for one in self.imports))
        return [module for module, _ in found if module is not self]

    @cached_property
    def around(self) -> list[Module]:
        """It, and all files of the project that it imports, or that they import."""
        seen, waiting = [self], [self]
        while waiting:
            new = [one for one in waiting.pop().imported if one not in seen]
            seen += new
            waiting += new
        return seen

    @cached_property
    def uses_prefect(self) -> bool:
        own = any(i.dotted.partition(".")[0].startswith("prefect") for i in self.imports)
        return own or any("prefect" in module.text for module in self.around[1:])

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
        elif isinstance(node, ast.ClassDef):
            yield from functions_in(node, Scope(scope.module, {}, scope, owner=node))
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
        text, wrong = read(self.root / path)
        module = self.modules[path] = Module(path, text, self)
        if "marimo" in text:
            module.opened = opened(text)
        if wrong and (wrong != NOT_UTF8 or not text or module.is_notebook):
            module.problems = [Finding(path, (1,), "unreadable", wrong)]
        if not module.is_notebook and "prefect" in text:
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

    def imported(self, what: Import, scope: Scope) -> Iterator[Meaning]:
        """A name of the project, or the dotted name of something from outside."""
        found = self.module_of(what, scope.module)
        if found is None:
            yield what.dotted if not what.level else ""
        elif not found[1]:
            yield found[0].dotted
        elif any(found[0].scope.find(name) for name in (found[1], "*")):
            yield from named(found[1], found[0].scope)

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
    def calls(self) -> dict[str, list[tuple[Step, list[Step]]]]:
        """All calls by the last name of what is called, each with the steps around it."""
        found: dict[str, list[tuple[Step, list[Step]]]] = {}
        for module in filter(may_matter, self.modules.values()):
            parts = [(part.tree.body, part.scope) for part in module.cells or [module]]
            parts += [(f.body, function_scope(f, s)) for f, s in module.functions()]
            for body, scope in parts:
                around = list(steps(body, scope))
                for step in around:
                    if isinstance(step.node, ast.Call):
                        name = ast.unparse(step.node.func).rpartition(".")[2]
                        found.setdefault(name, []).append((step, around))
        return found

    @cached_property
    def tests_have_api(self) -> bool:
        """The settings of pytest name the API."""
        names = ("pyproject.toml", "pytest.ini", "tox.ini", "setup.cfg", ".env.test")
        files = (self.root / name for name in names)
        return any(b"PREFECT_API_URL" in f.read_bytes() for f in files if f.is_file())

    def findings(self) -> list[Finding]:
        """All that is wrong, by file and line, each thing once."""
        found = {one for module in self.modules.values() for one in self._of(module)}
        return sorted(found, key=lambda one: (one.path, one.lines, one.rule, one.message))

    def _of(self, module: Module) -> Iterator[Finding]:
        alone = [RULES["unreadable"], RULES["ignore"]]
        for one in RULES.values() if may_matter(module) else alone:
            rank = self.settings.rank(one, module.path)
            for finding in self._by(one, module) if rank != OFF else ():
                if not is_ignored(finding, module):
                    yield replace(finding, rank=finding.rank if finding.rank == NOTE else rank)

    def _by(self, one: Rule, module: Module) -> list[Finding]:
        """What a rule finds in a file; if it can't follow it, no other file suffers."""
        try:
            return list(one.findings(module))
        except Exception as error:  # As nested more deeply than Python can follow.
            said = f"{one.name} could not look at it: {type(error).__name__}: {error}"
            rank = ERROR if module.is_notebook else NOTE
            return [Finding(module.path, (1,), "unreadable", said, rank=rank)]


def may_matter(module: Module) -> bool:
    """A plain module counts if it may hold a flow or a test of what a notebook has."""
    near = "prefect" in module.text or is_test_file(module.path)
    return module.is_notebook or (near and any(m.is_notebook for m in module.around))


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
    line = cell.lineno + module.skipped_lines
    ast.increment_lineno(compiled.mod, line)
    kind = KINDS.get(type(cell).__name__, "cell")
    its = module, kind, cell.name, compiled.mod, line + 1, compiled.cell_id
    known = set(compiled.defs), set(compiled.refs), bool(cell.options.get("disabled"))
    module.cells.append(Cell(*its, *known))


async def lint(module: Module, context: LintContext) -> list[Diagnostic]:
    engine = RuleEngine.create_default(lint_config=lint_config(module))
    bodies = [cell.tree.body for cell in module.cells]
    alone = [b for b in bodies if len(b) == 1 and isinstance(b[0], Function | ast.ClassDef)]
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
    **dict.fromkeys(("text", "text_area", "code_editor", "refresh"), ""),
    **dict.fromkeys(("button", "dropdown", "radio"), None),
    **dict.fromkeys(("multiselect", "file", "file_browser"), ()),
    **dict.fromkeys(("date", "datetime", "date_range"), date.today()),
}
# Where a widget's own value stands among its arguments.
PLACES = {
    **dict.fromkeys(("text", "text_area", "code_editor", "checkbox", "switch"), 0),
    **dict.fromkeys(("dropdown", "radio", "multiselect"), 1),
    **dict.fromkeys(("slider", "number"), 3),
}
COMPARISONS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, many: one in many,
    ast.NotIn: lambda one, many: one not in many,
}
SAFE: dict[str, Callable[..., Any]] = {f"builtins.{f.__name__}": f for f in (all, any, bool, len)}


class Unknown(Exception):
    """Nobody can say before it runs."""


def at_opening(node: Binding, scope: Scope, deep: int = 0) -> Any:
    """The value of an expression when nobody has touched a widget yet; raises `Unknown`."""
    if deep > 12:
        raise Unknown
    deep += 1
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id="__name__"):
            return "__main__"  # In the editor, an app and a script alike.
        case ast.Name(id=name) if (found := scope.find(name)) and len(found[0]) == 1:
            return at_opening(found[0][0], found[1], deep)
        case ast.AST() as given, where:
            return at_opening(given, where, deep)
        case ast.NamedExpr(value=value):
            return at_opening(value, scope, deep)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return tuple(at_opening(part, scope, deep) for part in parts)
        case ast.Attribute(value=widget, attr="value"):
            return widget_at_opening(widget, scope)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not at_opening(operand, scope, deep)
        case ast.BoolOp(op=op, values=values):
            return one_decides(isinstance(op, ast.Or), values, scope, deep)
        case ast.Compare(left=left, ops=ops, comparators=right):
            sides = [at_opening(one, scope, deep) for one in (left, *right)]
            pairs = zip(ops, sides, sides[1:], strict=False)
            return all(tried(COMPARISONS[type(op)], one, two) for op, one, two in pairs)
        case ast.Call(func=func, args=args):
            if given := given_back(node, scope):
                return at_opening(given[0][0] if len(given) == 1 else None, given[0][1], deep)
            known = [SAFE[name] for name in SAFE.keys() & dotted(func, scope)]
            if known:
                return tried(known[0], *(at_opening(one, scope, deep) for one in args))
    raise Unknown


def tried(function: Callable[..., Any], *given: Any) -> Any:
    try:
        return function(*given)
    except TypeError:
        raise Unknown from None


def one_decides(decides: bool, values: list[ast.expr], scope: Scope, deep: int) -> bool:
    """Of an `or` (True), of an `and` (False): the others may be unknown."""
    unknown = False
    for value in values:
        try:
            if bool(at_opening(value, scope, deep)) is decides:
                return decides
        except Unknown:
            unknown = True
    if unknown:
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
    kind = kinds[0] if kinds else ""
    given = {k.arg: k.value for k in call.keywords}
    place = PLACES.get(kind, len(call.args))
    value = given.get("value", call.args[place] if place < len(call.args) else None)
    if value is None and kind in {"slider", "number"}:
        value = given.get("start", call.args[0] if call.args else None)
    if kind and value is not None:
        return at_opening(value, where)
    if kind in STARTS_AS:
        return STARTS_AS[kind]
    raise Unknown


def holds_at_opening(conditions: Iterable[Condition], scope: Scope) -> bool:
    """All of them are known to let the code run when the notebook is opened."""
    try:
        return all(bool(at_opening(test, scope)) is wanted for test, wanted in conditions)
    except Unknown:
        return False


def needed(cell: Cell) -> set[Cell]:
    """The cells that run before it, and without which it does not."""
    seen, waiting = {cell}, [cell]
    while waiting:
        one = waiting.pop()
        more = {c for c in one.module.cells_of("cell") if c.defs & one.refs} - seen
        seen |= more
        waiting += more
    return seen - {cell}


def is_held_back(cell: Cell) -> bool:
    """A cell that it needs may be disabled, or end by a `mo.stop` or a `raise`.

    marimo then leaves it out.
    """
    return cell.disabled or any(
        c.disabled
        or not holds_at_opening((t for node in c.tree.body for t in passed(node, c.scope)), c.scope)
        for c in needed(cell)
    )


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
            own = next(d for d in node.decorator_list if name_of(d) in APPS)
            above = node.decorator_list[: node.decorator_list.index(own)]
            if above and not ast.unparse(own).startswith("app.cell"):
                names = ", ".join(f"@{name_of(d)}" for d in above)
                edit = exchanged(module, node, own)
                yield own, f"@{name_of(own)} must stand above {names}", edit


APPS = {"app.cell", "app.function", "app.class_definition"}


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
    `.with_options`, through another name, a plain function, a method or a list, which no `mo.stop`,
    no `if` and no `return` or `raise` above it holds back, in its own cell or in one that it needs.
    A widget's first value counts as given, a question about the mode holds back.
    Why: opening the app, *Run all* in the editor, an export and a script all run production.
    Leave it: in a notebook of which each opening shall make a run.
    """
    for cell in module.cells if module.uses_prefect else ():
        tested = cell.name.startswith("test_") and TEST_API.search(ast.unparse(cell.tree))
        if tested or is_held_back(cell):
            continue
        for start in starts(cell.tree.body, cell.scope):
            if holds_at_opening(start.tests, start.scope):
                when = "when the notebook is opened" if cell.kind == "cell" else "at every import"
                mend = 'mo.stop(mo.app_meta().mode != "script"), or a run button, above it'
                yield start.call, f"{start.name} runs {when}: put {mend}"


@rule(ERROR)
def widgets_in_if(module: Module) -> Iterable[Said]:
    """A widget is made in an `if` and read in another cell.

    Finds: a name that only a branch of an `if` or a `match` binds to a widget, or to what holds
    some, while another cell reads it without asking the same.
    Why: where the branch is not taken the name doesn't exist, and the other cell stops with
    `NameError`.
    Leave it: no case is known. Without an `else`, `mo.stop` does what was meant; else bind the name
    in both.
    """
    for cell in module.cells_of("cell"):
        sure = surely_bound(cell.tree.body, cell.scope)
        for node in branches(cell.tree.body):
            made = {
                name
                for name, values in bindings([node]).items()
                if name in cell.defs - sure and any(is_widget(v, cell.scope) for v in values)
            }
            lost = [name for name in sorted(made) if is_lost(name, cell)]
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
        elif isinstance(node, ast.stmt | ast.ExceptHandler) and not isinstance(
            node, Function | ast.ClassDef
        ):
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


@once(False)
def is_widget(value: Binding, scope: Scope) -> bool:
    """It makes one, or holds some, or calls a function of yours that does."""
    if not isinstance(value, ast.AST) or isinstance(value, Function | ast.ClassDef):
        return False
    for call in (n for n in ast.walk(value) if isinstance(n, ast.Call)):
        if any(name.startswith("marimo.ui.") for name in dotted(call.func, scope)):
            return True
        if any(is_widget(*made) for made in given_back(call, scope)):
            return True
    return False


def is_lost(name: str, cell: Cell) -> bool:
    """Another cell reads the name, and asks less than what it takes to make it."""
    named = [s for s in cell.steps if isinstance(s.node, ast.Name) and s.node.id == name]
    makes = [asked(s.tests, s.scope) for s in named if isinstance(s.node.ctx, ast.Store)]
    for other in (c for c in cell.module.cells if c is not cell and name in c.refs):
        before = {
            question
            for one in needed(other)
            for node in one.tree.body
            for question in asked(passed(node, one.scope), one.scope)
        }
        for step in other.steps:
            if isinstance(step.node, ast.Name) and step.node.id == name:
                asks = before | asked(step.tests, step.scope)
                if not any(needs <= asks for needs in makes):
                    return True
    return False


def asked(conditions: Iterable[Condition], scope: Scope) -> set[str]:
    """Each question that has to be answered by yes, names replaced by what they stand for."""
    found: set[str] = set()
    for test, wanted in conditions:
        match test:
            case ast.BoolOp(op=op, values=values) if isinstance(op, ast.And) is wanted:
                found |= asked([(value, wanted) for value in values], scope)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                found |= asked([(operand, not wanted)], scope)
            case ast.Name(id=name) if (one := only(name, scope)) and one != test:
                found |= asked([(one, wanted)], scope)
            case _:
                plain = Plain(scope).visit(copy.deepcopy(test))
                found.add(ast.dump(plain if wanted else negated(plain)))
    return found


def only(name: str, scope: Scope) -> ast.expr | None:
    """The one question that a name stands for."""
    found = scope.find(name)
    one = found[0][0] if found and len(found[0]) == 1 else None
    kinds = ast.Attribute | ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Constant
    return one if isinstance(one, kinds) and not uses(one, name) else None


class Plain(ast.NodeTransformer):
    """Names become the questions that they stand for."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return copy.deepcopy(only(node.id, self.scope)) or node


def unnested(cell: Cell, node: ast.If | ast.Match) -> Edit | None:
    """`mo.stop` in place of the `if`, where nothing else of the cell depends on that."""
    if isinstance(node, ast.Match):
        return None
    lines = cell.module.lines[node.lineno - 1 : node.end_lineno]
    texts = (n for n in ast.walk(node) if isinstance(n, ast.Constant | ast.JoinedStr))
    alone = (
        node is cell.tree.body[-1]
        and not node.orelse
        and node.lineno == node.test.end_lineno
        and node.lineno < node.body[0].lineno
    )
    shared = cell.module.scope.names.items()
    marimo = next((n for n, bound in shared if Import("marimo") in bound), "")
    if not alone or not marimo or any(n.end_lineno != n.lineno for n in texts):
        return None
    margin = len(lines[0]) - len(lines[0].lstrip())
    within = lines[node.body[0].lineno - node.lineno]
    deeper = len(within) - len(within.lstrip()) - margin
    if any(line[margin : margin + deeper].strip() for line in lines[1:]):
        return None
    comment = re.search(r":(\s*#.*)$", lines[0])
    stop = " " * margin + f"{marimo}.stop({ast.unparse(negated(node.test))})"
    if "'" not in lines[0]:
        stop = stop.replace("'", '"')  # As they stood there.
    stop += comment[1] if comment else ""
    return Edit(
        node.lineno,
        node.end_lineno or 0,
        (stop, *(x[:margin] + x[margin + deeper :] for x in lines[1:])),
    )


def negated(test: ast.expr) -> ast.expr:
    other = {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is}
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return operand
        case ast.Compare(left=left, ops=[op], comparators=right) if type(op) in other:
            return ast.Compare(left, [other[type(op)]()], right)
    return ast.UnaryOp(ast.Not(), test)


@rule(ERROR)
def mode_in_setup(module: Module) -> Iterable[Said]:
    """The mode is read in the setup cell.

    Finds: `mo.app_meta()` in the setup cell, where it runs at once.
    Why: the setup cell of a script runs before marimo knows the mode: it is `None` there, and a
    guard that asks for `script` ends the cell.
    Leave it: where only the theme or the request is read, or another cell reads the mode.
    """
    for cell in module.cells_of("setup"):
        others = (n for n in ast.walk(cell.tree) if isinstance(n, ast.Attribute))
        harmless = {node.value for node in others if node.attr != "mode"}
        for step in (s for s in cell.steps if isinstance(s.node, ast.Call)):
            back = given_back(step.node, step.scope)
            inside = ((n, where) for value, where in back for n in ast.walk(value))
            if any(
                isinstance(n, ast.Call) and "marimo.app_meta" in dotted(n.func, where)
                for n, where in [(step.node, step.scope), *inside]
                if n not in harmless
            ):
                yield step.node, "the mode is None in the setup cell of a script: read it in a cell"


SECRET = re.compile(
    r"(?i)password|passwd|passphrase|secret|credential|api_?key|webhook"
    r"|(^|_)(pass|pwd|pw|token|creds?|dsn|conn|pat|(access|account|auth|encryption|private|signing)_?key)(_|$)"
    r"|(database|db|redis|mongo\w*|postgres\w*|pg|mysql|mssql|sql\w*|broker|amqp)_ur[il]$"
)
ALWAYS_SET = {"HOME", "PATH", "PWD", "USER", "LOGNAME", "SHELL", "LANG", "TMPDIR", "TEMP", "TMP"}
ALWAYS_SET |= {"APPDATA", "LOCALAPPDATA", "USERNAME", "USERPROFILE", "VIRTUAL_ENV"}
LOADS = re.compile(
    r"prefect\w*\..*\.(load|aload)|prefect\.variables\.Variable\.(get|aget)|keyring\.get_password"
    r"|getpass\.getpass|dotenv\.dotenv_values"
)
CONNECTS = re.compile(
    r"(?!httpx\.|prefect\.)[\w.]+\.(connect|create_connection|create_engine|create_async_engine"
    r"|create_pool|urlopen|urlretrieve|from_connection_string|read_database|read_database_uri"
    r"|read_sql\w*|get_client|\w*(?<!Async)Client)"
    r"|(httpx|requests)\.(get|post|put|patch|delete|head|options|request|stream)"
    r"|boto3\.(client|resource|session\.Session|Session)|redis\.(Strict)?Redis|(openai|anthropic)\.\w+"
    r"|smtplib\.SMTP(_SSL)?|ftplib\.FTP(_TLS)?"
)
READS = re.compile(
    r"(pandas|polars|duckdb|pyarrow|geopandas|xarray)\.([\w.]+\.)?(read|scan|open)_\w+"
)
FAR = re.compile(r"(https?|s3|gs|gcs|abfss?|az)://")
IN_MEMORY = re.compile(r":memory:|sqlite(\+\w+)?://(/:memory:)?|duckdb:///:memory:")


@rule(ERROR)
def setup_secret(module: Module) -> Iterable[Said]:
    """The setup cell reads a secret or opens a connection.

    Finds, in the setup cell of a notebook with Prefect: `os.environ[…]` of a name that a machine may
    not have, `getenv` of a name that tells of a secret, a block or a variable of Prefect that is
    loaded, settings of Pydantic with a field that has no default, a connection, a request, a file
    that is read from an address; also in a function of yours that is called there.
    `load_dotenv()` is none of those: without the file it does nothing.
    Why: the setup cell runs at every import, also where Prefect only wants to know the flow's
    parameters. There the secret or the network may be missing, and the file can't be deployed.
    Leave it: where the machine that deploys has all that the worker has.
    """
    for cell in module.cells_of("setup") if module.uses_prefect else ():
        caught = caught_in(cell.tree)
        for step in cell.steps:
            if step.node in caught or not holds_at_opening(step.tests, step.scope):
                continue
            inside = (one for one in reached(Step(step.node, step.scope)) if not one.tests)
            if name := next(filter(None, map(what_it_asks, inside)), ""):
                yield step.node, f"{name} in the setup cell runs at every import: call it in a task"


def caught_in(tree: ast.AST) -> set[ast.AST]:
    """What reads the environment where a `try` stands for the case that a name is missing."""
    tries = (n for n in ast.walk(tree) if isinstance(n, ast.Try) and n.handlers)
    nodes = {n for one in tries for part in one.body for n in ast.walk(part)}
    return {n for n in nodes if isinstance(n, ast.Subscript)}


def what_it_asks(step: Step) -> str:
    """The name of the secret or connection that this node reads."""
    node, scope = step.node, step.scope
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        always = isinstance(node.slice, ast.Constant) and node.slice.value in ALWAYS_SET
        return ast.unparse(node) if "os.environ" in dotted(node.value, scope) and not always else ""
    known = isinstance(node, ast.Call) and (asks(node, scope) or lacks_settings(node, scope))
    return ast.unparse(node.func) if known else ""


def asks(call: ast.Call, scope: Scope) -> bool:
    """A call of a library that reads a secret or goes over the network."""
    func, first = call.func, next(texts_of(call.args[0], scope), None) if call.args else None
    names = dotted(func, scope) | {f"prefect.{n}" for n in own_block(func, scope)}
    text = first.value if first else ""
    if {"os.getenv", "os.environ.get", "os.environ.pop"} & names:
        return not text or bool(SECRET.search(text))
    if FAR.match(text) and any(READS.fullmatch(n) for n in names):
        return True
    memory = IN_MEMORY.fullmatch(text) or (not call.args and any("duckdb" in n for n in names))
    return not memory and any(CONNECTS.fullmatch(n) or LOADS.fullmatch(n) for n in names)


SETTINGS = {f"{name}.BaseSettings" for name in ("pydantic", "pydantic_settings")}


def lacks_settings(call: ast.Call, scope: Scope) -> bool:
    """It makes settings of Pydantic that can't be made where the environment has no value."""
    made = (thing for thing in meanings(call.func, scope) if not isinstance(thing, str))
    given = {k.arg for k in call.keywords}
    return any(
        isinstance(node, ast.ClassDef)
        and SETTINGS & bases_of(node, where)
        and any(
            isinstance(n, ast.AnnAssign) and n.value is None and ast.unparse(n.target) not in given
            for n in node.body
        )
        for node, where in made
    )


@once(set())
def bases_of(node: ast.ClassDef, scope: Scope) -> set[str]:
    """The names of the classes from outside that it builds on."""
    found = [thing for base in node.bases for thing in meanings(base, scope)]
    own = {thing for thing in found if isinstance(thing, str)}
    inner = (t for t in found if not isinstance(t, str) and isinstance(t[0], ast.ClassDef))
    return own.union(*(bases_of(*thing) for thing in inner))


def own_block(func: ast.AST, scope: Scope) -> Iterator[str]:
    """`Warehouse.load`, where the project's class Warehouse is a block of Prefect."""
    if isinstance(func, ast.Attribute) and func.attr in {"load", "aload"}:
        for thing in meanings(func.value, scope):
            if not isinstance(thing, str) and isinstance(thing[0], ast.ClassDef):
                yield from (f"{n}.load" for n in bases_of(*thing) if n.startswith("prefect"))


ASK_BY_TEXT = {"sql", "execute", "query", "eval", "evaluate"}


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
            if known and arg.arg not in cell.refs and not in_text(arg.arg, cell):
                yield node.lineno, f"{arg.arg} is not used, so the cell does not run with it"


def in_text(name: str, cell: Cell) -> bool:
    """A SQL or an expression may name it; marimo reads SQL only where its parser is installed."""
    nodes = list(ast.walk(cell.tree))
    if cell.refs & {"locals", "globals", "vars", "eval", "exec"}:
        return True
    calls = [n for n in nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)]
    asked = [n for n in calls if n.func.attr in ASK_BY_TEXT]
    if any(n.args and isinstance(n.args[0], ast.Name) for n in asked):
        return True  # The text is elsewhere.
    texts = (n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return bool(asked) and any(re.search(rf"(?i)\b{name}\b", text) for text in texts)


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
    inside a list, a tuple or a dict, or by a plain function; in a notebook, and where a file beside
    it uses the notebook's tasks.
    Why: the caller gets states in place of values, and the error comes later, somewhere else.
    Leave it: where the caller wants the states, as to let the flow fail when one of its tasks did.
    Nothing is said where the annotation says so (`-> list[State]`), or where each caller asks for
    the results or hands them to a task.
    """
    for function, scope in module.functions():
        told = function.returns and re.search("State|Future", ast.unparse(function.returns))
        if prefect_function(function, scope) == "flow" and not told:
            inner = function_scope(function, scope)
            for node in shallow(function.body):
                gives = (
                    isinstance(node, ast.Return) and node.value and are_futures(node.value, inner)
                )
                if gives and not callers_know(function, module.project):
                    said = "the caller gets states, not values: add .result()"
                    yield node, said, with_result(module, node, inner)


FUTURES = {
    f"prefect.futures.{name}"
    for name in ("wait", "as_completed", "resolve_futures_to_results", "resolve_futures_to_states")
}


def callers_know(flow: Function, project: Project) -> bool:
    """The project calls the flow, and each caller asks for results or hands the futures on."""
    found = [
        any(takes_futures(one, step.node) for one in around)
        for step, around in project.calls.get(flow.name, ())
        if any(thing[0] is flow for thing in meanings(step.node.func, step.scope))
    ]
    return bool(found) and all(found)


def takes_futures(step: Step, call: ast.Call) -> bool:
    """`call().result()`, `wait(call())`, `load(call())`, also through a name."""
    node, scope = step.node, step.scope
    if not isinstance(node, ast.Call) or node is call:
        return False
    asked = isinstance(node.func, ast.Attribute) and node.func.attr in {"result", "wait", "state"}
    hands = (
        FUTURES & dotted(node.func, scope)
        or prefect(node.func, scope)
        or bound(node.func, scope)[1]
    )
    given = [*node.args, *(k.value for k in node.keywords)] if hands else []
    return any(leads_to(one, scope, call) for one in ([node.func.value] if asked else given))


def leads_to(node: ast.AST, scope: Scope, call: ast.Call, deep: int = 4) -> bool:
    """The value comes from this call."""
    for one in ast.walk(node):
        found = scope.find(one.id) if isinstance(one, ast.Name) and deep else None
        if one is call or (
            found
            and any(
                isinstance(value, ast.AST) and leads_to(value, found[1], call, deep - 1)
                for value in found[0]
            )
        ):
            return True
    return False


@once(False)
def are_futures(node: ast.AST, scope: Scope) -> bool:
    """It is a future, or holds some."""
    match node:
        case ast.Call():
            return gives_future(node, scope) or hands_futures_on(node, scope)
        case ast.Name(id=name):
            return name_is_futures(name, scope)
        case ast.Subscript(value=value, slice=key):
            by_name = isinstance(key, ast.Constant) and isinstance(key.value, str)
            return not by_name and are_futures(value, scope)
        case ast.Starred(value=value) | ast.NamedExpr(value=value):
            return are_futures(value, scope)
        case ast.DictComp(value=value) | ast.ListComp(elt=value):
            return are_futures(value, comprehension_scope(node, scope))
        case ast.SetComp(elt=value) | ast.GeneratorExp(elt=value):
            return are_futures(value, comprehension_scope(node, scope))
        case ast.IfExp(body=one, orelse=other):
            return are_futures(one, scope) or are_futures(other, scope)
        case ast.BoolOp(op=op, values=parts):
            last = parts if isinstance(op, ast.Or) else parts[-1:]
            return any(are_futures(part, scope) for part in last)
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return any(are_futures(part, scope) for part in parts)
        case ast.Dict(values=parts):
            return any(are_futures(part, scope) for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return are_futures(left, scope) or are_futures(right, scope)
    return False


def gives_future(call: ast.Call, scope: Scope) -> bool:
    """`load.map(…)`, `load.submit(…)`, also under a name: `go = load.submit`."""
    method, made = bound(call.func, scope)
    return bool(made and made.kind == "task" and method in {"map", "submit"})


def hands_futures_on(call: ast.Call, scope: Scope) -> bool:
    """A container made of them, or a plain function that returns some."""
    names = dotted(call.func, scope)
    given = [*call.args, *(k.value for k in call.keywords)]
    if (KEEP | PAIR | {"prefect.futures.as_completed"}) & names:
        return any(are_futures(one, scope) for one in given)
    if "builtins.map" in names and given:
        return gives_future(ast.Call(given[0], [], []), scope)
    if isinstance(call.func, ast.Attribute) and call.func.attr in {"copy", "values", "items"}:
        return bool(are_futures(call.func.value, scope))
    return any(are_futures(value, where) for value, where in given_back(call, scope))


def name_is_futures(name: str, scope: Scope) -> bool:
    """All that the name is bound to are futures, or it is a list to which some are appended."""
    found = scope.find(name)
    if not found or not found[0] or found[1] is scope.module.scope:
        return False
    values, where = found
    if all(isinstance(value, ast.List | ast.Dict | ast.Set | ast.Call) for value in values) and any(
        are_futures(value, where) for value in where.added.get(name, ())
    ):
        return True
    nothing = {ast.dump(ast.parse(text, mode="eval").body) for text in ("None", "[]", "{}")}
    some = [v for v in values if not (isinstance(v, ast.AST) and ast.dump(v) in nothing)]
    futures = [isinstance(v, ast.AST) and are_futures(v, where) for v in some]
    return bool(some) and all(futures)


def with_result(module: Module, node: ast.Return, scope: Scope) -> Edit | None:
    """`.result()` behind the futures of one call; a list of futures is left to a person."""
    value = node.value
    found = scope.find(value.id) if isinstance(value, ast.Name) else None
    call, where = (found[0][0], found[1]) if found and len(found[0]) == 1 else (value, scope)
    one = isinstance(call, ast.Call) and gives_future(call, where)
    if not one or value is None or value.end_lineno is None:
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

    Finds: a call, in a test or a fixture of the notebook or of a test file, of a task or flow that
    a notebook defines, also by a function of yours. A test or a fixture that uses
    `prefect_test_harness`, or sets the API, is fine.
    Why: the test asks the API that is configured, which may be production, or starts a server of
    its own for each process.
    Leave it: where the API is set in a way that this check doesn't see, as by the environment.
    """
    if module.is_notebook or is_test_file(module.path):
        for function, scope in each_test(module):
            inner = function_scope(function, scope)
            for start in starts(function.body, inner):
                if start.made.module.is_notebook and not has_test_api(function, scope):
                    do = "run it inside prefect_test_harness()"
                    if start.made.kind == "task":
                        do = f"call {start.name.split('.')[0]}.fn, or {do}"
                    yield start.call, f"{start.name} asks the Prefect API: {do}"


def each_test(module: Module) -> Iterator[tuple[Function, Scope]]:
    if not module.is_notebook:
        found = module.functions()
    else:
        kept = module.cells_of("function", "class", "cell")
        found = (pair for cell in kept for pair in functions_in(cell.tree, cell.scope))
    for function, scope in found:
        is_local = scope.is_local or (scope.outer and scope.outer.is_local)
        named = is_fixture(function) or function.name.startswith("test")
        if named and not is_local and not prefect_function(function, scope):
            yield function, scope


def has_test_api(function: Function, scope: Scope) -> bool:
    """The settings of pytest, the test, its fixtures, or what they call name a test API."""
    module, project = scope.module, scope.module.project
    beside = (str(folder / "conftest.py") for folder in PurePosixPath(module.path).parents)
    near = [module] if not module.is_notebook else []
    near += [project.modules[name] for name in beside if name in project.modules]
    if project.tests_have_api or any(map(sets_api_for_all, near)):
        return True
    known = {name: pair for one in reversed(near) for name, pair in fixtures(one).items()}
    marks = marks_of(function, module)
    waiting: list[tuple[Callee, Scope]] = [(function, scope)]
    waiting += [pair for n, pair in known.items() if is_for_all(pair[0]) or repr(n) in marks]
    seen: set[ast.AST] = set()
    while waiting:
        one, where = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        inner = function_scope(one, where)
        for node in ast.walk(one):
            match node:
                case ast.Constant(value=str(text)) if TEST_API.fullmatch(text):
                    return True
                case ast.arg(arg=name) if name in known:
                    waiting.append(known[name])
                case ast.Name() | ast.Attribute():
                    things = meanings(node, inner)
                    if any(isinstance(t, str) and TEST_API.search(t) for t in things):
                        return True
                    waiting += [t for t in things if isinstance(t[0], Callee)]
    return False


SET_UP = re.compile(r"(async)?set_?up(_?(class|module|method|function))?|pytest_\w+", re.IGNORECASE)


def is_for_all(function: Function) -> bool:
    return "autouse=True" in decorators(function) or bool(SET_UP.fullmatch(function.name))


def sets_api_for_all(module: Module) -> bool:
    """At the top of the file, or in a function that runs before each test."""
    other = Function | ast.ClassDef | ast.Import | ast.ImportFrom
    top = [n for n in module.tree.body if not isinstance(n, other)]
    before = (f for f, _ in module.functions() if SET_UP.fullmatch(f.name))
    return any(TEST_API.search(ast.unparse(node)) for node in (*top, *before))


def marks_of(function: Function, module: Module) -> str:
    """The marks of a test, of its class and of its file."""
    classes = (n for n in ast.walk(module.tree) if isinstance(n, ast.ClassDef))
    around = [module.tree, *(n for n in classes if function in n.body)]
    given = [
        n for o in around for n in o.body if isinstance(n, ast.Assign) and uses(n, "pytestmark")
    ]
    given += [d for n in (*around[1:], function) for d in n.decorator_list]
    return " ".join(map(ast.unparse, given))


def decorators(function: Function) -> str:
    return " ".join(ast.unparse(d) for d in function.decorator_list)


def is_fixture(function: Function) -> bool:
    return "fixture" in decorators(function)


def fixtures(module: Module) -> dict[str, tuple[Function, Scope]]:
    """By their names, which a fixture may give itself."""
    own = re.compile(r"fixture\(.*\bname='(\w+)'")
    pairs = (((f, s), own.search(decorators(f))) for f, s in module.functions() if is_fixture(f))
    return {named[1] if named else pair[0].name: pair for pair, named in pairs}


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
        if next(starts(function.body, inner, sure=False), None):
            continue
        for step in steps(function.body, inner):
            for one in reached(step):
                found = plain(one.node.func, one.scope) if isinstance(one.node, ast.Call) else None
                if found and found[1].module.is_notebook and not found[1].owner:
                    name = ast.unparse(one.node.func)
                    yield step.node, f"{name} is no task: decorate it in its notebook"
                    break


LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "pixi.lock", "pylock.toml", "pylock.*.toml")


def is_locked(module: Module) -> bool:
    """The project, or this file, has a lock that says what is installed."""
    file = module.project.root / module.path
    folders = [file.parent, *file.parent.parents]
    folders = folders[: folders.index(module.project.root) + 1]
    locked = any(any(folder.glob(lock)) for folder in folders for lock in LOCKS)
    return locked and any((folder / "pyproject.toml").exists() for folder in folders)


@rule(ADVICE)
def header(module: Module) -> Iterable[Said]:
    """The notebook doesn't say what to install.

    Finds: a notebook without a PEP 723 header, or with one that is no TOML.
    Why: `uv run` and `marimo edit --sandbox` install what the header says.
    Leave it: where the project has a `pyproject.toml` and a lock of uv, Poetry, PDM or Pixi, or a
    `pylock.toml`; a missing header is not reported then.
    """
    if not module.is_notebook:
        return
    if module.header.error:  # With a lock too: `uv run` reads the header, and stops at it.
        yield module.header.line, f"the PEP 723 header is no TOML: {module.header.error}"
    elif not module.header.line and not is_locked(module):
        yield 1, "no PEP 723 header says what to install"


@rule(ADVICE)
def bounds(module: Module) -> Iterable[Said]:
    """A dependency has no upper bound.

    Finds: a dependency of the PEP 723 header without `<`, `<=`, `==`, `~=` or an address; an
    environment marker is no bound, and neither is `exclude-newer`, which uv alone reads.
    Why: a release that comes out tomorrow can stop the flow.
    Leave it: where a lock stands beside the script, or the notebook runs in the environment of
    a project with a lock; nothing is said then. `uv run notebook.py` reads no lock but the script's.
    """
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    script_lock = module.project.root / f"{module.path}.lock"
    if not module.is_notebook or is_locked(module) or script_lock.exists():
        return
    line, meta = module.header.line, module.header.meta
    sources = within(meta, "tool", "uv", "sources")
    addressed = {canonicalize_name(name) for name, where in sources.items() if is_address(where)}
    for text in map(str, meta.get("dependencies", [])):
        at = next((n for n, x in enumerate(module.lines[line:], line + 1) if text in x), line)
        try:
            one = Requirement(text)
        except InvalidRequirement as error:
            yield at, f"{text!r} is no requirement: {error}"
            continue
        bounded = any(s.operator in {"<", "<=", "==", "===", "~="} for s in one.specifier)
        if not (bounded or one.url or canonicalize_name(one.name) in addressed):
            yield at, f"{text!r} has no upper bound"


def is_address(source: Any) -> bool:
    """A source of uv that names what to install; an index has any release of it."""
    places = source if isinstance(source, list) else [source]
    return all(isinstance(place, dict) and "index" not in place for place in places)


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
        n.lineno < comment.line < n.body[0].lineno
        and min(map(line_of, [n, *getattr(n, "decorator_list", ())]))
        <= finding.line
        <= n.end_lineno
        for n in top
        if comment.alone and isinstance(n, Function | ast.ClassDef | ast.With)
    )


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
        lists = [value] if key == "exclude" else value.values() if key == "files" else ()
        if any(not isinstance(one, list) or set(map(type, one)) - {str} for one in lists):
            return f": {key} must have lists of texts"
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
        known = json.loads(file.read_text("utf-8")) if file.exists() else {}
        return {path: {text: int(n) for text, n in said.items()} for path, said in known.items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise Wrong(f"{file}: {error}") from None


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
        if text != module.text and not module.problems:
            sides = (part.splitlines(keepends=True) for part in (module.text, text))
            names = f"a/{module.path}", f"b/{module.path}"
            print("".join(difflib.unified_diff(*sides, *names)), end="")
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
