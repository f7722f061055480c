# /// script
# requires-python = ">=3.12"
# dependencies = ["shop-pipelines"]
#
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
#
# [tool.uv.sources]
# shop-pipelines = { path = "../..", editable = true }
# ///

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium")

with app.setup:
    from datetime import date, timedelta
    from pathlib import Path

    import marimo as mo
    import polars as pl
    from prefect import flow, task
    from services.mssql import MSSQLService
    from services.sample import LAST_DAY, make_sample
    from shared_utils.config import get_config
    from shared_utils.dates import day_before_schedule, days_between, today
    from shared_utils.files import write_whole

    ORDERS = """
        SELECT order_id, ordered_on, product, quantity, unit_price FROM orders
        WHERE ordered_on >= ? AND ordered_on <= ? ORDER BY order_id
    """
    # A day without orders has these columns too.
    COLUMNS = {
        "order_id": pl.Int64,
        "ordered_on": pl.Date,
        "product": pl.String,
        "quantity": pl.Int64,
        "unit_price": pl.Float64,
    }


@app.function
def days_to_load(folder: Path, first: date, until: date, again: int) -> list[date]:
    """Each day without orders in a file, oldest first, and the newest `again` days."""
    late = until - timedelta(days=again)
    files = {day: folder / f"{day}.parquet" for day in days_between(first, until)}
    return [
        day
        for day, file in files.items()
        if day > late or not file.is_file() or pl.read_parquet(file).is_empty()
    ]


@app.function
@task(retries=2, retry_delay_seconds=3)
def extract(first: date, last: date) -> pl.DataFrame:
    """Read the orders of these days. Retried: a database may be away."""
    orders = MSSQLService.of(get_config()).execute_query(ORDERS, (first, last))
    return orders.cast(COLUMNS)


@app.function
@task
def transform(df: pl.DataFrame) -> pl.DataFrame:
    """Leave out cancelled orders; add what each one is worth."""
    amount = pl.col("quantity") * pl.col("unit_price")
    return df.filter(pl.col("quantity") > 0).with_columns(amount=amount)


@app.function
@task
def load(df: pl.DataFrame, days: list[date], folder: Path) -> int:
    """Write one file for each day, over an old one, whole or not at all; give the rows."""
    loaded = df.filter(pl.col("ordered_on").is_in(days))
    for day in days:
        write_whole(loaded.filter(pl.col("ordered_on") == day), folder / f"{day}.parquet")
    return len(loaded)


@app.function
@flow(name="daily-sync", log_prints=True)
def run_pipeline(day: date | None = None, again: int = 2) -> dict:
    """Load the days that are missing up to `day`, by default the day before the schedule.

    The newest `again` days are loaded once more: orders come late.
    """
    config = get_config()
    until = day or day_before_schedule(config.timezone)
    if until >= today(config.timezone):
        raise ValueError(f"{until} is not over yet: its orders are still coming in")
    folder = config.data / "daily"
    days = days_to_load(folder, config.first_day, until, again)
    rows = load(transform(extract(days[0], days[-1])), days, folder) if days else 0
    print(f"{rows} orders of {len(days)} days up to {until}")
    return {"days": len(days), "rows": rows}


@app.cell
def controls():
    # Editor only: elsewhere this cell and those that need its widgets stop here.
    mo.stop(mo.app_meta().mode != "edit")
    day_input = mo.ui.date(value=make_sample().isoformat(), label="Load up to")
    run_btn = mo.ui.run_button(label="Load")
    mo.hstack([day_input, run_btn], justify="start")
    return day_input, run_btn


@app.cell
def result(day_input, run_btn):
    mo.stop(not run_btn.value, mo.md("Press *Load* to load what is missing."))
    loaded = run_pipeline(day_input.value)
    mo.md(f"**Loaded:** `{loaded}`")
    return


@app.cell
def script():
    # Script only: python notebooks/etl/daily_sync.py [-- --day 2026-01-10]
    mo.stop(mo.app_meta().mode != "script")
    make_sample()
    print(run_pipeline(date.fromisoformat(mo.cli_args().get("day") or f"{LAST_DAY}")))
    return


@app.cell
def dashboard():
    # App only: what each loaded day holds.
    mo.stop(mo.app_meta().mode != "run")
    files = sorted((get_config().data / "daily").glob("*.parquet"))
    mo.stop(not files, mo.md("Nothing loaded yet: run the pipeline first."))
    loaded_days = pl.read_parquet(files).group_by("ordered_on").len("orders")
    mo.ui.table(loaded_days.sort("ordered_on", descending=True))
    return


@app.function
def test_transform_leaves_out_cancelled_orders():
    df = pl.DataFrame({"quantity": [2, 0], "unit_price": [4.5, 6.0]})
    assert transform.fn(df).rows() == [(2, 4.5, 9.0)]


if __name__ == "__main__":
    app.run()
