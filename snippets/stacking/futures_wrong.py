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


@app.function
@task(task_run_name="sales-in-{region}")
def sales_in(region: str, sales: pl.DataFrame) -> int:
    """What one region sold."""
    return sales.filter(pl.col("region") == region)["amount"].sum()


@app.function
@task(task_run_name="add-up")
def add_up(amounts: list[int]) -> int:
    """The sum of what the regions sold."""
    return sum(amounts)


@app.function
@flow(name="sales-by-region", log_prints=True)
def sales_by_region() -> dict:
    """One task run for each region, at the same time; then one that needs them all."""
    sales = pl.DataFrame({"region": ["east", "west", "east"], "amount": [10, 20, 30]})
    regions = ["east", "west"]
    mapped = sales_in.map(regions, sales)
    total = add_up.submit(mapped)
    return dict(zip(regions, mapped.result())) | {"total": total.result()}


@app.cell
def button():
    mo.stop(mo.app_meta().mode != "edit")
    run_btn = mo.ui.run_button(label="Add up")
    run_btn
    return (run_btn,)


@app.cell
def result(run_btn):
    mo.stop(not run_btn.value)
    mo.md(f"`{sales_by_region()}`")
    return


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    print(sales_by_region())
    return


if __name__ == "__main__":
    app.run()
