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
    from pathlib import Path

    import marimo as mo
    import polars as pl
    from prefect import flow, task
    from services.sample import LAST_DAY
    from shared_utils.config import get_config
    from shared_utils.dates import day_before_schedule, days_of, iso_week
    from shared_utils.files import write_whole


@app.function
@task
def read_week(week: str, folder: Path) -> pl.DataFrame:
    """The orders of all seven days: a sum without one of them would be wrong."""
    files = [folder / f"{day}.parquet" for day in days_of(week)]
    missing = [file.stem for file in files if not file.is_file()]
    if missing:
        raise FileNotFoundError(f"{week} is not whole: {', '.join(missing)} not in {folder.name}/")
    return pl.read_parquet(files)


@app.function
@task
def aggregate(orders: pl.DataFrame) -> pl.DataFrame:
    """Orders, pieces and money for each product."""
    return (
        orders.group_by("product")
        .agg(orders=pl.len(), quantity=pl.sum("quantity"), amount=pl.sum("amount"))
        .sort("product")
    )


@app.function
@task
def save(df: pl.DataFrame, path: Path) -> None:
    """Write the week's file, over an old one."""
    write_whole(df, path)


@app.function
@flow(name="weekly-agg", log_prints=True)
def run_aggregation(week: str | None = None) -> dict:
    """Aggregate a week such as `2026-W05`; by default that of the day before the schedule."""
    config = get_config()
    week = week or iso_week(day_before_schedule(config.timezone))
    totals = aggregate(read_week(week, config.data / "daily"))
    save(totals, config.data / "weekly" / f"{week}.parquet")
    print(f"{week}: {totals['amount'].sum():,.2f} from {totals['orders'].sum()} orders")
    return {"week": week, "rows": len(totals)}


@app.cell
def controls():
    mo.stop(mo.app_meta().mode != "edit")
    week_input = mo.ui.text(value=iso_week(LAST_DAY), label="Week")
    run_btn = mo.ui.run_button(label="Aggregate")
    mo.hstack([week_input, run_btn], justify="start")
    return run_btn, week_input


@app.cell
def result(run_btn, week_input):
    mo.stop(not run_btn.value, mo.md("Press *Aggregate* to write the week's file."))
    done = run_aggregation(week_input.value)
    mo.md(f"**Aggregated:** `{done}`")
    return


@app.cell
def script():
    # Script only: python notebooks/etl/weekly_agg.py [-- --week 2026-W05]
    mo.stop(mo.app_meta().mode != "script")
    print(run_aggregation(mo.cli_args().get("week") or iso_week(LAST_DAY)))
    return


@app.cell
def dashboard():
    mo.stop(mo.app_meta().mode != "run")
    weeks = sorted((get_config().data / "weekly").glob("*.parquet"))
    mo.stop(not weeks, mo.md("No week is aggregated yet: run the pipeline first."))
    mo.vstack([mo.md(f"## {weeks[-1].stem}"), mo.ui.table(pl.read_parquet(weeks[-1]))])
    return


@app.function
def test_aggregate_sums_by_product():
    df = pl.DataFrame({"product": ["tea", "tea"], "quantity": [1, 2], "amount": [4.5, 9.0]})
    assert aggregate.fn(df).rows() == [("tea", 2, 3, 13.5)]


if __name__ == "__main__":
    app.run()
