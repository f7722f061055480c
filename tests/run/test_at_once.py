"""Flow runs that were made at once have the same record whichever came first."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest

from proven.run.states import Seen, _name_flows
from proven.run.witness import Made
from proven.scrub import Scrub


def row(id: str, name: str, least: int) -> dict[str, Any]:
    return {
        "id": id,
        "name": name,
        "flow_id": "f",
        "parameters": {"least": least},
        "state": {"name": "Completed"},
    }


ROWS = [row("1", "quick-otter", 3), row("2", "bold-newt", 1), row("3", "given", 2)]
MADE_UP = {"1": "quick-otter", "2": "bold-newt", "3": ""}


def orders() -> Iterator[tuple[dict[str, Any], ...]]:
    yield from permutations(ROWS)


@pytest.mark.parametrize("order", list(orders()), ids=lambda rows: "".join(r["id"] for r in rows))
def test_they_are_ordered_and_numbered_by_what_they_did(order: tuple[dict[str, Any], ...]) -> None:
    seen = Seen(Made({r["id"]: MADE_UP[r["id"]] for r in order}), list(order), [], {"f": "each"})
    seen.flows.sort(key=seen.deed)
    scrub = Scrub()
    _name_flows(seen, [], scrub)
    assert [r["parameters"]["least"] for r in seen.flows] == [1, 3, 2]
    assert [scrub.text(r["name"]) for r in seen.flows] == ["random-name", "random-name-2", "given"]
