"""The skill: its format, what is in it; its own files are given to the check and the runner."""

import re
from pathlib import Path

import pytest

from proven import skill
from proven.errors import ProvenError
from proven.modes import Mode
from proven.run.pool import Pool
from proven.snippet import Snippet
from proven.testing import build, tiny
from tests.check.loading import CHECK
from tests.here import PROJECT, ROOT, run_of

FILES = skill.files(PROJECT)
TEXTS = {name: content.decode() for name, content in FILES.items() if name.endswith(".md")}


def test_the_head_is_as_the_format_wants_it() -> None:
    front = skill.front(PROJECT)
    assert front is not None and front.name == "prefect-marimo-patterns"
    # An agent reads this file whole; the rest when it needs it.
    assert TEXTS["SKILL.md"].startswith("---\nname: ") and TEXTS["SKILL.md"].count("\n") < 500


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("name: Two Words\ndescription: x", "lower case"),
        (f"name: {'a' * 65}\ndescription: x", "64"),
        ("name: a--b\ndescription: x", "hyphens"),
        ("name: a\ndescription: ''", "1024"),
        (f"name: a\ndescription: {'x' * 1025}", "1024"),
        ("name: a", "description"),
        ("name: a\ndescription: x\ncolour: red", "colour"),
    ],
)
def test_a_bad_head_ends_the_build(head: str, why: str, tmp_path: Path) -> None:
    project = tiny(tmp_path, {"skill.md": f"---\n{head}\n---\n\n# S\n"})
    with pytest.raises(ProvenError, match=why):
        skill.front(project)


def test_what_it_links_to_is_in_it(tmp_path: Path) -> None:
    for name, text in TEXTS.items():
        for link in re.findall(r"\]\(([\w./-]+)\)", text):
            assert link in FILES, f"{name} links to {link}"
    gone = tiny(tmp_path, {"skill.md": "---\nname: a\ndescription: x\n---\n\n[b](gone.py)\n"})
    with pytest.raises(ProvenError, match="no snippet"):
        skill.files(gone)


def test_each_rule_has_its_proof_and_its_condition() -> None:
    stacking = TEXTS["references/stacking.md"]
    rule = "- A script runs it; the editor gives a coroutine that nobody awaits.\n"
    assert (
        f"{rule}    - Condition, in its page's words: The line that works in a task, in a cell."
        in stacking
    )
    for text in TEXTS.values():
        rules = len(re.findall(r"(?m)^- (?!\*\*)", text)) if text.startswith("# Rules") else 0
        assert text.count("    - Shown by: `") >= rules
    assert "    - False: " in TEXTS[skill.CLAIMS]


def test_it_is_published_as_a_folder_and_as_an_archive(tmp_path: Path) -> None:
    head = "---\nname: tiny\ndescription: x\n---\n\n[a.py](a.py)\n"
    site, said = build(tiny(tmp_path, {"skill.md": head}))
    assert said == []
    assert (site / "skill/tiny/SKILL.md").read_text().startswith(head)
    assert (site / "skill/tiny/a.py").is_file() and (site / "skill/tiny.zip").is_file()


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / "skill" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "skill"


def test_its_own_files_pass_its_own_check(unpacked: Path) -> None:
    looked, found = CHECK.check(unpacked, advice=True)
    assert [Path(notebook.path).name for notebook in looked.notebooks] == ["template.py"]
    assert found == []
    wrong = ROOT / "snippets/antipatterns/decorator_order_wrong.py"
    (unpacked / "wrong.py").write_bytes(wrong.read_bytes())
    assert [one.rule for one in CHECK.check(unpacked)[1]] == ["decorator_order"]


@pytest.mark.slow
@pytest.mark.parametrize("mode", [Mode.SCRIPT, Mode.IMPORT, Mode.TEST])
def test_its_template_runs(unpacked: Path, mode: Mode, pool: Pool) -> None:
    record = pool.make(run_of(Snippet("template.py", unpacked), mode))
    assert record.passed, record.error
