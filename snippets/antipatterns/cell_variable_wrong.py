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


@app.cell
def settings():
    LIMIT = 10
    return (LIMIT,)


@app.function
@task
def keep_small(values: list[int]) -> list[int]:
    return [value for value in values if value < LIMIT]


@app.function
@flow
def pipeline() -> list[int]:
    return keep_small([3, 30])


@app.cell
def show():
    mo.stop(mo.app_meta().mode != "script")
    print(pipeline())
    return


if __name__ == "__main__":
    app.run()
