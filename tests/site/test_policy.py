"""The content-security policy: all that the site does goes on under it, and nothing else does."""

from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from proven.browser import chromium
from proven.mkdocs.policy import meta

pytestmark = pytest.mark.slow

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
    page.locator("[data-copy=file]").first.click()
    expect(page.locator(".snippet-said").filter(has_text="copied").first).to_be_visible()
    page.locator("[data-md-component=search-query]").click()
    page.keyboard.type("retries")
    page.locator(".md-search-result__item a").first.wait_for()
    page.keyboard.press("Escape")
    page.locator(".md-footer__link--next").click()  # instant navigation
    page.wait_for_url("**/modes/**")
    page.get_by_role("button", name="Copy this page as Markdown").click()
    page.get_by_text("Page copied").wait_for()
    assert (refused(page), said) == ("", [])


def test_an_island_may_load_after_its_click(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route(lambda url: not url.startswith((address, "data:", "blob:")), lambda r: r.abort())
    page.goto(urljoin(address, "template/"))
    page.goto(urljoin(address, "reactivity/"))
    page.get_by_role("button", name="Run in your browser").first.click()
    expect(page.locator(".island-said").first).to_contain_text("can't be reached")
    assert any("cdn.jsdelivr.net" in url for url in asked) and refused(page) == ""


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
    assert one.count("sha256-") == 1 and "unsafe-eval" not in one
    assert str(meta(["<script>b()</script>"])) != one
    assert "unsafe-eval" in str(meta(["<template data-islands-head></template>"]))
