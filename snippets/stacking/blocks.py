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
    import polars as pl
    from prefect import flow, task
    from prefect.blocks.system import Secret
    from sqlalchemy import create_engine, make_url, text


@app.function
@flow(name="register-database", log_prints=True)
def register(url: str) -> None:
    """Keep the database's URL, password included, in Prefect. Once per server."""
    Secret(value=url).save("database-url", overwrite=True)
    print("Saved the block secret/database-url")


@app.function
@task
def save_orders(orders: list[dict]) -> None:
    """Write the rows to the database that the block names."""
    engine = create_engine(Secret.load("database-url").get())
    with engine.begin() as connection:
        connection.execute(text("create table if not exists orders (id integer, amount real)"))
        connection.execute(text("delete from orders"))
        connection.execute(text("insert into orders values (:id, :amount)"), orders)


@app.function
@task
def read_orders() -> pl.DataFrame:
    """Read them back. The connection is opened and closed in this task."""
    engine = create_engine(Secret.load("database-url").get())
    with engine.connect() as connection:
        return pl.read_database("select * from orders", connection)


@app.function
@flow(name="secure-etl", log_prints=True)
def secure_pipeline() -> float:
    """Write two orders, give the sum of their amounts."""
    save_orders([{"id": 1, "amount": 10.0}, {"id": 2, "amount": 25.5}])
    return read_orders()["amount"].sum()


@app.cell
def script():
    # python blocks.py [-- --url postgresql+psycopg://user:password@host/shop]
    mo.stop(mo.app_meta().mode != "script")
    register(mo.cli_args().get("url") or "sqlite:///shop.db")
    print(f"Total: {secure_pipeline()}")
    return


@app.cell
def button():
    mo.stop(mo.app_meta().mode != "edit")
    register("sqlite:///shop.db")
    run_btn = mo.ui.run_button(label="Ask the database")
    run_btn
    return (run_btn,)


@app.cell
async def result(run_btn):
    mo.stop(not run_btn.value)
    total = secure_pipeline()
    secret = await Secret.aload("database-url")
    mo.md(f"{total} in sales, from {make_url(secret.get())}")
    return


@app.function
def test_a_secret_hides_its_value():
    secret = Secret(value="sqlite:///shop.db")
    assert "shop" not in str(secret)
    assert secret.get() == "sqlite:///shop.db"


if __name__ == "__main__":
    app.run()
