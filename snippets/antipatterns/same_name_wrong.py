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
def preview():
    rows = [1, -2, 3]
    mo.md(f"{len(rows)} rows")
    return


@app.cell
def dry_run():
    rows = [row for row in [1, -2, 3] if row > 0]
    mo.md(f"{len(rows)} rows would be written")
    return


if __name__ == "__main__":
    app.run()
