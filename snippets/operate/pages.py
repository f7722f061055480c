# /// script
# requires-python = ">=3.12,<3.15"
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
    from time import sleep, time

    import marimo as mo
    from prefect import flow, task
    from prefect.concurrency.sync import concurrency, rate_limit


@app.function
@task
def ask(page: int) -> None:
    """Ask the shop's API for a page, at the pace that it allows."""
    rate_limit("shop-api")
    note("asked")


@app.function
@task
def write(page: int) -> None:
    """Write a page, one at a time in all runs."""
    with concurrency("shop-table"):
        note("begins")
        sleep(1)
        note("ends")


@app.function
def note(what: str) -> None:
    """What happened when, in a file of all runs."""
    with Path("seen.txt").open("a") as seen:
        seen.write(f"{time()} {what}\n")


@app.function
@flow(name="pages")
def fetch(pages: int = 2) -> None:
    """Ask for each page, and write it."""
    for page in range(pages):
        ask(page)
        write(page)


@app.cell
def script():
    # Script only: python pages.py
    mo.stop(mo.app_meta().mode != "script")
    fetch()
    return


if __name__ == "__main__":
    app.run()
