"""Wrong code is held from both sides, on the kept records: nothing runs here."""

import difflib
import re
from pathlib import Path

import msgspec
import pytest

from proven.judge import judge
from proven.modes import Mode
from proven.record import Error, Record
from proven.sidecar import scenario
from proven.snippet import Snippet
from tests.antipatterns.attacks import ATTACKS
from tests.here import catalogue, find, load, run_of

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted(p for p in (ROOT / "docs/antipatterns").glob("*.md") if p.stem != "index")
HEADINGS = ["What it does", "Why it is bad", "Reference"]

MINE = [s for s in catalogue() if s.name.startswith("antipatterns/")]
WRONG = [(s, mode) for s in MINE for mode in scenario(s).wrong]
EVERY_WRONG = [(s, mode) for s in catalogue() for mode in scenario(s).wrong]


def ids(pairs: list[tuple[Snippet, Mode]]) -> list[str]:
    return [f"{s.name}::{mode}" for s, mode in pairs]


def kept(snippet: Snippet, mode: Mode) -> Record:
    record = load(snippet, mode)
    assert record is not None, f"no record of {snippet.name}::{mode}"
    return record


def sibling(snippet: Snippet, mode: Mode) -> Snippet:
    named = scenario(snippet).wrong[mode].right
    return find(named or re.sub("_wrong", "_right", snippet.name))


@pytest.mark.parametrize(("snippet", "mode"), WRONG, ids=ids(WRONG))
class TestTwoSides:
    def test_goes_wrong_as_declared(self, snippet: Snippet, mode: Mode) -> None:
        assert judge(run_of(snippet, mode), kept(snippet, mode)) is None

    def test_repaired_is_red(self, snippet: Snippet, mode: Mode) -> None:
        """The right sibling is the repaired file: its run, taken for the wrong one's."""
        repaired = kept(sibling(snippet, mode), mode)
        taken = msgspec.structs.replace(repaired, snippet=snippet.name)
        assert "is expected to be wrong, but" in (judge(run_of(snippet, mode), taken) or "")

    def test_another_failure_is_red(self, snippet: Snippet, mode: Mode) -> None:
        other = Error("OSError", "No space left on device")
        record = msgspec.structs.replace(
            kept(snippet, mode), passed=False, exit=1, error=other, console=["OSError: no space"]
        )
        assert "is expected to be wrong, but" in (judge(run_of(snippet, mode), record) or "")

    def test_right_sibling_passes(self, snippet: Snippet, mode: Mode) -> None:
        right = sibling(snippet, mode)
        assert judge(run_of(right, mode), kept(right, mode)) is None


SAID = [(s, mode) for s, mode in WRONG if scenario(s).wrong[mode].kind != "harm"]


@pytest.mark.parametrize(("snippet", "mode"), SAID, ids=ids(SAID))
def test_message_is_of_no_other_snippet(snippet: Snippet, mode: Mode) -> None:
    wrong = scenario(snippet).wrong[mode]
    for other, its_mode in EVERY_WRONG:
        record = load(other, its_mode)
        declared = scenario(other).wrong[its_mode]
        # The same error, declared in the same words, is meant: a page elsewhere shows it too.
        if (declared.type, declared.message) == (wrong.type, wrong.message):
            continue
        if other.name != snippet.name and record is not None:
            said = [str(record.error), *(record.console if wrong.kind == "rejected" else [])]
            assert not any(wrong.message in line for line in said), f"{other.name}::{its_mode}"


PAIRS = sorted({(s.name, sibling(s, mode).name) for s, mode in WRONG})


@pytest.mark.parametrize(("wrong", "right"), PAIRS)
def test_siblings_differ_only_in_the_lines_at_issue(wrong: str, right: str) -> None:
    ours, theirs = (find(name).text.splitlines() for name in (wrong, right))
    changed = [x for x in difflib.ndiff(ours, theirs) if x[0] in "+-" and x[2:].strip()]
    assert 0 < len(changed) <= 12, "\n".join(changed)


@pytest.mark.parametrize("page", PAGES, ids=[p.stem for p in PAGES])
class TestAnatomy:
    def test_headings(self, page: Path) -> None:
        text = page.read_text()
        assert re.findall(r"^## (.+)$", text, re.M) == HEADINGS
        question = re.search(r"^# (.+)$", text, re.M)
        assert question is not None and question[1].endswith("?")

    def test_both_sides_stand_below_the_answer(self, page: Path) -> None:
        before = page.read_text().partition("\n## ")[0]
        (first, *_) = re.findall(r"^``` .*?^```$", before, re.M | re.S)
        assert first.startswith("``` wrong ") and "\nright: " in first and "side:" not in first

    def test_is_listed(self, page: Path) -> None:
        assert page.name in (page.parent / "index.md").read_text()


def test_every_pair_has_a_page() -> None:
    text = "".join(page.read_text() for page in PAGES)
    for snippet, _ in WRONG:
        assert f"``` wrong {snippet.name}" in text, snippet.name


def test_each_table_of_attacks_is_named_by_a_rule() -> None:
    rules = "".join(path.read_text() for path in (ROOT / "claims").rglob("*.toml"))
    for name in ATTACKS:
        assert f"test_a_reason_is_the_reason[{name}]" in rules, name
