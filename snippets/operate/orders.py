# /// script
# requires-python = ">=3.12,<3.15"
# dependencies = [
#     "marimo>=0.25.2,<0.26",
#     "prefect>=3.8.8,<3.9",
#     "pytest>=9.2,<10",
#     # Prefect 3.8.8 is not whole with newer releases of these two.
#     "fastapi<=0.150",
#     "sqlalchemy<2.1",
# ]
#
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
# ///

import marimo

__generated_with = "0.25.2"
app = marimo.App()

with app.setup:
    from datetime import UTC, date, datetime, timedelta
    from os import getenv
    from pathlib import Path

    import marimo as mo
    from prefect import flow, task
    from prefect.runtime import flow_run

    WAREHOUSE = Path(getenv("WAREHOUSE", "warehouse"))


@app.function
def day_before_schedule() -> date:
    """The day before the one that this run is scheduled for, in UTC."""
    start = flow_run.scheduled_start_time or datetime.now(UTC)
    return datetime.fromtimestamp(start.timestamp(), UTC).date() - timedelta(days=1)


@app.function
@task(persist_result=True)
def extract(day: date) -> list[int]:
    """The amounts of one day's orders: made up from the date."""
    print(f"Reading the orders of {day}")
    return [day.day, 2 * day.day]


@app.function
@task
def load(amounts: list[int], day: date) -> None:
    """Write the day's file, over an old one."""
    if not WAREHOUSE.is_dir():
        raise FileNotFoundError("the warehouse is not mounted")
    (WAREHOUSE / f"{day}.txt").write_text(f"{sum(amounts)}\n")


@app.function
@flow(name="orders", log_prints=True)
def run_orders(day: date | None = None) -> None:
    """Load one day: by default the one before the schedule."""
    day = day or day_before_schedule()
    load(extract(day), day)
    print(f"Loaded {day}")


@app.cell
def script():
    # Script only: python orders.py [-- --day 2026-01-05]
    mo.stop(mo.app_meta().mode != "script")
    WAREHOUSE.mkdir(exist_ok=True)
    run_orders(date.fromisoformat(mo.cli_args().get("day") or "2026-01-05"))
    return


@app.function
def test_the_file_holds_the_day_s_sum(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    WAREHOUSE.mkdir()
    load.fn([5, 10], date(2026, 1, 5))
    assert (WAREHOUSE / "2026-01-05.txt").read_text() == "15\n"


if __name__ == "__main__":
    app.run()
