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
    from prefect.cache_policies import INPUTS

    POLICY = INPUTS


@app.function
@task(cache_policy=POLICY)
def double(n: int) -> int:
    """Twice the number."""
    return 2 * n


@app.function
@task(cache_policy=POLICY)
def triple(n: int) -> int:
    """Three times the number."""
    return 3 * n


@app.function
@task
def square(n: int) -> int:
    """The number times itself. No policy: Prefect's default."""
    return n * n


@app.function
@flow(name="multiply", log_prints=True)
def multiply(n: int) -> dict:
    """Call each task; the first and the last twice."""
    return {
        "double": [double(n), double(n)],
        "triple": triple(n),
        "square": [square(n), square(n)],
    }


@app.cell
def button():
    mo.stop(mo.app_meta().mode != "edit")
    run_btn = mo.ui.run_button(label="Multiply")
    run_btn
    return (run_btn,)


@app.cell
def result(run_btn):
    mo.stop(not run_btn.value)
    mo.md(f"`{multiply(5)}`")
    return


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    # Twice: a second flow run finds what the first one kept.
    print(multiply(5))
    print(multiply(5))
    return


if __name__ == "__main__":
    app.run()
