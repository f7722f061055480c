"""What each page of the section claims, asked of Prefect, and of a run without the argument.

A claim is held against the kept record of the notebook as a script, which the pool
makes again (`snippets/stacking/…::script`). Then the argument that the claim is about
is taken out of the source, the notebook runs for real, and the claim must fail.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from proven.record import FlowRun, Record, TaskRun
from proven.run.pool import Pool
from proven.sidecar import sidecar
from proven.snippet import Snippet
from tests.here import find, load, run_of

pytestmark = pytest.mark.slow


def states(record: Record, flow: int = 0) -> dict[str, str]:
    """The states of the flow run's task runs, by name."""
    return {task.name: task.state for task in record.flows[flow].tasks}


def attempts(record: Record) -> dict[str, int]:
    return {task.name: task.attempts for task in record.flows[0].tasks}


def flow(record: Record, name: str) -> FlowRun:
    (found,) = (f for f in record.flows if f.flow == name)
    return found


# Caching --------------------------------------------------------------------


def the_second_call_is_cached(record: Record) -> None:
    assert list(states(record).values())[:2] == ["Completed", "Cached"]


def another_argument_misses(record: Record) -> None:
    assert list(states(record).values())[2] == "Completed"


def new_content_misses(record: Record) -> None:
    assert list(states(record).values())[3] == "Completed"


def an_expired_key_misses(record: Record) -> None:
    assert list(states(record).values())[4] == "Completed"


def asked_anew_it_runs_and_its_result_is_the_kept_one(record: Record) -> None:
    assert list(states(record).values()) == ["Completed", "Cached", "Completed", "Cached"]
    assert record.console[-1] == "Rates: [1.1, 1.1, 1.2, 1.2]"


def each_task_has_its_own_results(record: Record) -> None:
    assert states(record)["triple-1"] == "Completed"
    assert record.console[-1] == "{'double': [10, 10], 'triple': 15, 'square': [25, 25]}"


def a_policy_reaches_the_next_flow_run_and_the_default_does_not(record: Record) -> None:
    second = {task.task: task.state for task in record.flows[1].tasks}
    assert second == {"double": "Cached", "triple": "Cached", "square": "Completed"}


def the_label_is_no_part_of_the_key(record: Record) -> None:
    assert states(record) == {
        "frame": "Completed",
        "equal-frame": "Cached",
        "sorted-frame": "Completed",
        "scan": "Completed",
        "scan-new-content": "Cached",
    }


# Names ----------------------------------------------------------------------


def task_runs_are_named_after_the_item(record: Record) -> None:
    assert list(states(record)) == ["process-A1", "process-B2", "process-C3"]


def the_flow_run_is_named_after_its_region(record: Record) -> None:
    assert record.flows[0].name == "batch-of-north"


# Futures and mapping --------------------------------------------------------


def the_mapped_values_are_dicts(record: Record) -> None:
    assert record.console[-1] == "6 rows in 3 files"
    assert set(states(record)) == {f"process-data/{n}.csv" for n in ("east", "north", "west")}
    assert set(states(record).values()) == {"Completed"}


def every_mapped_call_gets_the_whole_frame(record: Record) -> None:
    assert record.console[-1] == "{'east': 40, 'west': 20, 'total': 60}"
    (last,) = (task for task in record.flows[0].tasks if task.name == "add-up")
    assert last.after == ["sales-in-east", "sales-in-west"]


def named(record: Record, task: str) -> TaskRun:
    (found,) = (t for t in flow(record, "order").tasks if t.name == task)
    return found


def the_message_waits_for_the_table(record: Record) -> None:
    assert named(record, "notify-written").after == ["write-orders"]
    assert named(record, "notify-never").state == "NotReady"


def a_message_comes_after_a_failed_table_too(record: Record) -> None:
    assert named(record, "notify-always").state == "Completed"


def the_first_to_be_done_comes_first(record: Record) -> None:
    said = [line.rpartition(" - ")[2] for line in record.console]
    assert [word for word in said if word in ("slow", "fast")] == ["fast", "slow"]


def values_and_exceptions_stand_side_by_side(record: Record) -> None:
    assert "give-all [int, ValueError]" in record.console
    assert flow(record, "give-all").state == "Completed"


# Retries --------------------------------------------------------------------


def a_busy_source_is_asked_three_times(record: Record) -> None:
    assert attempts(record)["fetch-busy"] == 3
    assert states(record)["fetch-busy"] == "Completed"


def a_source_that_is_gone_is_asked_once(record: Record) -> None:
    assert attempts(record)["fetch-gone"] == 1
    assert states(record)["fetch-gone"] == "Failed"


def the_delays_follow_the_list(record: Record) -> None:
    waits = [line for line in record.console if "'fetch-busy'" in line and "will start" in line]
    assert [line.partition("will start ")[2] for line in waits] == [
        "0.1 second(s) from now",
        "0.2 second(s) from now",
    ]


# Task runners ---------------------------------------------------------------


def each_runner_puts_its_calls_elsewhere(record: Record) -> None:
    said = [line.rpartition(" - ")[2] for line in record.console if ": in " in line]
    assert said == [
        "direct: in this thread",
        "threads: in other threads of this process",
        "processes: in other processes",
    ]


def every_call_runs_on_the_cluster(record: Record) -> None:
    assert any(line.endswith("4 of 4 calls in other processes") for line in record.console)
    assert record.console[-1] == "[0, 1, 4, 9]"


