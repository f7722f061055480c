# /// script
# requires-python = ">=3.12"
# dependencies = [
#     "marimo>=0.25.2,<0.26",
#     "polars>=2.1,<2.2",
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
app = marimo.App(width="medium")

with app.setup:
    from pathlib import Path

    import marimo as mo
    import polars as pl
    from prefect import flow, task


@app.function
@task(retries=2, task_run_name="process-{filepath}")
def process_file(filepath: str) -> dict:
    """Count the rows of one file."""
    df = pl.read_csv(filepath)
    return {"file": filepath, "rows": len(df)}


@app.function
@flow(name="batch-file-processor", log_prints=True)
def process_files(filepaths: list[str]) -> list[dict]:
    """Process the files at the same time."""
    return process_file.map(filepaths)


@app.function
def make_files(folder: str = "data") -> list[str]:
    """Write three small files and give their paths."""
    Path(folder).mkdir(exist_ok=True)
    paths = [f"{folder}/{name}.csv" for name in ("east", "north", "west")]
    for rows, path in enumerate(paths, 1):
        pl.DataFrame({"id": range(rows)}).write_csv(path)
    return paths


@app.cell
def button():
    mo.stop(mo.app_meta().mode != "edit")
    run_btn = mo.ui.run_button(label="Process the files")
    run_btn
    return (run_btn,)


@app.cell
def result(run_btn):
    mo.stop(not run_btn.value)
    results = process_files(make_files())
    mo.md(f"{sum(r['rows'] for r in results)} rows in {len(results)} files")
    return


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    counted = process_files(make_files())
    print(sum(r["rows"] for r in counted), "rows in", len(counted), "files")
    return


@app.function
def test_process_file_counts_rows():
    path = make_files("test-data")[1]
    assert process_file.fn(path) == {"file": path, "rows": 2}


if __name__ == "__main__":
    app.run()
