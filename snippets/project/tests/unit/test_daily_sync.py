"""A notebook's tasks, flow and cells, imported by the path that `prefect.yaml` names."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from notebooks.etl import daily_sync
from notebooks.examples import tutorial
from prefect.runtime import flow_run
from services.sample import LAST_DAY, make_sample


def test_a_task_is_tested_as_a_plain_function():
    df = pl.DataFrame({"quantity": [1, 0, 2], "unit_price": [4.5, 6.0, 11.0]})
    assert daily_sync.transform.fn(df)["amount"].to_list() == [4.5, 22.0]


def test_extract_reads_the_days_asked_for():
    make_sample()
    df = daily_sync.extract.fn(date(2026, 1, 6), date(2026, 1, 7))
    assert df["ordered_on"].unique().sort().to_list() == [date(2026, 1, 6), date(2026, 1, 7)]


@pytest.mark.usefixtures("prefect_api")
def test_the_flow_loads_what_is_missing_and_the_newest_days_again():
    make_sample()
    assert daily_sync.run_pipeline(date(2026, 1, 11)) == {"days": 7, "rows": 50}
    assert daily_sync.run_pipeline(LAST_DAY) == {"days": 21, "rows": 151}
    assert daily_sync.run_pipeline(LAST_DAY) == {"days": 2, "rows": 14}
    assert daily_sync.run_pipeline(LAST_DAY, again=0) == {"days": 0, "rows": 0}


@pytest.mark.usefixtures("prefect_api")
def test_the_flow_takes_the_day_from_its_schedule(monkeypatch):
    make_sample()
    # 6 in the morning of 12 January in Hong Kong, as Prefect gives it.
    start = datetime(2026, 1, 11, 22, tzinfo=UTC)
    monkeypatch.setattr(flow_run, "scheduled_start_time", start, raising=False)
    assert daily_sync.run_pipeline() == {"days": 7, "rows": 50}


def test_a_cell_is_run_and_its_output_read():
    output, _ = tutorial.welcome.run()
    assert "Your first flow" in output.text
