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
    import logging

    import marimo as mo
    from prefect import flow

    # As a library has it: a logger of its own, that knows nothing of Prefect.
    library = logging.getLogger("shop_api")


@app.function
@flow(name="logs")
def call() -> None:
    """Let the library write at three levels."""
    library.debug("GET /orders")
    library.info("200, 8 orders")
    library.warning("2 calls left this minute")


@app.cell
def script():
    # Script only: python logs.py
    mo.stop(mo.app_meta().mode != "script")
    call()
    return


if __name__ == "__main__":
    app.run()
