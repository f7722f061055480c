"""One check for whoever asks: each fault is found once, named with its place and its mend."""

from pathlib import Path

import pytest

from proven.errors import ProvenError
from proven.page.check import problems
from proven.page.provenance import code_blocks, vouched
from proven.project import Project
from proven.record import CellRun, Output, Step
from proven.testing import NOTEBOOK, build, html, record, tiny, write
from tests.here import PROJECT

PYPROJECT = """\
[project]
dependencies = ["marimo>=0.25,<0.26", "prefect>=3.8,<3.9", "fastapi<=0.150", "sqlalchemy<2.1"]
[tool.uv]
exclude-newer = "2026-11-22T00:00:00Z"
"""
BOUND = NOTEBOOK.replace('"marimo"', '"marimo>=0.25,<0.26"')


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return tiny(tmp_path)


def test_a_whole_project_has_nothing_against_it(project: Project) -> None:
    assert list(problems(project)) == []


def test_this_site_has_nothing_against_it_but_records() -> None:
    # Whether records are fresh is for the strict build, and for the tests that run snippets.
    assert [p for p in problems(PROJECT) if "uv run proven update" not in p] == []


FAULTS: dict[str, tuple[dict[str, str], str]] = {
    "a directive in a quotation": (
        {"docs/index.md": "# T\n\nx\n\n> ``` snippet a.py\n> ```\n"},
        "docs/index.md:5: not expanded: 'snippet a.py'; a directive stands at the left edge",
    ),
    "code typed by hand": (
        {"docs/index.md": "# T\n\n``` python\nx = 1\n```\n"},
        "docs/index.md:4: 'x = 1': a code block that comes from no snippet and no run; show a",
    ),
    "a missing record": (
        {"docs/index.md": "# T\n\n``` record a.py\nmodes: edit\n```\n"},
        "docs/index.md: no record of a.py::edit; run: uv run proven update a.py",
    ),
    "a claim without proof": (
        {
            "docs/index.md": "# T\n\n``` claims\n```\n",
            "claims.toml": 'sections = ["S"]\n[[claim]]\nsection = "S"\nclaim = "C"\n'
            'verdict = "true"\nreally = "R"\nproof = ["gone.py::script"]\n',
        },
        "docs/index.md: claims.toml: 'C': its proof gone.py::script is gone",
    ),
    "a record without a snippet": (
        {"records/gone.py/script.json": "{}"},
        "records/gone.py/script.json: no snippet is run in this mode, so nobody reads it; "
        "to remove it, run: uv run proven update",
    ),
    "a sidecar without a notebook": (
        {"snippets/template.py": BOUND, "snippets/tempalte.toml": "limit = 5\n"},
        "snippets/tempalte.toml: no notebook, script or folder of this name; "
        "did you mean template.toml?",
    ),
    "another bound": (
        {"pyproject.toml": PYPROJECT},
        "snippets/a.py: its header asks for 'marimo', which is not what pyproject.toml has; "
        "write 'marimo>=0.25,<0.26'",
    ),
    "no header": (
        {"pyproject.toml": PYPROJECT, "snippets/a.py": NOTEBOOK.partition("# ///\n\n")[2]},
        "snippets/a.py: no header, so a copy of it knows no dependency; begin it with the lines",
    ),
    "Prefect without its bounds": (
        {
            "pyproject.toml": PYPROJECT,
            "snippets/a.py": BOUND.replace("0.26", '0.26", "prefect>=3.8,<3.9', 1),
        },
        "snippets/a.py: its header has prefect without the bounds that it needs; "
        "add 'fastapi<=0.150', 'sqlalchemy<2.1'",
    ),
    "another date": (
        {
            "pyproject.toml": PYPROJECT,
            "snippets/a.py": BOUND.replace(
                "# ///\n\n", '# [tool.uv]\n# exclude-newer = "2025-01-01T00:00:00Z"\n# ///\n\n'
            ),
        },
        "snippets/a.py: its exclude-newer is '2025-01-01T00:00:00Z'; pyproject.toml has",
    ),
    "a ledger line about nothing": (
        {
            "ledger.toml": '[[block]]\nwhat = "docs/index.md: a → b"\nreason = "r"\n'
            'check = "a diagram"\n'
        },
        "ledger.toml: 'docs/index.md: a → b' is on no page; remove the line",
    ),
    "a ledger line that is not so": (
        {
            "docs/index.md": "# T\n\n    x = 1\n",
            "ledger.toml": '[[block]]\nwhat = "docs/index.md: x = 1"\nreason = "r"\n'
            'check = "a diagram"\n',
        },
        "ledger.toml: 'docs/index.md: x = 1' is not a diagram",
    ),
    "a mode left out that is not so": (
        {
            "ledger.toml": '[[mode]]\nwhat = "gone.py::worker"\nreason = "r"\ncheck = "no-flow"\n',
        },
        "ledger.toml: ",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_message_for_the_check_and_for_the_build(fault: str, tmp_path: Path) -> None:
    files, message = FAULTS[fault]
    project = tiny(tmp_path, files)
    (found,) = problems(project)
    assert found.startswith(message)
    _, said = build(project)
    assert said[0] == found
    assert len(said) == 2 and said[1].startswith("aborted: ")


@pytest.mark.parametrize("fault", ["a directive in a quotation", "code typed by hand"])
def test_a_page_alone_is_held_to_the_same(fault: str, tmp_path: Path) -> None:
    files, message = FAULTS[fault]
    project = tiny(tmp_path, files)
    (found,) = problems(project, [project.docs / "index.md"])
    assert found.startswith(message)


def test_bad_input_has_the_line_of_the_file_not_of_the_markdown(tmp_path: Path) -> None:
    text = "---\ntitle: T\n---\n\n# T\n\n``` snippet gone.py\n```\n"
    project = tiny(tmp_path, {"docs/index.md": text})
    assert next(iter(problems(project))).startswith("docs/index.md:7: no snippet 'gone.py'")


def test_wrong_notebooks_may_have_other_headers(tmp_path: Path) -> None:
    files = {"pyproject.toml": PYPROJECT, "snippets/a.py": BOUND, "snippets/b_wrong.py": NOTEBOOK}
    assert list(problems(tiny(tmp_path, files))) == []


def test_an_unknown_check_is_refused_with_those_that_exist(project: Project) -> None:
    write(project.ledger, '[[block]]\nwhat = "x"\nreason = "r"\ncheck = "because"\n')
    with pytest.raises(ProvenError, match="no check 'because'; there are: a diagram"):
        list(problems(project))


def test_pages_without_a_site_are_an_error(project: Project) -> None:
    (project.root / "mkdocs.yml").unlink()
    with pytest.raises(ProvenError, match=r"no mkdocs\.yml in "):
        list(problems(project))


# Code blocks that come from nowhere


def loose(project: Project, text: str) -> list[str]:
    blocks = code_blocks(html(project, text), "docs/p.md")
    return [block.text for block in blocks if not vouched(block, project)]


def test_what_comes_from_files_and_runs_is_vouched_for(project: Project) -> None:
    shown = "<span><pre class=\"x\">'v'</pre></span>"
    cell = CellRun("show", "ran", output=Output("text/html", shown), console=["hi"])
    record(project, "a.py::edit", steps=[Step("open", [cell])])
    assert not loose(project, "``` snippet a.py\nshow: show, double\noutput: edit, script\n```")


@pytest.mark.parametrize(
    "text",
    [
        "``` python\nx = 1\n```",
        "~~~\nx = 1\n~~~",
        "    x = 1",
        "<pre>x = 1</pre>",
        "!!! note\n\n    ``` yaml\n    x = 1\n    ```",
        "<textarea>x = 1</textarea>",
        "`x = 1\ny = 2`",
        '<pre data-lines="a.py:1-2">x = 1</pre>',
        '<pre data-lines="gone.py:1-2">x = 1</pre>',
        '<div data-run="a.py::script"><pre>x = 1</pre></div>',
        '<div data-run="a.py::worker"><pre>x = 1</pre></div>',
        "``` snipet a.py\n```\n\n    x = 1",
    ],
)
def test_a_block_typed_by_hand_is_found_in_any_form(project: Project, text: str) -> None:
    assert any("x = 1" in block for block in loose(project, text))
