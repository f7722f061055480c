"""What CONTRIBUTING tells a contributor to type is typed, in its order, and does what it says."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from proven import testing
from proven.cli import main
from proven.modes import Mode
from proven.project import Project

pytestmark = pytest.mark.slow

ROOT = Project.around(Path(__file__)).root
TEXT = (ROOT / "CONTRIBUTING.md").read_text()


def commands(heading: str) -> list[list[str]]:
    """The arguments of each `uv run proven …` below this heading."""
    section = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^uv run proven (.+)$", section, re.M)
    assert found, f"CONTRIBUTING.md has no command below {heading!r}"
    return [shlex.split(line) for line in found]


def test_a_snippet_is_added_as_the_guide_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nav = testing.CONFIG + "nav:\n  - index.md\n  - Stacking:\n      - stacking/index.md\n"
    answered = "# Stacking\n"
    project = testing.tiny(
        tmp_path,
        {"mkdocs.yml": nav, "docs/stacking/index.md": answered, "docs/index.md": "# Tiny\n"},
    )
    for name in ("ledger.toml", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    ledger = (tmp_path / "ledger.toml").read_text()
    (without_tests,) = (x for x in ledger.split("\n\n") if 'what = "*::test"' in x)
    (tmp_path / "ledger.toml").write_text(without_tests)
    shutil.rmtree(project.records)
    (project.snippets / "a.py").unlink()
    project.rules.mkdir()
    monkeypatch.chdir(tmp_path)

    new, renew, check = commands("Add a snippet")
    assert main(new) == 0
    assert main(renew) == 0
    kept = {path.stem for path in (project.records / renew[1]).iterdir()}
    assert kept == set(Mode) - {Mode.TEST, Mode.SHELL}
    # The page's answer is a rule, which has no proof yet; nothing else is missing.
    capsys.readouterr()
    assert main(check) == 1
    said = capsys.readouterr().out
    assert "a rule without a proof: 'The answer, in two sentences.'" in said
    assert "1 problems" in said

    (claim,) = commands("Say something that holds")
    assert main(claim) == 0
    (entries,) = project.rules.rglob("*.toml")
    text = entries.read_text()
    entries.write_text(re.sub(r"proof = \[\].*", f'proof = ["{renew[1]}::script"]', text))
    assert main(check) == 0


def test_a_section_without_a_command_is_red() -> None:
    with pytest.raises(AssertionError, match="no command below"):
        commands("Words")
