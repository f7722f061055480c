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
    from prefect.artifacts import create_table_artifact
    from services.sample import LAST_DAY
    from shared_utils.config import get_config
    from shared_utils.dates import day_before_schedule
    from shared_utils.report import bar_chart, report_html


@app.function
@task
def summarize(path: Path) -> pl.DataFrame:
    """Orders and money for each product of the day in this file."""
    orders = pl.read_parquet(path)
    totals = orders.group_by("product").agg(orders=pl.len(), amount=pl.sum("amount"))
    return totals.sort("amount", "product", descending=[True, False])


@app.function
@task
def publish(df: pl.DataFrame, day: date, folder: Path) -> Path:
    """Attach the table to the run; write table and chart as one HTML file."""
    create_table_artifact(df.to_dicts(), key="daily-summary", description=f"Orders of {day}")
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{day}.html"
    file.write_text(report_html(f"Orders of {day}", df, "product", "amount"))
    return file


@app.function
@flow(name="daily-summary", log_prints=True)
def generate_report(report_date: date | None = None) -> dict:
    """Report on one day, by default the day before the schedule."""
    config = get_config()
    day = report_date or day_before_schedule(config.timezone)
    totals = summarize(config.data / "daily" / f"{day}.parquet")
    file = publish(totals, day, config.data / "reports")
    print(f"{day}: {totals['orders'].sum()} orders, {totals['amount'].sum():,.2f}")
    return {"report": file.name, "rows": len(totals)}


@app.cell
def controls():
    mo.stop(mo.app_meta().mode != "edit")
    date_input = mo.ui.date(value=LAST_DAY.isoformat(), label="Day")
    run_btn = mo.ui.run_button(label="Report")
    mo.hstack([date_input, run_btn], justify="start")
    return date_input, run_btn


@app.cell
def result(date_input, run_btn):
    mo.stop(not run_btn.value, mo.md("Press *Report* to write the day's report."))
    done = generate_report(date_input.value)
    mo.md(f"**Written:** `{done}`")
    return


@app.cell
def script():
    # Script only: python notebooks/reports/daily_summary.py [-- --day 2026-01-10]
    mo.stop(mo.app_meta().mode != "script")
    print(generate_report(date.fromisoformat(mo.cli_args().get("day") or f"{LAST_DAY}")))
    return


@app.cell
def dashboard():
    mo.stop(mo.app_meta().mode != "run")
    files = sorted((get_config().data / "daily").glob("*.parquet"))
    mo.stop(not files, mo.md("No day is loaded yet: run the daily sync first."))
    totals = summarize.fn(files[-1])
    chart = mo.Html(bar_chart(totals, "product", "amount"))
    mo.vstack([mo.md(f"## Orders of {files[-1].stem}"), chart, mo.ui.table(totals)])
    return


@app.function
def test_bar_chart_draws_one_bar_for_each_row():
    df = pl.DataFrame({"product": ["tea", "mug"], "amount": [4.5, 9.0]})
    assert bar_chart(df, "product", "amount").count("<rect") == 2


if __name__ == "__main__":
    app.run()