# Three caches ---------------------------------------------------------------


def each_function_computes_once(record: Record) -> None:
    said = [line.rpartition(" - ")[2] for line in record.console if line.endswith("computes")]
    assert said == ["by_prefect computes", "in_memory computes", "on_disk computes"]


# Decorators -----------------------------------------------------------------


def a_decorator_of_your_own_runs_inside_the_task(record: Record) -> None:
    assert any("Task run 'gross-price-1' - gross gives 12.0" in line for line in record.console)


@dataclass(frozen=True)
class Claim:
    """`holds` is true of the notebook, and false once `old` is `new`."""

    notebook: str
    old: str
    new: str
    holds: Callable[[Record], None]

    def __str__(self) -> str:
        return f"{Path(self.notebook).stem}: {' '.join(self.old.split())}"

    @property
    def snippet(self) -> Snippet:
        return find(f"stacking/{self.notebook}")


CLAIMS = [
    Claim(
        "cache.py",
        "cache_policy=INPUTS + TASK_SOURCE + CachePolicy.from_cache_key_fn(file_content),",
        "",
        the_second_call_is_cached,
    ),
    Claim("cache.py", "=INPUTS + TASK_SOURCE", "=TASK_SOURCE", another_argument_misses),
    Claim("cache.py", " + CachePolicy.from_cache_key_fn(file_content)", "", new_content_misses),
    Claim("cache.py", "cache_expiration=timedelta(seconds=2),", "", an_expired_key_misses),
    Claim(
        "refresh.py",
        ".with_options(refresh_cache=True)",
        "",
        asked_anew_it_runs_and_its_result_is_the_kept_one,
    ),
    Claim("names.py", 'task_run_name="process-{item_id}"', "", task_runs_are_named_after_the_item),
    Claim(
        "names.py",
        'flow_run_name="batch-of-{region}", ',
        "",
        the_flow_run_is_named_after_its_region,
    ),
    Claim("mapping.py", ".result()", "", the_mapped_values_are_dicts),
    Claim("returns.py", "raise_on_failure=False", "", values_and_exceptions_stand_side_by_side),
    Claim("retries.py", "retries=3,", "", a_busy_source_is_asked_three_times),
    Claim("retries.py", "retry_delay_seconds=[0.1, 0.2, 0.4],", "", the_delays_follow_the_list),
    Claim("retries.py", "retry_condition_fn=is_passing,", "", a_source_that_is_gone_is_asked_once),
    Claim("policies.py", "INPUTS + TASK_SOURCE\n", "INPUTS\n", each_task_has_its_own_results),
    Claim(
        "policies.py",
        "POLICY = INPUTS + TASK_SOURCE",
        "POLICY = None",
        a_policy_reaches_the_next_flow_run_and_the_default_does_not,
    ),
    Claim("frames.py", ' - "what"', "", the_label_is_no_part_of_the_key),
    Claim("futures.py", "unmapped(sales)", "sales", every_mapped_call_gets_the_whole_frame),
    Claim("order.py", ", wait_for=[good])", ")", the_message_waits_for_the_table),
    Claim("order.py", "allow_failure(bad)", "bad", a_message_comes_after_a_failed_table_too),
    Claim(
        "order.py", "as_completed([slow, fast])", "[slow, fast]", the_first_to_be_done_comes_first
    ),
    Claim(
        "runners.py",
        ", task_runner=ProcessPoolTaskRunner(max_workers=2)",
        "",
        each_runner_puts_its_calls_elsewhere,
    ),
    Claim(
        "on_dask.py",
        """
    task_runner=DaskTaskRunner(
        cluster_kwargs={"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    ),""",
        "",
        every_call_runs_on_the_cluster,
    ),
    Claim(
        "on_ray.py",
        """
    task_runner=RayTaskRunner(
        init_kwargs={
            "num_cpus": 2,
            "include_dashboard": False,
            "log_to_driver": False,
            "logging_level": "ERROR",
        }
    ),""",
        "",
        every_call_runs_on_the_cluster,
    ),
    Claim(
        "three_caches.py", "cache_policy=INPUTS + TASK_SOURCE, ", "", each_function_computes_once
    ),
    Claim("three_caches.py", "@mo.cache\n", "", each_function_computes_once),
    Claim("three_caches.py", "@mo.persistent_cache\n", "", each_function_computes_once),
    Claim("toplevel.py", "@printed\n", "", a_decorator_of_your_own_runs_inside_the_task),
]


@pytest.mark.parametrize("claim", CLAIMS, ids=str)
def test_the_notebook_keeps_the_claim(claim: Claim) -> None:
    record = load(claim.snippet, "script")
    assert record is not None
    claim.holds(record)


@pytest.mark.parametrize("claim", CLAIMS, ids=str)
def test_without_the_argument_the_claim_fails(claim: Claim, pool: Pool, tmp_path: Path) -> None:
    text = claim.snippet.text
    assert text.count(claim.old) == 1, "the argument stands in the source once"
    without = Snippet(claim.notebook, tmp_path)
    without.path.write_text(text.replace(claim.old, claim.new))
    if sidecar(claim.snippet).is_file():
        shutil.copy(sidecar(claim.snippet), tmp_path)
    record = pool.make(run_of(without, "script"))
    assert record.flows, f"the notebook still runs a flow: {record.error}"
    with pytest.raises(AssertionError):
        claim.holds(record)
