"""A figure in a browser: what is folded opens for keys, links, the browser's search and print."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from proven.browser import chromium
from proven.testing import PAGE, build, record, served, tiny

pytestmark = pytest.mark.slow

TEXT = PAGE.replace("output: script", "output: script, edit")
LOG = ["INFO    | Flow run 'x' - Beginning", "printed"]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    project = tiny(tmp_path_factory.mktemp("figure"), {"docs/index.md": TEXT})
    record(project, "a.py::script", console=LOG)
    record(project, "a.py::edit", console=["of the editor"])
    folder, said = build(project)
    assert said == []
    with served(folder) as address:
        yield address


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, address: str) -> Page:
    page = browser.new_page()
    page.goto(address)
    return page


def test_arrow_keys_choose_the_run(page: Page) -> None:
    expect(page.get_by_text("of the editor")).to_be_hidden()
    page.get_by_role("radio", name="script").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("of the editor")).to_be_visible()
    expect(page.locator(".panel[data-mode=script]")).to_have_attribute("hidden", "until-found")


def test_a_link_opens_what_it_points_into(page: Page, address: str) -> None:
    page.goto(f"{address}#run-a-py-edit")
    expect(page.get_by_role("radio", name="editor")).to_be_checked()
    expect(page.get_by_text("of the editor")).to_be_visible()
    page.evaluate("document.querySelector('.fold .log').id = 'deep'")
    page.evaluate("location.hash = 'deep'")
    expect(page.locator(".log")).to_be_visible()
    expect(page.get_by_role("radio", name="script")).to_be_checked()
    page.goto(f"{address}#%E0%A4%A")  # no address: nothing breaks
    expect(page.get_by_role("radio", name="script")).to_be_checked()


def test_what_is_not_seen_is_found_by_the_browsers_search(page: Page) -> None:
    assert page.locator(".panel[hidden='until-found']").count() == 1
    page.locator(".panel[hidden]").dispatch_event("beforematch")
    expect(page.get_by_text("of the editor")).to_be_visible()


def test_print_opens_the_folds_and_closes_them_again(page: Page) -> None:
    fold = page.locator("details.fold").first
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(fold).to_have_attribute("open", "")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(fold).not_to_have_attribute("open", "")
    page.emulate_media(media="print")
    expect(page.get_by_text("of the editor")).to_be_visible()  # all runs stand on paper


def test_a_menu_closes_and_gives_the_focus_back(page: Page) -> None:
    head = page.locator(".pop--menu > summary")
    head.press("Enter")
    link = page.get_by_role("link", name="Download a.py")
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(head).to_be_focused()
    head.click()
    page.locator("h1").click()
    expect(link).to_be_hidden()


def test_without_a_script_the_modes_and_folds_work(browser: Browser, address: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address)
    page.locator(".mode", has_text="editor").click()
    expect(page.get_by_text("of the editor")).to_be_visible()
    page.locator(".mode", has_text="script").click()
    page.locator("details.fold > summary").first.click()
    expect(page.locator(".log")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)


@pytest.mark.parametrize(("width", "beside"), [(1440, True), (1000, False), (390, False)])
def test_the_run_stands_beside_the_code_where_there_is_room(
    page: Page, width: int, beside: bool
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    boxes = [page.locator(part).bounding_box() for part in (".snippet-code", ".runs")]
    code, runs = [box for box in boxes if box]
    assert (runs["x"] >= code["x"] + code["width"] - 1) is beside
    assert page.evaluate("document.documentElement.scrollWidth") == width
