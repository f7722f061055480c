"""Who can reach an app that `marimo run` opens."""

import subprocess
import sys
from pathlib import Path

import httpx
import psutil
import pytest

from proven.run.process import clean_env, free_port
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
        finally:
            app.terminate()
    assert listening and (listening <= LOOPBACK) is alone


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", timeout=2).is_success
    except httpx.HTTPError:
        return False
