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
    import os
    import threading

    import marimo as mo
    from prefect import flow, task
    from prefect.task_runners import ProcessPoolTaskRunner, ThreadPoolTaskRunner


@app.function
@task(task_run_name="call-{n}")
def where(n: int) -> tuple[int, int]:
    """The process and the thread that this call ran in."""
    return os.getpid(), threading.get_ident()


@app.function
@flow(name="direct")
def direct() -> str:
    """Called as a function: one after another."""
    return place([where(n) for n in range(2)])


@app.function
@flow(name="threads", task_runner=ThreadPoolTaskRunner(max_workers=2))
def threads() -> str:
    """The default runner, with a limit."""
    return place(where.map(range(2)).result())


@app.function
@flow(name="processes", task_runner=ProcessPoolTaskRunner(max_workers=2))
def processes() -> str:
    """Each call in a process of its own pool."""
    return place(where.map(range(2)).result())


@app.function
def place(calls: list[tuple[int, int]]) -> str:
    """Where the calls ran, seen from here."""
    if any(process != os.getpid() for process, _ in calls):
        return "in other processes"
    if any(thread != threading.get_ident() for _, thread in calls):
        return "in other threads of this process"
    return "in this thread"


@app.function
@flow(name="compare-runners", log_prints=True)
def compare() -> None:
    """The same two calls under each runner."""
    for called in (direct, threads, processes):
        print(f"{called.name}: {called()}")


@app.cell
def button():
    mo.stop(mo.app_meta().mode != "edit")
    run_btn = mo.ui.run_button(label="Compare")
    run_btn
    return (run_btn,)


@app.cell
def result(run_btn):
    mo.stop(not run_btn.value)
    compare()
    return


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    compare()
    return


if __name__ == "__main__":
    app.run()
