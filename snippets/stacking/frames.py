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
    import marimo as mo
    import polars as pl
    from prefect import flow, task
    from prefect.cache_policies import INPUTS


@app.function
@task(cache_policy=INPUTS - "what", task_run_name="{what}")
def total(what: str, sales: pl.DataFrame | pl.LazyFrame) -> int:
    """Sum the amounts. The label names the task run and is no part of the key."""
    return sales.lazy().select(pl.col("amount").sum()).collect().item()


@app.function
@flow(name="frames-as-keys", log_prints=True)
def totals() -> dict:
    """The same three rows, given in five ways."""
    sales = pl.DataFrame({"amount": [1, 2, 4]})
    sales.write_csv("sales.csv")
    found = {
        "frame": total("frame", sales),
        "equal frame": total("equal-frame", pl.DataFrame({"amount": [1, 2, 4]})),
        "sorted frame": total("sorted-frame", pl.DataFrame({"amount": [4, 2, 1]}).sort("amount")),
        "scan": total("scan", pl.scan_csv("sales.csv")),
    }
    pl.DataFrame({"amount": [100]}).write_csv("sales.csv")
    return found | {"scan, new content": total("scan-new-content", pl.scan_csv("sales.csv"))}


@app.cell
def button():
    mo.stop(mo.app_meta().mode != "edit")
    run_btn = mo.ui.run_button(label="Sum up")
    run_btn
    return (run_btn,)


@app.cell
def result(run_btn):
    mo.stop(not run_btn.value)
    mo.md(f"`{totals()}`")
    return


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    print(totals())
    return


if __name__ == "__main__":
    app.run()
