"""Words: spelled right, and those that the style of the pages asks for."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from proven.page.sentences import sentences
from tests.here import ROOT

INSTEAD = tomllib.loads((ROOT / "words.toml").read_text())["instead_of"]
_CODE = re.compile(r"`[^`]*`")
SPELLED = ["docs", "claims", "claims.toml", "skill.md", "README.md", "CONTRIBUTING.md"]


def misspelt(*paths: str | Path) -> str:
    command = [sys.executable, "-m", "codespell_lib", *map(str, paths)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def unwanted(lines: list[str]) -> Iterator[str]:
    """Sentences of a page with a word that stands for another."""
    for sentence in sentences(lines):
        text = _CODE.sub("", sentence.text)
        for word, better in INSTEAD.items():
            if re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE):
                yield f"line {sentence.line + 1}: {word!r}; say: {better}"


def test_pages_are_spelled_right() -> None:
    assert misspelt(*SPELLED) == ""


def test_pages_use_the_words_of_the_style() -> None:
    pages = (ROOT / "docs").rglob("*.md")
    found = {str(p.relative_to(ROOT)): list(unwanted(p.read_text().splitlines())) for p in pages}
    assert {page: words for page, words in found.items() if words} == {}


def test_a_wrong_word_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("A tempalte.\n")
    assert "tempalte ==> template" in misspelt(tmp_path / "a.md")
    text = ["# T", "", "A Dataframe, and `dataframe` as code.", "", "``` x", "dataframe", "```"]
    assert list(unwanted(text)) == ["line 3: 'dataframe'; say: data frame"]
