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
    import os
    from pathlib import Path

    import marimo as mo
    from prefect import flow, task

    HERE = Path(__file__).resolve().parent

    def saw(what: str) -> None:
        """Say on a line of seen.txt, and on the console, that this ran."""
        line = f"{what} | {mo.app_meta().mode} | {os.path.relpath(Path.cwd(), HERE)}"
        with HERE.joinpath("seen.txt").open("a") as file:
            file.write(f"{line}\n")
        print(f"printed by {what}")

    saw("setup cell")


@app.function
@task
def called() -> None:
    saw("task, called")


@app.function
@task
def submitted() -> None:
    saw("task, submitted")


@app.function
@flow(log_prints=True)
def both() -> None:
    saw("flow")
    called()
    submitted.submit().wait()


@app.cell
def plain():
    # check: ignore[guards] it shows what each way to open it runs
    saw("plain cell")
    both()
    return


@app.cell
def main_guard():
    if __name__ == "__main__":
        saw("if __name__ in a cell")
    return


@app.cell
def guarded():
    mo.stop(mo.app_meta().mode != "edit")
    saw("cell guarded for the editor, with a slider")
    threshold = mo.ui.slider(1, 9, value=5, label="Threshold")
    threshold
    return (threshold,)


@app.cell
def dependent(threshold):
    saw("cell that needs the slider")
    print(f"threshold {threshold.value}")
    return


@app.cell
def unguarded():
    button = mo.ui.run_button(label="Go")
    saw("unguarded widget")
    button
    return (button,)


@app.cell
def pressed(button):
    mo.stop(not button.value)
    saw("cell behind the run button")
    return


@app.function
def test_probe():
    saw("test function")


if __name__ == "__main__":
    app.run()
