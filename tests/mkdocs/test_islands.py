"""Islands: nothing before the click, the right addresses after it, a message on failure."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import marimo
import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import PluginError
from playwright.sync_api import Locator, Page, Route, expect

from proven.browser import chromium
from proven.project import Project
from proven.record import CellRun, Error, Step
from proven.testing import CONFIG, NOTEBOOK, build, record, tiny, write
from tests.here import ROOT, link
from tests.published import Published

pytestmark = pytest.mark.slow

CDN = f"https://cdn.jsdelivr.net/npm/@marimo-team/islands@{marimo.__version__}/dist"
ATTEMPTS, LIMIT = 20, 150_000  # milliseconds


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page on reactivity and one other, built and served as a static host does."""
    folder = tmp_path_factory.mktemp("islands")
    docs = folder / "docs"
    docs.mkdir()
    (docs / "reactivity.md").write_bytes((ROOT / "docs" / "reactivity.md").read_bytes())
    (docs / "index.md").write_text("# Home\n\n``` snippet template.py\n```\n")
    link(folder)
    config = folder / "mkdocs.yml"
    config.write_text(
        "site_name: Islands\n"
        "theme: {name: material, font: false, features: [navigation.instant]}\n"
        "site_url: http://127.0.0.1/\n"
        "plugins: [proven]\n"
        "markdown_extensions: [proven, pymdownx.superfences]\n"
    )
    mkdocs_build(load_config(str(config)))
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder / "site"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(120_000)
        yield page


def foreign(page: Page, site: str, answer: Any) -> list[str]:
    """Answer all requests to other hosts with `answer`; the list fills with them."""
    asked: list[str] = []

    def route(route: Route) -> None:
        asked.append(route.request.url)
        answer(route)

    page.route(lambda url: not url.startswith((site, "data:", "blob:")), route)
    return asked


def test_nothing_before_the_click_and_the_right_addresses_after(site: str, page: Page) -> None:
    asked = foreign(page, site, lambda route: route.abort())
    page.goto(f"{site}/reactivity/")
    page.get_by_role("button", name="Run in your browser: reactivity/slider.py").wait_for()
    page.wait_for_load_state("networkidle")
    assert asked == []
    expect(page.get_by_text("2 of 3 rows").first).to_be_visible()  # the recorded run
    page.get_by_role("button", name="Run in your browser: reactivity/slider.py").click()
    said = page.locator(".island-said").first
    expect(said).to_contain_text("Not started: cdn.jsdelivr.net can't be reached")
    expect(said).to_contain_text("recorded run")
    expect(page.get_by_text("2 of 3 rows").first).to_be_visible()
    assert {f"{CDN}/main.js", f"{CDN}/style.css"} <= set(asked)
    hosts = {url.split("/")[2] for url in asked}
    assert hosts <= {"cdn.jsdelivr.net", "fonts.googleapis.com"}


def test_one_notebook_starts_and_the_next_in_a_fresh_page(site: str, page: Page) -> None:
    """marimo gives the cells of each notebook the same ids: of two in a page none starts."""
    foreign(page, site, lambda route: route.abort())
    page.goto(f"{site}/reactivity/")
    slider, guard = (
        page.locator(f".snippet[data-snippet='reactivity/{name}.py']").first
        for name in ("slider", "guard")
    )
    slider.get_by_role("button", name="Run in your browser").click()
    expect(slider.locator(".island-said")).to_contain_text("Not started")
    expect(guard.locator(".island-said")).to_be_empty()
    with page.expect_navigation():
        guard.get_by_role("button", name="Run in your browser").click()
    expect(guard.locator(".island-said")).to_contain_text("Not started")
    expect(slider.locator(".island-said")).to_be_empty()


def test_a_runtime_that_breaks_says_so(site: str, page: Page) -> None:
    start_with(page, site, "Promise.reject(new Error('failed to load pyodide'))")
    expect(page.locator(".island-said").first).to_contain_text(
        "Not started: failed to load pyodide"
    )


def test_cells_that_show_without_a_kernel_are_not_called_live(site: str, page: Page) -> None:
    """marimo gives up on a slow Python with a line in the console; its widgets are dead then."""
    start_with(
        page,
        site,
        "const e = new Error('RPC request timed out.');"
        "console.error('Failed to initialize islands:', e);"
        "document.querySelector('marimo-cell-output').textContent = 'shown';",
    )
    said = page.locator(".island-said").first
    expect(said).to_contain_text("Not started: Python took longer than marimo waits; try again")
    expect(page.get_by_role("button", name="Run in your browser").first).to_be_enabled()


def start_with(page: Page, site: str, main: str) -> None:
    """Press the first island's button, with this script in place of marimo's."""

    def answer(route: Route) -> None:
        if route.request.url.endswith("main.js"):
            route.fulfill(body=main, content_type="text/javascript")
        else:
            route.abort()

    foreign(page, site, answer)
    page.goto(f"{site}/reactivity/")
    page.get_by_role("button", name="Run in your browser").first.click()


