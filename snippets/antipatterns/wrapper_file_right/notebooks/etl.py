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
@task(retries=2)
def count(values: list[int]) -> int:
    return len(values)


@app.function
@flow
def etl() -> int:
    return count([1, 2, 3])


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    print(f"{etl()} rows")
    return


if __name__ == "__main__":
    app.run()
