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


@app.cell
def _():
    import marimo as mo
    import polars as pl

    return mo, pl


@app.cell
def _(pl):
    # A few orders, so that this file is all you need.
    pl.DataFrame(
        {
            "product": ["tea", "mug", "tea", "kettle", "coffee", "mug"],
            "quantity": [2, 1, 6, 1, 3, 4],
            "price": [4.5, 11.0, 4.5, 39.0, 6.0, 11.0],
        }
    ).write_csv("orders.csv")
    orders = pl.read_csv("orders.csv")
    orders
    return (orders,)


@app.cell
def _(mo):
    smallest = mo.ui.slider(0, 40, value=10, label="Smallest order")
    smallest
    return (smallest,)


@app.cell
def _(orders, pl, smallest):
    amount = pl.col("quantity") * pl.col("price")
    large = orders.with_columns(amount=amount).filter(pl.col("amount") >= smallest.value)
    large
    return (large,)


@app.cell
def _(large, pl):
    report = large.group_by("product").agg(pl.col("amount").sum()).sort("product")
    report.write_csv("report.csv")
    report
    return


if __name__ == "__main__":
    app.run()
