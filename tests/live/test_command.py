"""The command that a card copies opens the very file that this site serves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from proven.run.kernel import Session
from proven.run.process import Process, clean_env, free_port
from tests.live.site import Site

pytestmark = pytest.mark.slow


@pytest.fixture
def built(tmp_path: Path) -> Iterator[str]:
    """The address of a built site, served as any static host would."""
    site = Site(tmp_path)
    site.process.kill()
    site.process.wait()
    out = tmp_path / "out"
    command = [sys.executable, "-m", "mkdocs", "build", "-d", str(out)]
    subprocess.run(command, cwd=tmp_path, check=True)
    root = tmp_path / "root"
    root.mkdir()
    (root / "sub").symlink_to(out)  # a site need not be at the root of its host
    handler = partial(SimpleHTTPRequestHandler, directory=str(root))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/sub"
    server.shutdown()


def test_it_runs(
    built: str, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The kernel starts when its environment is made: 120 packages.
    monkeypatch.setattr("proven.run.kernel.START_LIMIT", 300)
    context = browser.new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{built}/")
    page.locator(".snippet-run-here > summary").click()
    page.get_by_role("button", name="Copy command").click()
    expect(page.locator(".snippet .snippet-said")).to_have_text("Command copied")
    command = page.evaluate("navigator.clipboard.readText()")
    assert command == f"uvx marimo edit --sandbox {built}/snippets/template.py"
    assert page.get_by_role("button", name="Run live").count() == 0  # no control that has no server
    context.close()

    # Only what lets a test drive it: no browser, a port, a token; and no download of Python.
    (tmp_path / "token").write_text("test")
    port = free_port()
    options = ["--headless", "--port", str(port), "--no-skew-protection"]
    options += ["--token-password-file", str(tmp_path / "token")]
    env = clean_env() | {"UV_PYTHON": os.path.realpath(sys.executable)}
    log = tmp_path / "uvx.log"
    with Process([*command.split(), *options], tmp_path, env, log) as process:
        process.until(lambda: _answers(port), 240, "the copied command")
        session = Session(port, "test", instantiate=True, limit=300)
        session.start()
        cells = {cell.name: cell for cell in session.take()}
        session.close()
    assert "Test pipeline" in str(cells["controls"].output)
    assert not [c.name for c in cells.values() if _failed(c.output)]
    # Its own environment, with the versions that its header names.
    environment = re.search(r"Running kernel in script environment: (\S+)", log.read_text())
    assert environment, log.read_text()
    python = Path(environment[1]) / "bin" / "python"
    code = "from importlib.metadata import version as v; print(v('prefect'), v('fastapi'))"
    versions = subprocess.check_output([python, "-c", code], text=True).split()
    assert versions[0].startswith("3.8.") and versions[1] == "0.150.0"


def _answers(port: int) -> bool:
    import httpx

    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", timeout=2).is_success
    except httpx.HTTPError:
        return False


def _failed(output: dict[str, object] | None) -> bool:
    return (
        bool(output)
        and output is not None
        and output.get("channel") == "marimo-error"
        and ("ancestor" not in str(output))
    )
