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
def control(mo):
    threshold = mo.ui.slider(0, 30, value=10, label="Keep values above", show_value=True)
    threshold
    return (threshold,)


@app.cell
def rows():
    rows = [{"id": 1, "value": 10}, {"id": 2, "value": -5}, {"id": 3, "value": 25}]
    return (rows,)


@app.cell
def kept(mo, rows, threshold):
    # Runs again whenever the slider moves: it reads `threshold.value`.
    kept = [row for row in rows if row["value"] > threshold.value]
    mo.md(f"**{len(kept)} of {len(rows)} rows** are above {threshold.value}.")
    return


if __name__ == "__main__":
    app.run()
