# /// script
# requires-python = ">=3.12"
# dependencies = [
#     "marimo>=0.25.2,<0.26",
#     "prefect>=3.8.8,<3.9",
#     "prefect-ray>=0.6,<0.7",
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
    import os

    # Under `uv run`, Ray would start its processes as `uv run python`: without our packages.
    os.environ["RAY_ENABLE_UV_RUN_RUNTIME_ENV"] = "0"

    import marimo as mo
    from prefect import flow, task
    from prefect_ray import RayTaskRunner


@app.function
@task(task_run_name="square-{n}")
def square(n: int) -> tuple[int, int]:
    """The square, and the process that computed it."""
    return n * n, os.getpid()


@app.function
@flow(
    name="on-ray",
    log_prints=True,
    task_runner=RayTaskRunner(
        init_kwargs={
            "num_cpus": 2,
            "include_dashboard": False,
            "log_to_driver": False,
            "logging_level": "ERROR",
        }
    ),
)
def squares(n: int) -> list[int]:
    """The squares of the numbers below n, each computed on the cluster."""
    done = square.map(range(n)).result()
    elsewhere = sum(process != os.getpid() for _, process in done)
    print(f"{elsewhere} of {n} calls in other processes")
    return [value for value, _ in done]


@app.cell
def button():
    mo.stop(mo.app_meta().mode != "edit")
    run_btn = mo.ui.run_button(label="Compute")
    run_btn
    return (run_btn,)


@app.cell
def result(run_btn):
    mo.stop(not run_btn.value)
    mo.md(f"`{squares(4)}`")
    return


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    print(squares(4))
    return


if __name__ == "__main__":
    app.run()
