"""Each page on a reader's way says what comes next, before its reference."""

import re
from pathlib import Path

import pytest

from tests.here import ROOT

DOCS = ROOT / "docs"
FOLDERS = ("way", "modes", "project", "operate")
PAGES = [
    DOCS / "template.md",
    DOCS / "reactivity.md",
    *(p for f in FOLDERS for p in sorted((DOCS / f).glob("*.md"))),
]


def following(text: str) -> list[str]:
    """The pages that the page leads to at its end."""
    found = re.search(r"(?ms)^## Next\n(.*?)(?:^## Reference\n|\Z)", text)
    return re.findall(r"\]\(([^)#]+\.md)", found[1]) if found else []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_page_leads_on(page: Path) -> None:
    found = following(page.read_text())
    assert found, (
        f"{page.relative_to(ROOT)}: no `## Next` with a link, at its end or before `## Reference`"
    )
    assert all((page.parent / link).is_file() for link in found)


def test_a_page_that_leads_nowhere_is_seen() -> None:
    assert following("# A\n\n## Next\n\n- [B](b.md#c)\n\n## Reference\n") == ["b.md"]
    assert following("# A\n\n## Next\n\n- [B](b.md)\n") == ["b.md"]
    assert following("# A\n\n[B](b.md)\n\n## Reference\n") == []
    assert following("# A\n\n## Next\n\nNothing.\n\n## Reference\n\n- [B](b.md)\n") == []
