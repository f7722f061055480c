# /// script
# requires-python = ">=3.12"
# dependencies = [
#     "marimo>=0.25.2,<0.26",
#     "polars>=2.1,<2.2",
#     "prefect>=3.8.8,<3.9",
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
    from pathlib import Path

    import marimo as mo
    import polars as pl
    from prefect import flow, task

    OUTPUT = "output.parquet"


@app.function
@task
def load(values: list[int]) -> None:
    pl.DataFrame({"value": values}).write_parquet(OUTPUT)


@app.function
@flow(name="etl")
def run_pipeline(values: list[int]) -> None:
    load(values)


@app.cell
def controls():
    mo.stop(mo.app_meta().mode == "script")
    refresh = mo.ui.run_button(label="Refresh data")
    refresh
    return (refresh,)


@app.cell
def latest(refresh):
    # To name the button is what makes this cell run again when it is pressed.
    refresh
    mo.stop(not Path(OUTPUT).exists(), mo.md("No output yet: run the pipeline first."))
    df = pl.read_parquet(OUTPUT)
    mo.vstack([mo.md(f"**{len(df)} rows**"), mo.ui.table(df, page_size=20)])
    return


@app.cell
def script():
    # python dashboard.py [-- --rows 5]
    mo.stop(mo.app_meta().mode != "script")
    run_pipeline(list(range(mo.cli_args().get("rows") or 3)))
    return


if __name__ == "__main__":
    app.run()
