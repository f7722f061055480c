"""Hold the notebooks of a repository to the patterns of Prefect and marimo.

Copy this file into a folder of tests and run pytest from the repository's root.
It needs pytest and marimo. Nothing is executed: `marimo check` and the syntax tree
are all that it looks at.
"""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

HEADER = re.compile(r"(?m)^# /// script$\n((?:^#(?: .*)?$\n)+)^# ///$")
ABSOLUTE = re.compile(r"//?\w[\w.-]*/|[A-Za-z]:[\\/]|\\\\\w|~/")


def python_files(root: Path) -> list[Path]:
    """The files to look at: not those in hidden folders, and not `__marimo__`."""
    files = (p.relative_to(root) for p in sorted(root.rglob("*.py")))
    return [root / p for p in files if not any(part[0] in "._" for part in p.parts[:-1])]


def is_notebook(path: Path) -> bool:
    return re.search(r"(?m)^app = marimo\.App\(", path.read_text()) is not None


# What a notebook is made of ---------------------------------------------------

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST) -> list[Function]:
    return [node for node in tree.body if isinstance(node, Function)]


def marks(function: Function) -> list[str]:
    """`["app.function", "task"]`: the decorators, without their arguments."""
    calls = (d.func if isinstance(d, ast.Call) else d for d in function.decorator_list)
    return [ast.unparse(call) for call in calls]


def made_by(function: Function, mark: str) -> bool:
    return any(name.rpartition(".")[2] == mark for name in marks(function))


def cells(tree: ast.Module) -> list[Function]:
    return [f for f in functions(tree) if "app.cell" in marks(f)]


def setup(tree: ast.Module) -> ast.With | None:
    found = (n for n in tree.body if isinstance(n, ast.With) and "app.setup" in ast.unparse(n.items[0]))
    return next(found, None)


def calls(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for child in ast.walk(node):
        if isinstance(child, ast.Call):
            yield ast.unparse(child.func), child


def setup_calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """The calls that an import makes; not those in functions that the cell defines."""
    found = setup(tree)
    for node in found.body if found else ():
        if not isinstance(node, Function | ast.ClassDef):
            yield from calls(node)


def used(node: ast.AST, how: type = ast.Load) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, how)}


def body(function: Function) -> ast.Module:
    return ast.Module(function.body, [])


# The rules: each gives what it finds, with the line ----------------------------


