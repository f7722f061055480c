"""A folder with a sidecar beside it: its notebooks run with the whole folder around them."""

from pathlib import Path

import pytest

from proven.errors import ProvenError
from proven.fingerprint import key_of
from proven.run.job import lay_out
from proven.sidecar import project_folder, scenario, sidecar
from proven.snippet import Snippet


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("shop/notebooks/a.py", "shop/src/b.py", "shop/README.md", "outside.sh"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("import marimo\napp = marimo.App()\n")
    (tmp_path / "shop.toml").write_text('["notebooks/a.py"]\nargs = ["--fast"]\n')
    (tmp_path / "outside.toml").write_text('project = "shop"\n')
    return tmp_path


def test_its_sidecar_has_a_table_for_each_notebook(root: Path) -> None:
    mine, other = Snippet("shop/notebooks/a.py", root), Snippet("shop/src/b.py", root)
    assert project_folder(mine) == root / "shop"
    assert sidecar(mine) == root / "shop.toml"
    assert (scenario(mine).args, scenario(mine).project) == (["--fast"], "shop")
    assert (scenario(other).args, scenario(other).project) == ([], "shop")


def test_a_snippet_elsewhere_is_in_no_project(root: Path) -> None:
    assert project_folder(Snippet("outside.sh", root)) is None


def test_a_table_for_a_file_that_is_gone_is_an_error(root: Path) -> None:
    (root / "shop.toml").write_text('["notebooks/gone.py"]\n')
    with pytest.raises(ProvenError, match=r"shop/ has no file 'notebooks/gone.py'"):
        scenario(Snippet("shop/notebooks/a.py", root))


@pytest.mark.parametrize("name", ["shop/notebooks/a.py", "outside.sh"])
def test_a_record_is_stale_when_any_code_around_it_changes(root: Path, name: str) -> None:
    snippet = Snippet(name, root)
    before = key_of(snippet)
    (root / "shop/README.md").write_text("other words")
    (root / "shop/.hidden").write_text("nothing that runs")
    assert key_of(snippet) == before
    (root / "shop/src/b.py").write_text("changed = True\n")
    assert key_of(snippet) != before


def test_the_whole_project_is_laid_out_and_a_snippet_from_elsewhere_in_its_root(
    root: Path, tmp_path: Path
) -> None:
    lay_out(Snippet("shop/notebooks/a.py", root), tmp_path / "one")
    lay_out(Snippet("outside.sh", root), tmp_path / "two")
    assert (tmp_path / "one/notebooks/a.py").is_file()
    assert (tmp_path / "one/src/b.py").is_file()
    assert not (tmp_path / "one/a.py").exists()
    assert (tmp_path / "two/outside.sh").is_file()
    assert (tmp_path / "two/notebooks/a.py").is_file()
