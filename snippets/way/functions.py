# /// script
# requires-python = ">=3.12,<3.15"
# dependencies = [
#     "marimo>=0.25.2,<0.26",
#     "polars>=2.1,<2.2",
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
def read(source: str) -> pl.DataFrame:
    """The orders."""
    return pl.read_csv(source)


@app.function
def add_up(orders: pl.DataFrame, smallest: float) -> pl.DataFrame:
    """What each product sold, in orders of at least this amount."""
    amount = pl.col("quantity") * pl.col("price")
    large = orders.with_columns(amount=amount).filter(pl.col("amount") >= smallest)
    return large.group_by("product").agg(pl.col("amount").sum()).sort("product")


@app.function
def save(report: pl.DataFrame, dest: str) -> None:
    """Write the report, over an old one."""
    report.write_csv(dest)


@app.cell
def _():
    smallest = mo.ui.slider(0, 40, value=10, label="Smallest order")
    smallest
    return (smallest,)


@app.cell
def _(smallest):
    report = add_up(read(make_sample()), smallest.value)
    save(report, "report.csv")
    report
    return


if __name__ == "__main__":
    app.run()
