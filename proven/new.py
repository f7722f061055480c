"""Begin a snippet: the notebook, its sidecar, its page, and the page's place in the navigation."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from proven.errors import ProvenError
from proven.project import Project

_NAME = re.compile(r"(?:[a-z0-9_]+/)*[a-z][a-z0-9_]*")
_NEEDS = ("marimo", "prefect", "fastapi", "sqlalchemy")

_NOTEBOOK = """\
{header}
import marimo

__generated_with = "{marimo}"
app = marimo.App()

with app.setup:
    from prefect import flow, task


@app.function
@task
def double(number: int) -> int:
    return 2 * number


@app.function
@flow
def {flow}(number: int = 21) -> int:
    return double(number)


@app.cell
def _():
    {flow}()
    return


if __name__ == "__main__":
    app.run()
"""

_SIDECAR = """\
# How {name}.py is run. Most snippets need nothing here: then delete this file.
# The keys are explained in proven/sidecar.py, at the class Scenario.
"""

_PAGE = """\
---
title: {title}
description: What a reader finds here, in one sentence.
---

# The reader's question?

The answer, in two sentences.

``` snippet {name}.py
output: script
```
"""


def begin(project: Project, name: str) -> list[Path]:
    """Make the files of a new snippet and name its page in `mkdocs.yml`; what was made.

    Args:
        project: where.
        name: as `stacking/names`, without an ending.

    Raises:
        ProvenError: the name is not one, or one of the files is there.
    """
    if not _NAME.fullmatch(name):
        raise ProvenError(f"{name!r}: write a name in small letters, as `stacking/names`")
    flow = PurePosixPath(name).name
    page = f"{name.replace('_', '-')}.md"
    texts = {
        project.snippets / f"{name}.py": _NOTEBOOK.format(
            header=_header(project), marimo=version("marimo"), flow=flow
        ),
        project.snippets / f"{name}.toml": _SIDECAR.format(name=flow),
        project.docs / page: _PAGE.format(name=name, title=flow.replace("_", " ").capitalize()),
    }
    for path in texts:
        if path.exists():
            raise ProvenError(f"{path.relative_to(project.root)} is there already")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    config = project.root / "mkdocs.yml"
    config.write_text(with_page(config.read_text(), page))
    return [*texts, config]


def with_page(config: str, page: str) -> str:
    """The text of `mkdocs.yml` with this page in its `nav`: after its folder's, or last.

    Raises:
        ProvenError: there is no `nav`.
    """
    lines = config.splitlines()
    if "nav:" not in lines:
        raise ProvenError("mkdocs.yml has no `nav:`")
    start = lines.index("nav:") + 1
    end = next((i for i in range(start, len(lines)) if not lines[i].startswith(" ")), len(lines))
    folder = page.rpartition("/")[0]
    after = [i for i in range(start, end) if folder and f"- {folder}/" in lines[i]] or [end - 1]
    indent = re.match(r" *", lines[after[-1]] if folder else lines[start])
    lines.insert(after[-1] + 1, f"{indent[0] if indent else '  '}- {page}")
    return "\n".join(lines) + "\n"


def _header(project: Project) -> str:
    """The header that a copied file needs: the project's own bounds."""
    path = project.root / "pyproject.toml"
    given = tomllib.loads(path.read_text()) if path.is_file() else {}
    pins = given.get("project", {}).get("dependencies", [])
    mine = [pin for need in _NEEDS for pin in pins if re.split(r"[^\w-]", pin)[0] == need]
    python = given.get("project", {}).get("requires-python", ">=3.12")
    newest = given.get("tool", {}).get("uv", {}).get("exclude-newer")
    lines = ["# /// script", f'# requires-python = "{python}"', "# dependencies = ["]
    lines += [f'#     "{pin}",' for pin in mine or ["marimo", "prefect"]] + ["# ]"]
    lines += ["#", "# [tool.uv]", f'# exclude-newer = "{newest}"'] if newest else []
    return "\n".join([*lines, "# ///\n"])
