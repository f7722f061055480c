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
    import time
    from datetime import timedelta
    from hashlib import sha256
    from pathlib import Path

    import marimo as mo
    import polars as pl
    from prefect import flow, task
    from prefect.cache_policies import INPUTS, TASK_SOURCE, CachePolicy
    from prefect.tasks import task_input_hash


@app.function
def file_content(context, arguments: dict) -> str:
    """The bytes of the file, for the key."""
    return sha256(Path(arguments["source"]).read_bytes()).hexdigest()


@app.function
@task(
    cache_key_fn=file_content,
    cache_expiration=timedelta(seconds=2),
)
def cached_extraction(source: str, min_amount: int = 0) -> pl.DataFrame:
    """Read the large rows, unless the same was asked of the same bytes two seconds ago."""
    print(f"Actually extracting from {source}, amounts from {min_amount}")
    return pl.read_csv(source).filter(pl.col("amount") >= min_amount)


@app.function
def write(rows: int, path: str = "sales.csv") -> str:
    """Write a small file and give its path. Its first amount is 10, its second 20."""
    pl.DataFrame({"amount": range(10, 10 + 10 * rows, 10)}).write_csv(path)
    return path


@app.function
@flow(name="cached-extraction", log_prints=True)
def extract_often() -> list[int]:
    """How many rows each call gives."""
    source = write(rows=2)
    first = cached_extraction(source)
    again = cached_extraction(source)
    larger = cached_extraction(source, min_amount=20)
    write(rows=5)
    changed = cached_extraction(source)
    time.sleep(2.5)
    expired = cached_extraction(source)
    return [len(df) for df in (first, again, larger, changed, expired)]


@app.cell
def button():
    mo.stop(mo.app_meta().mode != "edit")
    run_btn = mo.ui.run_button(label="Extract five times")
    run_btn
    return (run_btn,)


@app.cell
def result(run_btn):
    mo.stop(not run_btn.value)
    mo.md(f"Rows: `{extract_often()}`")
    return


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    print(f"Rows: {extract_often()}")
    return


@app.function
def test_the_key_follows_the_file():
    before = file_content(None, {"source": write(rows=1, path="test.csv")})
    after = file_content(None, {"source": write(rows=2, path="test.csv")})
    Path("test.csv").unlink()
    assert before != after


if __name__ == "__main__":
    app.run()
