# /// script
# requires-python = ">=3.12"
# dependencies = [
#     "marimo>=0.25.2,<0.26",
#     "polars>=2.1,<2.2",
#     "prefect>=3.8.8,<3.9",
#     "pytest>=9.2,<10",
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
app = marimo.App(width="medium")

with app.setup:
    import marimo as mo
    from prefect import flow, task
    from sqlalchemy import Connection, create_engine, text


@app.function
@task
def connect_database(url: str) -> Connection:
    """Give an open connection to whoever asks."""
    return create_engine(url).connect()


@app.function
@task
def read_answer(connection: Connection) -> int:
    """Use a connection that another task opened."""
    return connection.execute(text("select 42")).scalar_one()


@app.function
@flow(name="shared-connection", log_prints=True)
def shared_connection(url: str = "sqlite:///shop.db") -> int:
    """Open the connection in one task, use it in another."""
    return read_answer(connect_database(url))


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    print(shared_connection())
    return


if __name__ == "__main__":
    app.run()
