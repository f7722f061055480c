"""The check that a reader copies, held against every snippet of the site."""

from functools import cache
from typing import Any

import pytest

from proven.sidecar import scenario
from proven.snippet import Snippet
from tests.check.loading import CHECK
from tests.here import SNIPPETS, catalogue

# What only a run can see.
BEYOND_STATIC_SIGHT = {
    "antipatterns/unbounded_wrong.py": "which releases of its dependencies Prefect stands",
    "antipatterns/failed_task_wrong.py": "whether a task fails, and whether that matters",
    "stacking/blocks_wrong.py": "whether an event loop runs",
    "stacking/cache_wrong.py": "what a cache key should depend on",
    "stacking/cache_narrow_wrong.py": "what a cache key should depend on",
    "antipatterns/private_name_wrong.py": "that marimo renames what has an underscore in front",
    "stacking/policies_wrong.py": "what a cache key should depend on",
    "stacking/connection_wrong.py": "what a task hands to another",
    "stacking/futures_wrong.py": "which value is a future",
    "stacking/names_wrong.py": "which names a run's parameters have",
    "stacking/retries_wrong.py": "which failure goes away by itself",
}
# Shows on purpose what each way to return gives.
ON_PURPOSE = {"stacking/returns.py": "map_result"}

OWN_REASON = {
    "antipatterns/cell_variable_wrong.py": "cell_variable: keep_small needs LIMIT",
    "antipatterns/decorator_order_wrong.py": "decorator_order: ",
    "antipatterns/definition_order_wrong.py": "marimo_check: reusable-definition-order",
    "antipatterns/hard_coded_paths_wrong.py": "absolute_path: '//prod-server",
    "antipatterns/missing_guards_wrong.py": "guards: report",
    "antipatterns/missing_header_wrong.py": "header: no PEP 723 header",
    "antipatterns/mode_in_setup_wrong.py": "mode_in_setup: ",
    "antipatterns/refresh_ignored_wrong.py": "unused_argument: refresh",
    "antipatterns/same_name_wrong.py": "marimo_check: multiple-definitions",
    "antipatterns/setup_secret_wrong.py": "setup_secret: Secret.load",
    "antipatterns/task_in_test_wrong.py": "task_in_test: double",
    "antipatterns/widgets_in_if_wrong.py": "widgets_in_if: source",
    "antipatterns/wrapper_file_wrong/flows/etl_wrapper.py": "wrapper: etl is no task",
    "stacking/mapping_wrong.py": "map_result: ",
    "template_often.py": "marimo_check: branch-expression",
}
FILES = [s for s in catalogue() if s.path.suffix == ".py"]


@cache
def _all() -> list[Any]:
    """The snippets are one repository; it is looked at once, the advice included."""
    _, findings = CHECK.check(SNIPPETS, advice=True)
    return list(findings)


def findings(name: str) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in _all() if one.path == name]


def is_wrong(snippet: Snippet) -> bool:
    named = any(part.partition(".")[0].endswith("_wrong") for part in snippet.name.split("/"))
    return bool(scenario(snippet).wrong) or named


def is_allowed(name: str, said: str) -> bool:
    return said.startswith(ON_PURPOSE.get(name, "nothing"))


RIGHT = [s for s in FILES if not is_wrong(s)]
WRONG = [s for s in FILES if is_wrong(s) and s.name not in BEYOND_STATIC_SIGHT]


@pytest.mark.parametrize("snippet", RIGHT, ids=[s.name for s in RIGHT])
def test_right_snippet_passes(snippet: Snippet) -> None:
    assert [x for x in findings(snippet.name) if not is_allowed(snippet.name, x)] == []


@pytest.mark.parametrize("name", OWN_REASON)
def test_wrong_snippet_is_flagged_for_its_own_reason(name: str) -> None:
    assert any(x.startswith(OWN_REASON[name]) for x in findings(name)), findings(name)


@pytest.mark.parametrize("name", [*BEYOND_STATIC_SIGHT, *ON_PURPOSE])
def test_what_is_beyond_static_sight_is_still_so(name: str) -> None:
    assert all(is_allowed(name, x) for x in findings(name)), "no longer beyond its sight"


def test_a_header_without_an_upper_bound_is_flagged() -> None:
    assert "bounds: 'prefect>=3.0.0' has no upper bound" in findings("template_often.py")


def test_every_wrong_snippet_is_flagged_or_listed() -> None:
    # The notebook that a wrapper wraps is not wrong in itself.
    listed = OWN_REASON.keys() | {"antipatterns/wrapper_file_wrong/notebooks/etl.py"}
    assert {s.name for s in WRONG} <= listed
