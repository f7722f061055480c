"""The content-security policy: all that the site does goes on under it, and nothing else does."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from proven.browser import chromium
from proven.mkdocs.policy import meta
from tests.site.test_look import TYPES
from tests.site.test_markup import pages

pytestmark = pytest.mark.slow

_META = '<meta http-equiv="Content-Security-Policy"'
_LOOSE = "https:|eval|blob:"
_LISTEN = """addEventListener('securitypolicyviolation', event => {
  const seen = sessionStorage.getItem('refused') ?? ''
  sessionStorage.setItem('refused', `${seen}${event.violatedDirective} ${event.blockedURI};`)
})"""


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser:
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        context.add_init_script(_LISTEN)
        yield context.new_page()


def refused(page: Page) -> str:
    said: str = page.evaluate("sessionStorage.getItem('refused') ?? ''")
    return said


def test_all_that_a_page_does_is_allowed(page: Page, address: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(urljoin(address, "template/"))
    page.locator("[for^=__palette]").first.click()
    page.locator("[data-copy=file]:visible").first.click()
    expect(page.locator(".snippet-said").filter(has_text="copied").first).to_be_visible()
    page.locator("[data-md-component=search-query]").click()
    page.keyboard.type("retries")
    page.locator(".md-search-result__item a").first.wait_for()
    page.keyboard.press("Escape")
    go_by_a_step(page, address, "template/", "modes/")
    page.locator("details.fold--figure > summary").first.click()
    page.locator("[data-copy=file]:visible").first.click()
    expect(page.locator(".snippet-said").filter(has_text="copied").first).to_be_visible()
    page.get_by_role("button", name="Copy this page as Markdown").click()
    page.get_by_text("Page copied").wait_for()
    assert (refused(page), said) == ("", [])


def go_by_a_step(page: Page, address: str, first: str, then: str) -> None:
    """Instant navigation, which goes to what the site's map names: this build has no addresses."""
    places = "".join(f"<url><loc>{address}{place}</loc></url>" for place in ("", then))
    answer = {"body": f"<urlset>{places}</urlset>", "content_type": "text/xml"}
    page.route("**/sitemap.xml", lambda route: route.fulfill(**answer))
    page.goto(urljoin(address, first))
    page.wait_for_load_state("networkidle")
    page.evaluate("window.same = true")
    page.locator(".md-footer__link--next").click()
    page.wait_for_url(f"**/{then}")
    assert page.evaluate("window.same")


PRESSED = ".modes label, .filters label, .fold > summary, .outcome > summary, .pop > summary"


@pytest.mark.parametrize("place", sorted({*TYPES} - {"404.html"}))
def test_all_that_opens_and_chooses_on_a_page_is_allowed(
    page: Page, address: str, place: str
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(urljoin(address, place))
    page.locator(PRESSED).evaluate_all("all => all.forEach(one => one.click())")
    page.wait_for_load_state("networkidle")
    assert (refused(page), said) == ("", [])


def test_the_page_for_what_is_not_found_searches(page: Page, address: str) -> None:
    page.goto(urljoin(address, "404.html"))
    page.locator("main input, article input").first.fill("retries")
    page.keyboard.press("Enter")
    page.locator(".md-search-result__item a").first.wait_for()
    assert refused(page) == ""


def test_an_island_may_load_after_its_click(page: Page, address: str) -> None:
    """The page is reached by instant navigation, from one whose policy forbids it."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route(lambda url: not url.startswith((address, "data:", "blob:")), lambda r: r.abort())
    go_by_a_step(page, address, "modes/awaits/", "reactivity/")
    page.get_by_role("button", name="Run in your browser").first.click()
    expect(page.locator(".island-said").first).to_contain_text("can't be reached")
    assert any("cdn.jsdelivr.net" in url for url in asked) and refused(page) == ""


def test_no_other_page_allows_what_an_island_needs(site: Path) -> None:
    policies = {
        str(path.relative_to(site)): path.read_text().partition(_META)[2].partition(">")[0]
        for path in pages(site)
    }
    assert [name for name, policy in policies.items() if "default-src" not in policy] == []
    assert [name for name, policy in policies.items() if re.search(_LOOSE, policy)] == [
        "reactivity/index.html"
    ]


@pytest.mark.parametrize(
    ("attempt", "directive"),
    [
        ("document.head.append(Object.assign(document.createElement('script'),"
         " {textContent: 'window.ran = 1'}))", "script-src-elem inline"),
        ("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')",
         "script-src-attr inline"),
        ("document.head.append(Object.assign(document.createElement('script'),"
         " {src: 'https://example.org/x.js'}))", "script-src-elem https://example.org/x.js"),
        ("document.body.insertAdjacentHTML('beforeend', '<object data=\"x.swf\"></object>')",
         "object-src"),
    ],
)  # fmt: skip
def test_what_is_not_of_the_site_is_refused(
    page: Page, address: str, attempt: str, directive: str
) -> None:
    page.goto(address)
    page.evaluate(attempt)
    page.wait_for_function("sessionStorage.getItem('refused')")
    assert directive in refused(page)
    assert page.evaluate("window.ran") is None


def test_only_scripts_that_were_built_have_a_hash() -> None:
    one = str(meta(['<script>a()</script><script type="application/json">{}</script>']))
    assert one.count("sha256-") == 1
    assert str(meta(["<script>b()</script>"])) != one
