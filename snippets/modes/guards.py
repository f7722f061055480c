# /// script
# requires-python = ">=3.12"
# dependencies = [
#     "marimo>=0.25.2,<0.26",
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


@app.cell
def conditional_expression():
    mode = mo.app_meta().mode
    mo.md("Shown in the editor.") if mode == "edit" else mo.md("Shown elsewhere.")
    return


@app.cell
def stopped():
    mo.stop(mo.app_meta().mode != "edit", mo.md("This cell is for the editor."))
    threshold = mo.ui.slider(1, 9, value=5, label="Threshold")
    threshold
    return (threshold,)


@app.cell
def depends_on_stopped(threshold):
    print(f"ran with threshold {threshold.value}")
    return


@app.cell
def button():
    go = mo.ui.run_button(label="Go")
    go
    return (go,)


@app.cell
def behind_button(go):
    mo.stop(not go.value, mo.md("Press *Go*."))
    print("ran behind the button")
    return


@app.cell(disabled=True)
def disabled():
    print("a disabled cell ran")
    return


@app.function
def slow():
    print("the lazy part ran")
    return mo.md("The lazy part.")


@app.cell
def lazy():
    mo.lazy(slow)
    return


if __name__ == "__main__":
    app.run()