def decorator_order(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for f in functions(tree):
        if "app.function" in marks(f)[1:]:
            yield f.lineno, f"@app.function must stand above @{marks(f)[0]}"


def guards(tree: ast.Module) -> Iterator[tuple[int, str]]:
    stopping = [c for c in cells(tree) if any(name == "mo.stop" for name, _ in calls(c))]
    guarded = {name for c in stopping for name in used(c, ast.Store)}
    flows = {f.name for f in functions(tree) if made_by(f, "flow") or made_by(f, "task")}
    for cell in cells(tree):
        values = re.findall(r"\b(\w+)\.value\b", ast.unparse(body(cell)))
        for name, call in calls(body(cell)):
            if name in flows and cell not in stopping and values and not guarded & set(values):
                yield call.lineno, f"{name} runs with a widget's value in every mode: use mo.stop"


def mode_in_setup(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for name, call in setup_calls(tree):
        if name.endswith("app_meta"):
            yield call.lineno, "the mode is None in the setup cell of a script: read it in a cell"


def setup_secret(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for name, call in setup_calls(tree):
        if name.rpartition(".")[2] in ("load", "aload", "connect", "create_engine", "getenv"):
            yield call.lineno, f"{name} in the setup cell runs at every import: call it in a task"


def unused_argument(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for cell in cells(tree):
        for arg in cell.args.args:
            if arg.arg not in used(body(cell)):
                yield cell.lineno, f"{arg.arg} is not used, so the cell does not run with it"


def cell_variable(tree: ast.Module) -> Iterator[tuple[int, str]]:
    shared = {name for c in cells(tree) for name in used(c, ast.Store) if name[0] != "_"}
    for f in functions(tree):
        own = used(f, ast.Store) | {a.arg for a in ast.walk(f) if isinstance(a, ast.arg)}
        if "app.function" in marks(f):
            for name in sorted((used(f) - own) & (shared - used(setup(tree) or f, ast.Store))):
                yield f.lineno, f"{f.name} needs {name}, which only a cell defines"


def map_result(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for f in functions(tree):
        for node in ast.walk(f):
            if made_by(f, "flow") and isinstance(node, ast.Return) and node.value is not None:
                if re.search(r"\.(map|submit)\([^()]*\)$", ast.unparse(node.value)):
                    yield node.lineno, "the caller gets states, not values: add .result()"


def task_in_test(tree: ast.Module) -> Iterator[tuple[int, str]]:
    tasks = {f.name for f in functions(tree) if made_by(f, "task") or made_by(f, "flow")}
    for f in functions(tree):
        for name, call in calls(f) if f.name.startswith("test_") else ():
            if name in tasks:
                yield call.lineno, f"{name} asks the Prefect API: call {name}.fn"


def absolute_path(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if ABSOLUTE.match(node.value) and " " not in node.value:
                yield node.lineno, f"{node.value!r} exists on one machine: make it a parameter"


def header(text: str) -> Iterator[tuple[int, str]]:
    found = HEADER.search(text)
    if found is None:
        yield 1, "no PEP 723 header says what to install"
        return
    lines = (line.removeprefix("#").removeprefix(" ") for line in found[1].splitlines())
    meta = tomllib.loads("\n".join(lines))
    if "exclude-newer" not in meta.get("tool", {}).get("uv", {}):
        for dependency in meta.get("dependencies", []):
            if not re.search(r"<|==|~=", dependency):
                yield 1, f"{dependency!r} has no upper bound"


def wrapper(tree: ast.Module, notebooks: dict[str, ast.Module]) -> Iterator[tuple[int, str]]:
    plain = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            source = notebooks.get(node.module.rpartition(".")[2])
            known = {f.name: f for f in functions(source)} if source else {}
            named = (known[a.name] for a in node.names if a.name in known)
            plain |= {f.name for f in named if not (made_by(f, "task") or made_by(f, "flow"))}
    for f in functions(tree):
        for name, call in calls(f) if made_by(f, "flow") else ():
            if name in plain:
                yield call.lineno, f"{name} is no task: decorate it in its notebook"


@cache
def marimo_check(files: tuple[Path, ...]) -> list[dict]:
    """What `marimo check` finds; once for all files, since its start takes longest."""
    command = [sys.executable, "-m", "marimo", "check", "--strict", "--format", "json"]
    found = subprocess.run([*command, *map(str, files)], capture_output=True, text=True)
    return json.loads(found.stdout)["issues"]


RULES = (
    decorator_order,
    guards,
    mode_in_setup,
    setup_secret,
    unused_argument,
    cell_variable,
    map_result,
    task_in_test,
    absolute_path,
)


def findings(path: Path, files: list[Path]) -> list[str]:
    """What is wrong with this file of these, a line each."""
    text = path.read_text()
    tree = ast.parse(text)
    if not is_notebook(path):
        notebooks = {p.stem: ast.parse(p.read_text()) for p in files if is_notebook(p)}
        return [f"line {line}: wrapper: {said}" for line, said in wrapper(tree, notebooks)]
    found = [(rule.__name__, *one) for rule in RULES for one in rule(tree)]
    found += [("header", *one) for one in header(text)]
    for issue in marimo_check(tuple(p for p in files if is_notebook(p))):
        if Path(issue["filename"]).resolve() == path.resolve():
            found.append(("marimo_check", issue["line"], f"{issue['name']}: {issue['message']}"))
    return [f"line {line}: {rule}: {said}" for rule, line, said in found]


FILES = python_files(Path.cwd())


@pytest.mark.parametrize("path", FILES, ids=[p.relative_to(Path.cwd()).as_posix() for p in FILES])
def test_file(path: Path) -> None:
    found = findings(path, FILES)
    assert not found, "\n".join(found)
