# /// script
# requires-python = ">=3.12"
# dependencies = ["shop-pipelines"]
#
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
#
# [tool.uv.sources]
# shop-pipelines = { path = "../..", editable = true }
# ///

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium")

with app.setup:
    import marimo as mo
    import polars as pl
    from prefect import flow, task
    from services.mssql import MSSQLService
    from services.sample import make_sample
    from shared_utils.config import get_config


@app.function
@task
def best_sellers(limit: int) -> pl.DataFrame:
    """The products with the most pieces sold. `?` binds: no value enters the text."""
    orders = MSSQLService.of(get_config()).execute_query(
        "SELECT product, quantity FROM orders WHERE quantity > ?", [0]
    )
    sold = orders.group_by("product").agg(pl.sum("quantity"))
    return sold.sort("quantity", "product", descending=[True, False]).head(limit)


@app.function
@flow(name="tutorial", log_prints=True)
def first_flow(limit: int = 3) -> list[dict]:
    """A flow calls tasks as if they were plain functions."""
    best = best_sellers(limit)
    print(f"Most sold: {best['product'][0]}")
    return best.to_dicts()


@app.cell(hide_code=True)
def welcome():
    mo.md("""
    # Your first flow

    Move the slider, then press the button. The cell below calls the flow,
    and Prefect records the run.
    """)
    return


@app.cell
def controls():
    mo.stop(mo.app_meta().mode != "edit")
    make_sample()
    limit_input = mo.ui.slider(1, 4, value=3, label="Products")
    run_btn = mo.ui.run_button(label="Run the flow")
    mo.hstack([limit_input, run_btn], justify="start")
    return limit_input, run_btn


@app.cell
def result(limit_input, run_btn):
    mo.stop(not run_btn.value, mo.md("Press *Run the flow*."))
    best = first_flow(limit_input.value)
    mo.ui.table(best)
    return


@app.cell
def script():
    # Script only: python notebooks/examples/tutorial.py
    mo.stop(mo.app_meta().mode != "script")
    make_sample()
    print(first_flow())
    return


@app.function
def test_first_flow_has_a_default():
    assert first_flow.parameters.properties["limit"]["default"] == 3


if __name__ == "__main__":
    app.run()
