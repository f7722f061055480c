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
    from datetime import date
    from pathlib import Path

    import marimo as mo
    import polars as pl
    from prefect import flow, task
    from services.mssql import MSSQLService
    from services.sample import LAST_DAY, make_sample
    from shared_utils.config import get_config
    from shared_utils.dates import day_before_schedule

    ORDERS = """
        SELECT order_id, ordered_on, product, quantity, unit_price FROM orders
        WHERE ordered_on > ? AND ordered_on <= ? ORDER BY order_id
    """


@app.function
def last_loaded_day(folder: Path) -> date:
    """The newest day that has a file; long ago where there is none."""
    loaded = sorted(folder.glob("*.parquet"))
    return date.fromisoformat(loaded[-1].stem) if loaded else date(1970, 1, 1)


@app.function
@task(retries=2, retry_delay_seconds=3)
def extract(after: date, until: date) -> pl.DataFrame:
    """Read the orders after one day, up to another. Retried: a database may be away."""
    return MSSQLService.of(get_config()).execute_query(ORDERS, (after, until))


@app.function
@task
def transform(df: pl.DataFrame) -> pl.DataFrame:
    """Leave out cancelled orders; add what each one is worth."""
    amount = pl.col("quantity") * pl.col("unit_price")
    return df.filter(pl.col("quantity") > 0).with_columns(amount=amount)


@app.function
@task
def load(df: pl.DataFrame, folder: Path) -> int:
    """Write one file for each day, over an old one; give the number of days."""
    folder.mkdir(parents=True, exist_ok=True)
    days = df.partition_by("ordered_on", as_dict=True)
    for (day,), rows in days.items():
        rows.write_parquet(folder / f"{day}.parquet")
    return len(days)


@app.function
@flow(name="daily-sync", log_prints=True)
def run_pipeline(day: date | None = None) -> dict:
    """Load the orders that are new up to `day`, by default the day before the schedule."""
    config = get_config()
    folder = config.data / "daily"
    after, until = last_loaded_day(folder), day or day_before_schedule(config.timezone)
    orders = transform(extract(after, until))
    days = load(orders, folder)
    print(f"{len(orders)} orders of {days} days up to {until}")
    return {"days": days, "rows": len(orders)}


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
    mo.stop(not run_btn.value, mo.md("Press *Load* to load what is new."))
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
    folder = get_config().data / "daily"
    mo.stop(not folder.is_dir(), mo.md("Nothing loaded yet: run the pipeline first."))
    loaded_days = pl.read_parquet(folder / "*.parquet").group_by("ordered_on").len("orders")
    mo.ui.table(loaded_days.sort("ordered_on", descending=True))
    return


@app.function
def test_transform_leaves_out_cancelled_orders():
    df = pl.DataFrame({"quantity": [2, 0], "unit_price": [4.5, 6.0]})
    assert transform.fn(df).rows() == [(2, 4.5, 9.0)]


if __name__ == "__main__":
    app.run()
