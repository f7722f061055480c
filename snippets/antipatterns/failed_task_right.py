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


@app.function
@task
def load(part: str) -> None:
    if part == "broken":
        raise ValueError(f"cannot read {part}")


@app.function
@flow
def load_all(parts: list[str]) -> str:
    futures = [load.submit(part) for part in parts]
    for future in futures:
        future.result()
    return "done"


@app.cell
def show():
    mo.stop(mo.app_meta().mode != "script")
    state = load_all(["whole", "broken"], return_state=True)
    print(f"The flow run is {state.name}.")
    return


if __name__ == "__main__":
    app.run()
