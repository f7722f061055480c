# /// script
# requires-python = ">=3.12"
# dependencies = [
#     "marimo>=0.25.2,<0.26",
#     "polars>=2.1,<2.2",
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
    import os
    import sys
    from collections.abc import Mapping
    from pathlib import Path

    import marimo as mo
    import polars as pl
    from prefect import flow, task

    # What a scheduler sees of a failure: 2 settings, 3 a missing file, 4 the data.
    EXIT_STATUS = {KeyError: 2, FileNotFoundError: 3, ValueError: 4}


@app.function
@task
def extract(source: str) -> pl.DataFrame:
    df = pl.read_csv(source)
    if df.is_empty():
        raise ValueError(f"{source} has no rows")
    return df


@app.function
@task
def load(df: pl.DataFrame, dest: str) -> None:
    Path(dest).parent.mkdir(parents=True, exist_ok=True)
    df.write_csv(dest)


@app.function
@flow(name="etl")
def run_pipeline(source: str, dest: str) -> int:
    df = extract(source)
    load(df, dest)
    return len(df)


@app.function
def settings(env: Mapping[str, str]) -> dict[str, str]:
    """Paths for the environment that ENVIRONMENT names; only dev has defaults."""
    if env.get("ENVIRONMENT", "dev") == "dev":
        return {"source": "data/dev.csv", "dest": "out/dev.csv"}
    return {"source": env["SOURCE"], "dest": env["DEST"]}


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    try:
        print(f"{run_pipeline(**settings(os.environ))} rows written")
    except tuple(EXIT_STATUS) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(EXIT_STATUS[type(error)])
    return


@app.function
def test_dev_has_defaults_and_prod_has_none():
    assert settings({})["source"] == "data/dev.csv"
    try:
        settings({"ENVIRONMENT": "prod"})
    except KeyError as error:
        assert error.args == ("SOURCE",)
    else:
        raise AssertionError("prod must be told its paths")


if __name__ == "__main__":
    app.run()
