# /// script
# requires-python = ">=3.12"
# dependencies = ["marimo>=0.25.2,<0.26"]
# ///

import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def imports():
    import marimo as mo

    return (mo,)


@app.cell
def form(mo):
    name = mo.ui.text(value="orders", label="Table")
    send = mo.ui.run_button(label="Load table")
    mo.hstack([name, send], justify="start")
    return name, send


@app.cell
def loaded(mo, name, send):
    # Typing alone changes nothing: the cell goes on only after a press.
    mo.stop(not send.value, mo.md("Press *Load table*."))
    mo.md(f"Loaded `{name.value}`.")
    return


if __name__ == "__main__":
    app.run()
