"""What a reader of the way in has."""

from collections.abc import Iterator

import pytest

from proven.run.api import Api, Server


@pytest.fixture(scope="package")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A Prefect API for readers: on the suite's own, the pools of the same names exist."""
    with Server(tmp_path_factory.mktemp("prefect")) as server:
        yield server.api
