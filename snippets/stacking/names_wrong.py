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
    from prefect import flow, task


@app.function
@task(task_run_name="process-{item}")
def process_item(item_id: str) -> dict:
    """Process one item."""
    return {"item_id": item_id, "status": "processed"}


@app.function
@flow(name="batch-processor", flow_run_name="batch-of-{region}", log_prints=True)
def batch_flow(item_ids: list[str], region: str = "north") -> list[dict]:
    """Process the items, one after another."""
    return [process_item(item_id) for item_id in item_ids]


@app.cell
def button():
    mo.stop(mo.app_meta().mode != "edit")
    run_btn = mo.ui.run_button(label="Process the batch")
    run_btn
    return (run_btn,)


@app.cell
def result(run_btn):
    mo.stop(not run_btn.value)
    mo.ui.table(batch_flow(["A1", "B2", "C3"]), selection=None)
    return


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    print(batch_flow(["A1", "B2", "C3"]))
    return


@app.function
def test_process_item_keeps_the_id():
    assert process_item.fn("A1")["item_id"] == "A1"


if __name__ == "__main__":
    app.run()
