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


@app.function
@task
def extract(source: str) -> pl.DataFrame:
    return pl.read_parquet(source)


@app.function
@task
def transform(df: pl.DataFrame) -> pl.DataFrame:
    return df.filter(pl.col("value") > 0)


@app.function
@task
def load(df: pl.DataFrame, dest: str) -> None:
    df.write_parquet(dest)


@app.function
@flow(name="etl")
def run_pipeline(source: str, dest: str, dry_run: bool = False) -> int:
    """Write the rows that pass, or with `dry_run` only count them."""
    df = transform(extract(source))
    if not dry_run:
        load(df, dest)
    return len(df)


@app.function
def make_samples() -> list[str]:
    """Write two files to try the pipeline on, and give their paths."""
    samples = {"small.parquet": [10, -5, 0, 25], "large.parquet": list(range(-50, 50))}
    for path, values in samples.items():
        pl.DataFrame({"value": values}).write_parquet(path)
    return list(samples)


@app.cell
def controls():
    mo.stop(mo.app_meta().mode != "edit")
    samples = make_samples()
    source = mo.ui.dropdown(samples, value=samples[0], label="Test data")
    dry_run = mo.ui.checkbox(value=True, label="Dry run")
    run_btn = mo.ui.run_button(label="Run")
    mo.vstack([source, dry_run, run_btn])
    return dry_run, run_btn, source


@app.cell
def preview(source):
    # `.fn` is the function itself: a look at the data is no run for Prefect to keep.
    mo.ui.table(extract.fn(source.value).head(5))
    return


@app.cell
def result(dry_run, run_btn, source):
    mo.stop(not run_btn.value, mo.md("Press *Run*."))
    rows = run_pipeline(source.value, "output.parquet", dry_run.value)
    mo.md(f"{rows} rows would be written" if dry_run.value else f"{rows} rows written")
    return


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    print(f"{run_pipeline(make_samples()[0], 'output.parquet')} rows written")
    return


@app.function
def test_transform_keeps_positive_values():
    df = pl.DataFrame({"value": [1, -1]})
    assert transform.fn(df)["value"].to_list() == [1]


if __name__ == "__main__":
    app.run()
