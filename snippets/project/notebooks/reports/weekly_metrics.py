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
    from prefect.artifacts import create_table_artifact
    from shared_utils.config import get_config
    from shared_utils.dates import weeks_between
    from shared_utils.report import bar_chart


@app.function
@task
def read_weeks(folder: Path, weeks: int) -> pl.DataFrame:
    """The money of the newest weeks, oldest first, with the change from week to week.

    A week without a file stays in the table, without a number.
    """
    files = {file.stem: file for file in folder.glob("*.parquet")}
    if not files:
        raise FileNotFoundError(f"no week is aggregated in {folder.name}/")
    named = weeks_between(min(files), max(files))[-weeks:]
    sums = [pl.read_parquet(files[w])["amount"].sum() if w in files else None for w in named]
    df = pl.DataFrame({"week": named, "amount": sums}, schema_overrides={"amount": pl.Float64})
    change = (pl.col("amount").pct_change() * 100).round(1)
    return df.with_columns(change_percent=change)


@app.function
@task
def publish(df: pl.DataFrame) -> None:
    """Attach the table to the run."""
    create_table_artifact(df.to_dicts(), key="weekly-metrics", description="Money by week")


@app.function
@flow(name="weekly-metrics", log_prints=True)
def generate_metrics(weeks: int = 4) -> dict:
    """Compare the newest weeks."""
    metrics = read_weeks(get_config().data / "weekly", weeks)
    publish(metrics)
    print(f"{len(metrics)} weeks, {metrics['amount'].sum():,.2f}")
    return {"rows": len(metrics)}


@app.cell
def controls():
    mo.stop(mo.app_meta().mode != "edit")
    weeks_input = mo.ui.slider(1, 8, value=4, label="Weeks")
    run_btn = mo.ui.run_button(label="Compare")
    mo.hstack([weeks_input, run_btn], justify="start")
    return run_btn, weeks_input


@app.cell
def result(run_btn, weeks_input):
    mo.stop(not run_btn.value, mo.md("Press *Compare* to compare the newest weeks."))
    done = generate_metrics(weeks_input.value)
    mo.md(f"**Compared:** `{done}`")
    return


@app.cell
def script():
    # Script only: python notebooks/reports/weekly_metrics.py [-- --weeks 2]
    mo.stop(mo.app_meta().mode != "script")
    print(generate_metrics(int(mo.cli_args().get("weeks") or 4)))
    return


@app.cell
def dashboard():
    mo.stop(mo.app_meta().mode != "run")
    weekly = get_config().data / "weekly"
    mo.stop(
        not [*weekly.glob("*.parquet")], mo.md("No week is aggregated yet: run the pipeline first.")
    )
    metrics = read_weeks.fn(weekly, 8)
    mo.vstack([mo.Html(bar_chart(metrics, "week", "amount")), mo.ui.table(metrics)])
    return


@app.function
def test_read_weeks_says_when_there_is_none(tmp_path):
    try:
        read_weeks.fn(tmp_path, 4)
    except FileNotFoundError as e:
        assert "no week is aggregated" in str(e)
    else:
        raise AssertionError("it found weeks in an empty folder")


if __name__ == "__main__":
    app.run()