def test_a_real_start(site: str, page: Page, tmp_path: Path) -> None:
    """Both notebooks, in the same page one after the other, from published packages.

    The page has the site's policy, which what marimo loads and starts has to get past.
    """
    published = Published(tmp_path)
    foreign(page, site, published.answer)
    page.goto(f"{site}/reactivity/")
    expect(page.locator("meta[http-equiv=Content-Security-Policy]")).to_have_count(1)
    slider = start(page, "reactivity/slider.py")
    expect(slider).to_contain_text("1 of 3 rows are above 10", timeout=LIMIT)
    slider.get_by_role("slider").focus()
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    expect(slider).to_contain_text("2 of 3 rows are above 4", timeout=LIMIT)
    guard = start(page, "reactivity/guard.py")
    expect(guard).to_contain_text("Press Load table.", timeout=LIMIT)
    guard.get_by_role("button", name="Load table").click()
    expect(guard).to_contain_text("Loaded orders.", timeout=LIMIT)
    # Fonts and the style sheet of formulas: neither is in a package that the islands name.
    refused = {re.split("[?@]", url)[0] for url in published.unanswered}
    assert refused <= {"https://fonts.googleapis.com/css2", "https://cdn.jsdelivr.net/npm/katex"}


def start(page: Page, name: str) -> Locator:
    """Press the button of an island until Python is there: a loaded machine needs several."""
    card = page.locator(f".snippet[data-snippet='{name}']").first
    said = card.locator(".island-said")
    button = card.get_by_role("button", name="Run in your browser")
    for attempt in range(ATTEMPTS):
        with page.expect_navigation() if attempt else nullcontext():
            button.click()
        expect(said).to_contain_text(re.compile("Live|Not started"), timeout=LIMIT)
        if "Live" in said.inner_text():
            break
        expect(said).to_contain_text("took longer than marimo waits")
    expect(said).to_contain_text("Live")
    return card.locator(".island-place")


def test_without_javascript_the_recorded_run_is_all_there_is(site: str) -> None:
    with chromium() as browser:
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(f"{site}/reactivity/")
        expect(page.get_by_text("2 of 3 rows").first).to_be_visible()
        assert page.get_by_role("button", name="Run in your browser").count() == 0


def test_other_pages_pay_nothing(site: str, page: Page) -> None:
    asked = foreign(page, site, lambda route: route.abort())
    page.goto(f"{site}/")
    page.wait_for_load_state("networkidle")
    assert asked == []
    html = page.content()
    assert "islands.js" not in html and "marimo-island" not in html


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A notebook that would leave a file if it were executed."""
    cell = f"print(double(21))\n    open({str(tmp_path / 'executed')!r}, 'w')"
    project = tiny(tmp_path, {"snippets/a.py": NOTEBOOK.replace("print(double(21))", cell)})
    record(project, "a.py::edit", steps=[Step("open", [CellRun("show", "ran")])])
    return project


def islands_of(project: Project, *names: str, options: str = "") -> str:
    """The end of a page with these islands, as a build makes it."""
    front = f"---\nislands: [{', '.join(names)}]\n---\n\n"
    write(project.docs / "index.md", f"{front}# T\n\n``` snippet a.py\n```\n")
    plugin = f"plugins: [proven: {{mkdocs_marimo: {{{options}}}}}]"
    write(project.root / "mkdocs.yml", CONFIG.replace("plugins: [proven]", plugin))
    site, said = build(project)
    if said:
        raise PluginError(" ".join(said))
    return (site / "index.html").read_text().partition("<article")[2]


def test_no_kernel_is_started(project: Project) -> None:
    made = islands_of(project, "a.py")
    assert '<template data-island="a.py">' in made and "marimo-island" in made
    assert f"{CDN}/main.js" in made
    assert not (project.root / "executed").exists()


@pytest.mark.parametrize(("names", "options"), [([], ""), (["a.py"], "enabled: false")])
def test_a_page_without_islands_pays_nothing(
    project: Project, names: list[str], options: str
) -> None:
    made = islands_of(project, *names, options=options)
    assert "data-island" not in made and "islands.js" not in made
    assert not (project.root / ".cache").exists()


def test_what_upstream_made_is_kept_until_something_changes(project: Project) -> None:
    islands_of(project, "a.py")
    (kept,) = (project.root / ".cache" / "islands").iterdir()
    kept.write_text(json.dumps([["<p>from the cache</p>"], ""]))
    assert "<p>from the cache</p>" in islands_of(project, "a.py")
    made = islands_of(project, "a.py", options='marimo_version: "0.1"')
    assert "from the cache" not in made and "islands@0.1/" in made
    assert len(list(kept.parent.iterdir())) == 2


@pytest.mark.parametrize(
    ("files", "name", "why"),
    [
        ({}, "b.py", r"docs/index\.md: no snippet 'b\.py'"),
        ({"snippets/b.sh": "true"}, "b.sh", "b.sh has no mode 'edit'"),
        (
            {"snippets/b.py": NOTEBOOK.replace("import marimo", "import prefect, marimo", 1)},
            "b.py",
            "b.py needs prefect, which no browser has",
        ),
        ({"snippets/b.py": NOTEBOOK}, "b.py", "b.py has no fresh record; run: uv run proven"),
    ],
)
def test_what_is_no_island_fails_the_build(
    project: Project, files: dict[str, str], name: str, why: str
) -> None:
    for path, text in files.items():
        write(project.root / path, text)
    with pytest.raises(PluginError, match=why):
        islands_of(project, name)


def test_a_cell_that_raises_fails_the_build(project: Project) -> None:
    error = Error("ZeroDivisionError", "division by zero", "show")
    cell = CellRun("show", "failed", error=error)
    record(project, "a.py::edit", steps=[Step("open", [cell])])
    with pytest.raises(PluginError, match=r"a\.py fails: ZeroDivisionError: division by zero"):
        islands_of(project, "a.py")


def test_a_notebook_that_changed_since_its_run_fails_the_build(project: Project) -> None:
    write(project.snippets / "a.py", NOTEBOOK.replace("x * 2", "2 * x"))
    with pytest.raises(PluginError, match="no fresh record; run: uv run proven update"):
        islands_of(project, "a.py")
