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
    from prefect import flow


@app.function
@flow
def pipeline() -> str:
    return "done"


@app.cell
def script():
    print(pipeline())
    return


if __name__ == "__main__":
    app.run()
