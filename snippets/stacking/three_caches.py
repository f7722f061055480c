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
app = marimo.App(width="medium")

with app.setup:
    import marimo as mo
    from prefect import flow, task
    from prefect.cache_policies import INPUTS, TASK_SOURCE


@app.function
@task(cache_policy=INPUTS + TASK_SOURCE, task_run_name="by-prefect")
def by_prefect(n: int) -> int:
    """Kept by Prefect, in its result storage."""
    print("by_prefect computes")
    return n * n


@app.function
@mo.cache
def in_memory(n: int) -> int:
    """Kept by marimo, in this process."""
    print("in_memory computes")
    return n * n


@app.function
@mo.persistent_cache
def on_disk(n: int) -> int:
    """Kept by marimo, in files beside the notebook."""
    print("on_disk computes")
    return n * n


@app.function
@flow(name="three-caches", log_prints=True)
def three_caches(n: int) -> list[int]:
    """Call each function twice."""
    return [cached(n) for cached in (by_prefect, in_memory, on_disk) for _ in range(2)]


@app.cell
def button():
    mo.stop(mo.app_meta().mode != "edit")
    run_btn = mo.ui.run_button(label="Compute")
    run_btn
    return (run_btn,)


@app.cell
def result(run_btn):
    mo.stop(not run_btn.value)
    mo.md(f"`{three_caches(4)}`")
    return


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    print(three_caches(4))
    return


if __name__ == "__main__":
    app.run()
