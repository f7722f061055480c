"""Who can reach an app that `marimo run` opens."""

import subprocess
import sys
from pathlib import Path

import httpx
import psutil
import pytest

from proven.run.process import Process, clean_env, free_port
from tests.here import find
from tests.live.site import until

pytestmark = pytest.mark.slow

LOOPBACK = {"127.0.0.1", "::1"}


@pytest.mark.parametrize(("host", "alone"), [([], True), (["--host", "0.0.0.0"], False)])
def test_an_app_listens_on_this_machine_alone(tmp_path: Path, host: list[str], alone: bool) -> None:
    port = free_port()
    command = [sys.executable, "-m", "marimo", "run", str(find("modes/dashboard.py").path)]
    command += ["--headless", "--port", str(port), *host]
    env = clean_env() | {"HOME": str(tmp_path)}
    with subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.DEVNULL) as app:
        try:
            until(lambda: _answers(port), 60)
            sockets = psutil.Process(app.pid).net_connections()
            listening = {s.laddr.ip for s in sockets if s.status == psutil.CONN_LISTEN}
            opened = httpx.get(f"http://127.0.0.1:{port}/", follow_redirects=True)
        finally:
            app.terminate()
    assert listening and (listening <= LOOPBACK) is alone
    assert opened.is_success and "/auth/login" not in str(opened.url)  # no password in either


def test_a_second_app_takes_the_next_port_and_prints_its_password(tmp_path: Path) -> None:
    (tmp_path / "password.txt").write_text("a-long-password\n")
    command = [sys.executable, "-m", "marimo", "run", str(find("modes/dashboard.py").path)]
    command += ["--headless"]
    asking = [*command, "--token-password-file", "password.txt"]
    env = clean_env() | {"HOME": str(tmp_path)}
    with Process(command, tmp_path, env, tmp_path / "first") as app:
        first = _printed(app)
        with Process(asking, tmp_path, env, tmp_path / "second") as other:
            second = _printed(other)
            page = httpx.get(f"http://localhost:{second.port}/", follow_redirects=True)
    # Another test may have had the first port, and have left it by now.
    assert first.port and second.port and first.port != second.port
    assert {first.port, second.port} <= set(range(2718, 2738))
    assert (first.query, second.query) == (b"", b"access_token=a-long-password")
    assert page.url.path == "/auth/login"


def _printed(app: Process) -> httpx.URL:
    """The address that marimo prints."""
    app.until(lambda: "http://" in app.text and app.text.endswith("\n"), 60, "an address")
    return httpx.URL("http://" + app.text.partition("http://")[2].split()[0])


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", timeout=2).is_success
    except httpx.HTTPError:
        return False
