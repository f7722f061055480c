"""The download: unpacked into an empty folder, its README followed to a Completed run."""

import io
import re
import zipfile
from pathlib import Path

import httpx
import pytest

from proven.archive import pack, projects
from proven.run.process import Process, clean_env, finish, free_port
from tests import here

pytestmark = pytest.mark.slow

PROJECT = here.SNIPPETS / "project"
LIMIT = 600  # seconds; a minute on an idle machine


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(pack(PROJECT))) as archive:
        archive.extractall(tmp_path)
    return tmp_path / "project"


def terminals(readme: str, title: str) -> list[str]:
    """The shell commands below a title of the README, one text for each block."""
    section = re.split(r"(?m)^## ", readme.partition(f"\n## {title}\n")[2])[0]
    return re.findall(r"```sh\n(.+?)```", section, re.S)


def test_the_project_is_found() -> None:
    assert projects(here.PROJECT) == [PROJECT]


def test_the_same_files_give_the_same_bytes(unpacked: Path) -> None:
    assert pack(PROJECT) == pack(PROJECT)
    inside = {p.relative_to(unpacked).as_posix() for p in unpacked.rglob("*") if p.is_file()}
    assert {".env.example", ".github/workflows/tests.yml", "src/services/__init__.py"} <= inside
    assert not any(name.startswith(("data/", ".venv/")) or "__pycache__" in name for name in inside)


def test_every_path_of_the_prefect_file_is_inside(unpacked: Path) -> None:
    entrypoints = re.findall(
        r"entrypoint: (\S+):(\w+)", (unpacked / "prefect.yaml").read_text(encoding="utf-8")
    )
    assert len(entrypoints) == 4
    for file, flow in entrypoints:
        assert f"def {flow}(" in (unpacked / file).read_text(encoding="utf-8")


def test_its_readme_leads_to_a_completed_deployment_run(unpacked: Path, tmp_path: Path) -> None:
    port = free_port()
    readme = (unpacked / "README.md").read_text(encoding="utf-8").replace("4200", str(port))
    env = clean_env() | {
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }
    activate = ". .venv/bin/activate\n"

    def run(text: str) -> str:
        done = finish(["sh", "-e", "-c", text], unpacked, env, tmp_path / "out.log", LIMIT)
        assert done.exit == 0, done.text[-3000:]
        return done.text

    def terminal(text: str) -> Process:
        return Process(["sh", "-e", "-c", activate + text], unpacked, env, tmp_path / f"{id(text)}")

    def answers(path: str) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/api/{path}", timeout=5).is_success
        except httpx.HTTPError:
            return False

    run(*terminals(readme, "Install"))
    server_text, worker_text, reader_text = terminals(readme, "Deploy")
    with terminal(server_text) as server:
        server.until(lambda: answers("health"), LIMIT, "the server")
        with terminal(worker_text) as worker:
            worker.until(lambda: answers("work_pools/shop"), LIMIT, "the worker")
            said = run(reader_text)
    assert "finished successfully in 'Completed'" in said
    loaded = sorted(p.name for p in (unpacked / "data/prod/daily").glob("*.parquet"))
    assert (loaded[0], loaded[-1], len(loaded)) == ("2026-01-05.parquet", "2026-01-11.parquet", 7)
    assert [p.name for p in (unpacked / "data").iterdir()] == ["prod"]
