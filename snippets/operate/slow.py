# /// script
# requires-python = ">=3.12,<3.15"
# dependencies = [
#     "marimo>=0.25.2,<0.26",
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
    from time import sleep

    import marimo as mo
    from prefect import flow


@app.function
def tell(flow, flow_run, state):
    """Prefect calls this when a run of the flow was cancelled."""
    print(f"Hook: {flow_run.name} is {state.name}")


@app.function
@flow(name="slow", log_prints=True, on_cancellation=[tell])
def work(seconds: int = 1) -> None:
    """Hold something open for a while."""
    try:
        for second in range(seconds):
            print(f"Second {second + 1}")
            sleep(1)
    finally:
        print("Closed")


@app.cell
def script():
    # Script only: python slow.py
    mo.stop(mo.app_meta().mode != "script")
    work()
    return


if __name__ == "__main__":
    app.run()
