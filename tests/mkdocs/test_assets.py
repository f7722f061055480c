"""The style sheet: theme and components apart, every colour named once."""

import re
from pathlib import Path

import pytest

from proven.mkdocs import assets

SHEETS = [assets.FOLDER / "theme.css", *(assets.FOLDER / "components").glob("*.css")]
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch|lab)a?\(|:\s*(?:white|black|red)\b")


def loose_colours(text: str) -> list[str]:
    """Declarations with a colour of their own, outside the palette of the theme."""
    declared = re.findall(r"([\w-]+\s*:[^;{}]+);", re.sub(r"/\*.*?\*/", "", text, flags=re.S))
    return [d for d in declared if _COLOUR.search(d) and not d.startswith("--")]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda s: s.name)
def test_no_colour_is_outside_the_palette(sheet: Path) -> None:
    assert loose_colours(sheet.read_text()) == []
    if sheet.parent.name == "components":
        assert not re.search(r"^\s*--[\w-]+\s*:", sheet.read_text(), re.M)


def test_a_loose_colour_is_seen() -> None:
    assert loose_colours(".a { color: #fff; } .b { --x: #fff; margin: 0; }") == ["color: #fff"]
    assert loose_colours(".a { background: rgb(0 0 0); }")


def test_every_component_is_in_the_one_sheet_after_the_theme() -> None:
    whole = assets.style()
    theme, *components = (re.sub(r"/\*.*?\*/\s*", "", s.read_text(), flags=re.S) for s in SHEETS)
    at = [whole.index(component) for component in components]
    assert whole.startswith(theme.partition("@font-face")[0])
    assert "/*" not in whole and min(at) > whole.index("@font-face") and len(SHEETS) > 5
    assert whole.count("{") == whole.count("}")


def test_the_fonts_are_light_and_each_has_its_licence_beside_it() -> None:
    fonts = sorted((assets.FOLDER / "fonts").glob("*.woff2"))
    named = re.findall(r'url\("fonts/([\w-]+)\.woff2"\)', SHEETS[0].read_text())
    assert assets.style().count('url("data:font/woff2;base64,') == len(fonts)
    assert sorted(named) == [font.stem for font in fonts]
    assert sum(font.stat().st_size for font in fonts) < 30_000
    for font in fonts:
        assert "SIL Open Font License" in font.with_suffix(".txt").read_text()
