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
    from pathlib import Path

    import marimo as mo

    OUTPUT = Path("output.txt")


@app.cell
def controls():
    mo.stop(mo.app_meta().mode == "script")
    refresh = mo.ui.run_button(label="Refresh data")
    refresh
    return (refresh,)


@app.cell
def latest(refresh):
    refresh
    mo.md(OUTPUT.read_text() if OUTPUT.exists() else "No output yet.")
    return


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    OUTPUT.write_text("12 rows")
    return


if __name__ == "__main__":
    app.run()
