"""A snippet that was begun by the command is whole: it runs, it is checked, its page shows it."""

from pathlib import Path

import pytest

from proven.cli import main
from proven.errors import ProvenError
from proven.new import begin, with_page
from proven.project import Project
from proven.sidecar import scenario


def test_it_makes_notebook_sidecar_page_and_navigation(tiny: Project) -> None:
    made = begin(tiny, "stacking/my_names")
    assert [path.relative_to(tiny.root).as_posix() for path in made] == [
        "snippets/stacking/my_names.py",
        "snippets/stacking/my_names.toml",
        "docs/stacking/my-names.md",
        "mkdocs.yml",
    ]
    snippet = tiny.find("stacking/my_names.py")
    assert snippet.is_notebook and snippet.flows == ("my_names",)
    assert snippet.header is not None
    assert scenario(snippet).wrong == {}
    assert "- stacking/my-names.md" in (tiny.root / "mkdocs.yml").read_text()


def test_its_header_has_the_bounds_of_the_project(tiny: Project) -> None:
    (tiny.root / "pyproject.toml").write_text(
        '[project]\nrequires-python = ">=3.13"\ndependencies = ["prefect<4", "mkdocs", "marimo"]\n'
        '[tool.uv]\nexclude-newer = "2030-01-01T00:00:00Z"\n'
    )
    begin(tiny, "fresh")
    header = tiny.find("fresh.py").header
    assert header == {
        "requires-python": ">=3.13",
        "dependencies": ["marimo", "prefect<4"],
        "tool": {"uv": {"exclude-newer": "2030-01-01T00:00:00Z"}},
    }


@pytest.mark.parametrize("name", ["Names", "../a", "a.py", "", "a b", "/a"])
def test_a_name_that_is_none_is_refused(tiny: Project, name: str) -> None:
    with pytest.raises(ProvenError, match="write a name in small letters"):
        begin(tiny, name)


def test_nothing_is_overwritten(tiny: Project) -> None:
    before = (tiny.snippets / "a.py").read_text()
    with pytest.raises(ProvenError, match=r"snippets/a\.py is there already"):
        begin(tiny, "a")
    assert (tiny.snippets / "a.py").read_text() == before
    assert not (tiny.docs / "a.md").exists()


NAV = "nav:\n  - index.md\n  - A:\n      - a/x.md\n      - a/y.md\n  - last.md\nplugins: []\n"


def test_a_page_comes_after_the_others_of_its_folder_or_last() -> None:
    assert "      - a/y.md\n      - a/z.md\n  - last.md\n" in with_page(NAV, "a/z.md")
    assert "  - last.md\n  - b/z.md\nplugins" in with_page(NAV, "b/z.md")
    assert "  - last.md\n  - z.md\nplugins" in with_page(NAV, "z.md")
    with pytest.raises(ProvenError, match="no `nav:`"):
        with_page("plugins: []\n", "z.md")


def test_the_command_says_what_it_made_and_what_comes_next(
    tiny: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tiny.root)
    assert main(["new", "fresh"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        *("snippets/fresh.py", "snippets/fresh.toml", "docs/fresh.md", "mkdocs.yml"),
        "now run: uv run proven update fresh.py",
    ]
    assert main(["update", "fresh.py", "--mode", "check"]) == 0
    assert Path("records/fresh.py/check.json").is_file()
