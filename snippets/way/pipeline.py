# /// script
# requires-python = ">=3.12,<3.15"
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
def script():
    # Script only: python pipeline.py [-- --source orders.csv --smallest 20]
    mo.stop(mo.app_meta().mode != "script")
    args = mo.cli_args()
    make_report(args.get("source") or make_sample(), smallest=args.get("smallest", 10))
    return


if __name__ == "__main__":
    app.run()
