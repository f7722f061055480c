"""Reading snippets: cells, excerpts, headers, and one clear error for each bad name."""

from pathlib import Path

import pytest

from proven.errors import ProvenError
from proven.project import Project
from proven.snippet import Snippet
from tests.here import find


def test_cells_are_found_in_the_order_of_the_file() -> None:
    cells = find("template.py").cells
    assert [c.name for c in cells][:5] == ["setup", "extract", "transform", "load", "run_pipeline"]
    assert [c.start for c in cells] == sorted(c.start for c in cells)


def test_an_excerpt_holds_the_decorators_and_no_line_more() -> None:
    template = find("template.py")
    text = template.lines(*template.excerpt("transform"))
    assert text.startswith("@app.function\n@task\ndef transform(")
    assert text.endswith('return df.filter(pl.col("value") > 0)\n')


def test_the_header_is_read_as_pep_723_says() -> None:
    header = find("template.py").header
    assert header is not None
    assert header["requires-python"] == ">=3.12"


def test_yaml_is_excerpted_by_key_path(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        "name: x\ndeployments:\n  - name: a\n    cron: b\n  - name: c\n"
    )
    snippet = Snippet("p.yaml", tmp_path)
    assert snippet.lines(*snippet.excerpt("deployments.0")) == "  - name: a\n    cron: b\n"
    assert snippet.lines(*snippet.excerpt("deployments.1.name")) == "  - name: c\n"


def test_an_unknown_snippet_names_those_that_are_close() -> None:
    with pytest.raises(ProvenError, match=r"no snippet 'templat\.py'.*did you mean template\.py"):
        find("templat.py")


def test_a_name_cannot_leave_the_folder() -> None:
    with pytest.raises(ProvenError, match="no snippet"):
        find("../pyproject.toml")


def test_an_unknown_excerpt_names_those_that_there_are() -> None:
    with pytest.raises(ProvenError, match=r"nothing named 'transfrom'; it has: .*transform"):
        find("template.py").excerpt("transfrom")


def test_a_syntax_error_is_said_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("import marimo\napp = marimo.App()\ndef f(:\n")
    with pytest.raises(ProvenError, match=r"snippets/bad\.py:3: not valid Python"):
        _ = Snippet("bad.py", tmp_path).cells


def test_an_empty_folder_is_an_error_and_not_an_empty_pass(tmp_path: Path) -> None:
    with pytest.raises(ProvenError, match="no snippets"):
        Project(tmp_path).catalogue()


@pytest.mark.parametrize(
    ("head", "mark"),
    [
        ("from prefect import flow", "@flow"),
        ("from prefect import flow as pipeline", "@pipeline(name='x')"),
        ("import prefect", "@prefect.flow(log_prints=True)"),
        ("import prefect as p", "@p.flow"),
        ("from prefect.flows import flow", "@flow"),
    ],
)
def test_a_flow_is_one_however_it_is_imported(tmp_path: Path, head: str, mark: str) -> None:
    (tmp_path / "f.py").write_text(
        f"{head}\n\n\n{mark}\ndef run(): ...\n\n\n@cache\ndef no(): ...\n"
    )
    assert Snippet("f.py", tmp_path).flows == ("run",)


def test_a_decorator_that_is_only_called_flow_makes_none(tmp_path: Path) -> None:
    (tmp_path / "f.py").write_text("from elsewhere import flow\n\n\n@flow\ndef run(): ...\n")
    assert Snippet("f.py", tmp_path).flows == ()
