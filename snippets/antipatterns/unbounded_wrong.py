# /// script
# requires-python = ">=3.12"
# dependencies = [
#     "marimo>=0.25.2,<0.26",
#     "prefect>=3.8.8,<3.9",
# ]
# ///

import marimo

__generated_with = "0.25.2"
app = marimo.App()

with app.setup:
    import marimo as mo
    from prefect import flow


@app.function
@flow
def pipeline() -> str:
    return "done"


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    print(pipeline())
    return


if __name__ == "__main__":
    app.run()
