"""What the tests share: a folder and a Prefect API of their own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.settings import PREFECT_LOCAL_STORAGE_PATH, temporary_settings
from prefect.testing.utilities import prefect_test_harness


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project as working directory: no test reads or writes your data."""
    for name in (
        "ENVIRONMENT",
        "TIMEZONE",
        "FIRST_DAY",
        *(n for n in os.environ if n.startswith("DB_")),
    ):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "prefect.yaml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A temporary Prefect API, and a folder for cached results.

    Without that folder the results of a test answer the next real run.
    """
    results = {PREFECT_LOCAL_STORAGE_PATH: tmp_path_factory.mktemp("results")}
    with prefect_test_harness(server_startup_timeout=300), temporary_settings(results):
        yield
