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
    from pathlib import Path

    import marimo as mo
    from prefect import flow


@app.function
@flow
def report() -> int:
    source = "//prod-server/data/input.csv"
    return len(Path(source).read_text().splitlines())


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    print(f"{report()} rows")
    return


@app.function
def test_report_counts_rows():
    assert report.fn("data/input.csv") == 3


if __name__ == "__main__":
    app.run()
