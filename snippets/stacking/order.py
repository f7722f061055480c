# /// script
# requires-python = ">=3.12"
# dependencies = [
#     "marimo>=0.25.2,<0.26",
#     "prefect>=3.8.8,<3.9",
#     # Prefect 3.8.8 is not whole with newer releases of these two.
#     "fastapi<=0.150",
#     "sqlalchemy<2.1",
# ]
# ///

import marimo

__generated_with = "0.25.2"
app = marimo.App()

with app.setup:
    from time import sleep

    import marimo as mo
    from prefect import allow_failure, flow, task
    from prefect.futures import as_completed


@app.function
@task(task_run_name="write-{table}")
def write(table: str, seconds: float = 0) -> str:
    """Write a table; the one named `broken` cannot be written."""
    sleep(seconds)
    if table == "broken":
        raise ValueError("the table is broken")
    return table


@app.function
@task(task_run_name="notify-{text}")
def notify(text: str) -> str:
    """Send a message that needs no value of another task."""
    return text


@app.function
@flow(name="order", log_prints=True)
def tell_when_done() -> None:
    """One task after another that hands it nothing; one after a failed one."""
    good, bad = write.submit("orders", 1), write.submit("broken")
    sent = notify.submit("written", wait_for=[good])
    print(sent.result(), "after", good.state.name)
    print(notify.submit("never", wait_for=[bad], return_state=True).name)
    print(notify.submit("always", wait_for=[allow_failure(bad)]).result())


@app.function
@flow(name="first-come", log_prints=True)
def take_as_they_come() -> None:
    """Each result as soon as it is there."""
    slow, fast = write.submit("slow", 2), write.submit("fast")
    for done in as_completed([slow, fast]):
        print(done.result())


@app.cell
def button():
    mo.stop(mo.app_meta().mode != "edit")
    run_btn = mo.ui.run_button(label="Run both")
    run_btn
    return (run_btn,)


@app.cell
def result(run_btn):
    mo.stop(not run_btn.value)
    tell_when_done()
    take_as_they_come()
    return


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    tell_when_done()
    take_as_they_come()
    return


if __name__ == "__main__":
    app.run()
