"""Data as it comes: gaps, late orders, empty days, two runs at once, a run that is ended."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier

import polars as pl
import pytest
from notebooks.etl import daily_sync, weekly_agg
from notebooks.reports import daily_summary, weekly_metrics
from services.mssql import MSSQLService
from services.sample import FIRST_DAY, make_sample
from shared_utils.config import get_config
from shared_utils.dates import today
from shared_utils.files import write_whole

SUNDAY = date(2026, 1, 11)
WEDNESDAY = date(2026, 1, 7)

pytestmark = pytest.mark.usefixtures("prefect_api")


@pytest.fixture
def daily(project) -> Path:
    """The folder of the days, after a load of the first week."""
    make_sample()
    daily_sync.run_pipeline(SUNDAY)
    return project / "data/dev/daily"


def shop(sql: str, *values: object) -> None:
    MSSQLService.of(get_config()).execute(sql, [values])


def orders_of(folder: Path, day: date) -> int:
    return len(pl.read_parquet(folder / f"{day}.parquet"))


def test_a_day_that_was_lost_is_loaded_by_the_next_run(daily):
    (daily / f"{WEDNESDAY}.parquet").unlink()
    assert daily_sync.run_pipeline(SUNDAY, again=0) == {"days": 1, "rows": 7}
    assert orders_of(daily, WEDNESDAY) == 7


def test_a_schedule_that_missed_a_week_catches_up(daily):
    assert daily_sync.run_pipeline(SUNDAY + timedelta(days=8), again=0)["days"] == 8


def test_a_run_for_a_past_day_loads_nothing_twice(daily):
    daily_sync.run_pipeline(WEDNESDAY)
    daily_sync.run_pipeline(SUNDAY)
    assert len(pl.read_parquet(daily / "*.parquet")["order_id"].unique()) == 50
    assert len(pl.read_parquet(daily / "*.parquet")) == 50


def test_a_late_order_is_loaded_within_the_newest_days_or_when_asked(daily):
    shop("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", 901, SUNDAY, "tea", 1, 4.5)
    shop("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", 902, WEDNESDAY, "tea", 1, 4.5)
    daily_sync.run_pipeline(SUNDAY)
    assert orders_of(daily, SUNDAY) == 8
    assert orders_of(daily, WEDNESDAY) == 7
    daily_sync.run_pipeline(SUNDAY, again=5)
    assert orders_of(daily, WEDNESDAY) == 8


def test_a_day_without_orders_has_an_empty_file_and_is_asked_for_again(daily):
    monday = SUNDAY + timedelta(days=1)
    shop("DELETE FROM orders WHERE ordered_on = ?", monday)
    daily_sync.run_pipeline(monday + timedelta(days=6))
    assert orders_of(daily, monday) == 0
    assert weekly_agg.run_aggregation("2026-W03")["rows"] == 4
    assert daily_summary.generate_report(monday)["rows"] == 0
    shop("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", 903, monday, "tea", 1, 4.5)
    daily_sync.run_pipeline(monday + timedelta(days=6))
    assert orders_of(daily, monday) == 1


def test_a_database_without_orders_gives_days_that_can_be_read_together(daily):
    shop("DELETE FROM orders")
    assert daily_sync.run_pipeline(SUNDAY, again=7) == {"days": 7, "rows": 0}
    assert pl.read_parquet(daily / "*.parquet").is_empty()


def test_a_day_that_is_not_over_is_refused(daily):
    with pytest.raises(ValueError, match="is not over yet"):
        daily_sync.run_pipeline(today("Asia/Hong_Kong"))


def test_a_week_that_is_not_whole_is_refused_by_name(daily):
    (daily / f"{WEDNESDAY}.parquet").unlink()
    with pytest.raises(FileNotFoundError, match="2026-W02 is not whole: 2026-01-07 not in daily/"):
        weekly_agg.run_aggregation("2026-W02")


def test_a_week_that_is_missing_stays_in_the_comparison_without_a_number(project):
    for week, amount in (("2026-W02", 100.0), ("2026-W04", 300.0)):
        write_whole(pl.DataFrame({"amount": [amount]}), project / f"weekly/{week}.parquet")
    compared = weekly_metrics.read_weeks.fn(project / "weekly", 8)
    assert compared.rows() == [
        ("2026-W02", 100.0, None),
        ("2026-W03", None, None),
        (
            "2026-W04",
            300.0,
            None,
        ),
    ]


def test_two_runs_at_once_give_whole_files(project, monkeypatch):
    make_sample()
    both, ask = Barrier(2), daily_sync.days_to_load

    def ask_together(*given):
        days = ask(*given)
        both.wait(60)
        return days

    monkeypatch.setattr(daily_sync, "days_to_load", ask_together)
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(copy_context().run, daily_sync.run_pipeline, SUNDAY) for _ in range(2)]
    assert [run.result()["rows"] for run in runs] == [50, 50]
    assert len(pl.read_parquet(project / "data/dev/daily/*.parquet")) == 50
    assert not [*project.rglob("*.part")]


ENDED = """
import os, sys
from datetime import date
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from notebooks.etl import daily_sync

write, days = Path.replace, iter(range(3))
# The process is gone before its fourth file is in place, as after a power cut.
Path.replace = lambda part, path: write(part, path) if next(days, None) is not None else os._exit(9)
orders = daily_sync.transform.fn(daily_sync.extract.fn(date(2026, 1, 5), date(2026, 1, 11)))
days_of_week = [date(2026, 1, day) for day in range(5, 12)]
daily_sync.load.fn(orders, days_of_week, Path("data/dev/daily"))
"""


def test_a_run_that_is_ended_leaves_whole_days_and_the_next_one_loads_the_rest(project):
    make_sample()
    root = str(Path(daily_sync.__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", ENDED, root], check=False)
    daily = project / "data/dev/daily"
    assert done.returncode == 9
    assert sorted(p.name for p in daily.glob("*.parquet")) == [
        f"{FIRST_DAY + timedelta(days=n)}.parquet" for n in range(3)
    ]
    assert len([*daily.glob("*.part")]) == 1
    assert daily_sync.run_pipeline(SUNDAY, again=0) == {"days": 4, "rows": 29}
    assert len(pl.read_parquet(daily / "*.parquet")) == 50


def test_what_a_test_caches_stays_with_the_tests(tmp_path_factory):
    from prefect.settings import PREFECT_LOCAL_STORAGE_PATH

    assert PREFECT_LOCAL_STORAGE_PATH.value().is_relative_to(tmp_path_factory.getbasetemp())
