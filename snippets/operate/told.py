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
    from os import _exit, environ

    import httpx
    import marimo as mo
    from prefect import flow


@app.function
def tell(flow, flow_run, state):
    """Send one sentence to the address in `ALERTS`."""
    text = f"hook: {flow_run.name} is {state.name}"
    httpx.post(environ["ALERTS"], json={"text": text})


@app.function
@flow(name="told", on_failure=[tell], on_crashed=[tell])
def work(how: str = "well") -> None:
    """End well, with an exception, or without a word."""
    if how == "exception":
        raise ValueError("no orders")
    if how == "dead":
        _exit(1)


@app.cell
def script():
    # Script only: python told.py
    mo.stop(mo.app_meta().mode != "script")
    work()
    return


if __name__ == "__main__":
    app.run()
