# /// script
# requires-python = ">=3.12,<3.15"
# dependencies = [
#     "marimo>=0.25.2,<0.26",
#     "polars>=2.1,<2.2",
#     "prefect>=3.8.8,<3.9",
#     # Prefect 3.8.8 is not whole with newer releases of these two.
#     "fastapi<=0.150",
#     "sqlalchemy<2.1",
#     "pytest>=9.2,<10",
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
def make_sample(path: str = "orders.csv") -> str:
    """Write a few orders to try it on, and give their path."""
    pl.DataFrame(
        {
            "product": ["tea", "mug", "tea", "kettle", "coffee", "mug"],
            "quantity": [2, 1, 6, 1, 3, 4],
            "price": [4.5, 11.0, 4.5, 39.0, 6.0, 11.0],
        }
    ).write_csv(path)
    return path


@app.function
@task
def read(source: str) -> pl.DataFrame:
    """The orders."""
    return pl.read_csv(source)


@app.function
@task
def add_up(orders: pl.DataFrame, smallest: float) -> pl.DataFrame:
    """What each product sold, in orders of at least this amount."""
    amount = pl.col("quantity") * pl.col("price")
    large = orders.with_columns(amount=amount).filter(pl.col("amount") >= smallest)
    return large.group_by("product").agg(pl.col("amount").sum()).sort("product")


@app.function
@task
def save(report: pl.DataFrame, dest: str) -> None:
    """Write the report, over an old one."""
    report.write_csv(dest)


@app.function
@flow(name="report", log_prints=True)
def make_report(source: str, dest: str = "report.csv", smallest: float = 10) -> int:
    """Read, add up, save; how many products are in it."""
    report = add_up(read(source), smallest)
    save(report, dest)
    print(f"{len(report)} products in {dest}")
    return len(report)


@app.cell
def controls():
    # Editor only: elsewhere this cell and those that need its widgets stop here.
    mo.stop(mo.app_meta().mode != "edit")
    smallest = mo.ui.slider(0, 40, value=10, label="Smallest order")
    run_btn = mo.ui.run_button(label="Make the report")
    mo.hstack([smallest, run_btn], justify="start")
    return run_btn, smallest


@app.cell
def preview(smallest):
    # A look without a run: `.fn` is the function below the decorator.
    add_up.fn(read.fn(make_sample()), smallest.value)
    return


@app.cell
def result(run_btn, smallest):
    mo.stop(not run_btn.value, mo.md("Press *Make the report* to run the flow."))
    mo.md(f"{make_report(make_sample(), smallest=smallest.value)} products")
    return


@app.cell
def script():
    # Script only: python finished.py [-- --source orders.csv --smallest 20]
    mo.stop(mo.app_meta().mode != "script")
    args = mo.cli_args()
    make_report(args.get("source") or make_sample(), smallest=args.get("smallest", 10))
    return


@app.cell
def dashboard():
    # App only: the last report, or one sentence.
    mo.stop(mo.app_meta().mode != "run")
    mo.stop(not Path("report.csv").exists(), mo.md("No report yet: run the pipeline first."))
    mo.ui.table(pl.read_csv("report.csv"))
    return


@app.function
def test_small_orders_are_left_out():
    orders = pl.DataFrame({"product": ["tea", "mug"], "quantity": [1, 2], "price": [4.5, 11.0]})
    assert add_up.fn(orders, 10).rows() == [("mug", 22.0)]


if __name__ == "__main__":
    app.run()
