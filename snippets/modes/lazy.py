# /// script
# requires-python = ">=3.12"
# dependencies = [
#     "marimo>=0.25.2,<0.26",
# ]
#
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
#
# [tool.marimo.runtime]
# on_cell_change = "lazy"
# ///

import marimo

__generated_with = "0.25.2"
app = marimo.App()

with app.setup:
    import marimo as mo


@app.cell
def control():
    threshold = mo.ui.slider(1, 9, value=5, label="Threshold")
    threshold
    return (threshold,)


@app.cell
def work(threshold):
    print(f"worked with threshold {threshold.value}")
    return


if __name__ == "__main__":
    app.run()
