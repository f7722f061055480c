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
    import marimo as mo
    from prefect import flow, task
    from prefect.blocks.system import Secret


@app.function
@task
def connect() -> str:
    password = Secret.load("warehouse-password").get()
    return f"connected, password of {len(password)} letters"


@app.function
@flow(log_prints=True)
def pipeline() -> None:
    print(connect())


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    # Once, by whoever knows the password; here, so that the file runs alone.
    Secret(value="tropical").save("warehouse-password", overwrite=True)
    pipeline()
    return


@app.function
def test_the_file_can_be_imported():
    assert connect.name == "connect"


if __name__ == "__main__":
    app.run()
