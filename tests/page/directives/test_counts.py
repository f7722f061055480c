"""The numbers on the home page are those of the project, as it is now."""

from pathlib import Path

from proven.page.directives.counts import counted
from proven.testing import NOTEBOOK, html, record, tiny, write
from tests.here import PROJECT


def test_what_there_is_is_counted_and_what_there_is_none_of_is_left_out(tmp_path: Path) -> None:
    project = tiny(tmp_path)
    assert html(project, "``` counts\n```") == (
        '<ul class="counts"><li><b>1</b> notebooks</li><li><b>1</b> recorded runs</li></ul>'
    )
    write(project.snippets / "b.py", NOTEBOOK)
    write(
        project.snippets / "b.toml", '[wrong.script]\nkind = "fails"\ntype = "E"\nmessage = "m"\n'
    )
    record(project, "b.py::check")
    made = html(project, "``` counts\n```")
    assert "<b>2</b> notebooks</li><li><b>2</b> recorded runs" in made
    assert "<b>1</b> notebooks wrong on purpose" in made


def test_the_numbers_of_this_site_are_those_of_its_files() -> None:
    numbers = {what.split()[0]: n for n, what in counted(PROJECT)}
    assert numbers["recorded"] == len(list(PROJECT.records.rglob("*.json")))
    assert numbers["claims,"] == PROJECT.claims.read_text().count("\n[[claim]]\n")
    entries = (path.read_text() for path in PROJECT.rules.rglob("*.toml"))
    assert numbers["rules,"] == sum(f"\n{text}".count("\n[[claim]]\n") for text in entries)
