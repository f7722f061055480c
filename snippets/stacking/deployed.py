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
app = marimo.App()

with app.setup:
    import marimo as mo
    from prefect import flow
    from prefect.deployments import run_deployment
    from prefect.exceptions import MissingResult


@app.function
@flow
def made() -> dict:
    """Gives rows, and keeps no result."""
    return {"rows": 42}


@app.function
@flow(persist_result=True)
def made_kept() -> dict:
    """Gives the same, and keeps it."""
    return {"rows": 42}


@app.function
def ask(name: str) -> None:
    """Start a deployment, wait for its end, ask for its value."""
    run = run_deployment(name, timeout=120, _sync=True)
    try:
        print(name, run.state.name, run.state.result(_sync=True))
    except MissingResult as e:
        print(name, run.state.name, type(e).__name__)


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script" or not mo.cli_args())
    ask("made/one")
    ask("made-kept/two")
    return


if __name__ == "__main__":
    app.run()
