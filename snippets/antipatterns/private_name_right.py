# /// script
# requires-python = ">=3.12"
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
    import marimo as mo
    from prefect import flow, task


@app.function
@task
def clean(n: int) -> int:
    """The number without its sign."""
    return abs(n)


@app.function
@flow
def positive(n: int = -3) -> int:
    """A flow that calls the task."""
    return clean(n)


@app.cell
def controls():
    start = mo.ui.run_button(label="Run")
    start
    return (start,)


@app.cell
def result(start):
    mo.stop(mo.app_meta().mode != "script" and not start.value)
    print(positive())
    return


if __name__ == "__main__":
    app.run()
