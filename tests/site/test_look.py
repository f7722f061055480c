"""Every page in a browser: nothing that axe finds, no other host, light, and all text fits.

All pages are looked at wide and light; one of each type also dark and on a phone.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser

from proven.browser import chromium
from proven.testing import served
from tests.here import ROOT
from tests.site.look import Look

pytestmark = pytest.mark.slow

TYPES = ["", "template/", "way/", "stacking/", "stacking/retries/", "modes/guards/", "reactivity/"]
TYPES += ["antipatterns/decorator-order/", "check/guards/", "project/deploy/", "operate/told/"]
TYPES += ["project/errors/", "claims/", "proof/", "404.html"]


def _address(path: Path) -> str:
    inner = path.relative_to(ROOT / "docs").with_suffix("").as_posix()
    return "" if inner == "index" else inner.removesuffix("/index") + "/"


PAGES = sorted(map(_address, (ROOT / "docs").rglob("*.md")))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize("place", [*PAGES, "404.html"])
def test_a_page_wide_and_light(browser: Browser, address: str, place: str) -> None:
    assert list(Look(browser, address, place).problems()) == []


@pytest.mark.parametrize(("dark", "phone"), [(True, False), (False, True)])
@pytest.mark.parametrize("place", TYPES)
def test_a_type_of_page_dark_and_on_a_phone(
    browser: Browser, address: str, place: str, dark: bool, phone: bool
) -> None:
    assert list(Look(browser, address, place, dark, phone).problems()) == []


GOOD = "<!doctype html><html lang=en><meta charset=utf-8><title>T</title><main><h1>T</h1>{}</main>"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<p>All is well.", ""),
        ("<img src=data:image/gif;base64,R0lGODlhAQABAAAAACw=>", "axe: image-alt"),
        ("<p style='color:#999;background:#fff'>Pale.", "axe: color-contrast"),
        ("<div style='width:3rem;white-space:nowrap'>Longer than its box.</div>", "overflows: Lo"),
        ("<div style='width:200vw;height:1px'></div>", "overflows: the page is"),
        (
            f"<p>{'Text. ' * 500}<script>setTimeout(() => document.body.prepend("
            "Object.assign(document.createElement('h2'), {innerHTML: 'Late<br>'.repeat(20)})), 300)"
            "</script>",
            "moves while it loads",
        ),
        ("<script src='http://localhost:1/x.js'></script>", "asks another host"),
        ("<script src=gone.js></script>", "404"),
        ("<script src=heavy.js></script>", "KB compressed"),
    ],
)
def test_what_is_wrong_with_a_page_is_seen(
    browser: Browser, tmp_path: Path, body: str, said: str
) -> None:
    (tmp_path / "index.html").write_text(GOOD.format(body))
    (tmp_path / "heavy.js").write_text(f"//{Random(0).randbytes(200_000).hex()}")
    with served(tmp_path) as address:
        found = list(Look(browser, address, "").problems())
    assert any(said in problem for problem in found) if said else found == []
