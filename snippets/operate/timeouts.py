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
    import asyncio
    import time

    import marimo as mo
    from prefect import flow, task


@app.function
@task(timeout_seconds=1)
def wait(seconds: float):
    """Stands for a query that takes too long."""
    time.sleep(seconds)


@app.function
@task(timeout_seconds=1)
async def wait_async(seconds: float):
    """The same, in a library that is awaited."""
    await asyncio.sleep(seconds)


@app.function
def in_a_thread(task, seconds: float):
    """The state of a submitted task, once it has ended."""
    future = task.submit(seconds)
    future.wait()
    return future.state


@app.function
@flow(name="limits")
def wait_three_times(seconds: float = 6) -> str:
    """How each of them ends, and when."""
    ends = {
        "called": lambda: wait(seconds, return_state=True),
        "submitted": lambda: in_a_thread(wait, seconds),
        "submitted, async": lambda: in_a_thread(wait_async, seconds),
    }
    lines = []
    for how, end in ends.items():
        begun = time.monotonic()
        state = end()
        early = time.monotonic() - begun < seconds
        when = "at its limit" if early else "when its wait was over"
        lines.append(f"{how}: {state.name} {when}")
    return "\n".join(lines)


@app.cell
def button():
    mo.stop(mo.app_meta().mode == "script")
    run_btn = mo.ui.run_button(label="Wait three times")
    run_btn
    return (run_btn,)


@app.cell
def result(run_btn):
    mo.stop(not run_btn.value)
    mo.plain_text(wait_three_times())
    return


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    print(wait_three_times())
    return


if __name__ == "__main__":
    app.run()
