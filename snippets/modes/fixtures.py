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
    import polars as pl
    import pytest
    from prefect import task


@app.function
@task
def positive(df: pl.DataFrame) -> pl.DataFrame:
    """The rows with a positive value."""
    return df.filter(pl.col("value") > 0)


@app.function
@pytest.fixture
def sample():
    return pl.DataFrame({"value": [1, -1, 2]})


@app.function
def test_with_a_fixture(sample):
    assert positive.fn(sample)["value"].to_list() == [1, 2]


@app.function
@pytest.mark.parametrize(("value", "rows"), [(1, 1), (-1, 0)])
def test_with_parameters(value, rows):
    assert len(positive.fn(pl.DataFrame({"value": [value]}))) == rows


@app.function
def test_with_a_folder(tmp_path):
    pl.DataFrame({"value": [3]}).write_parquet(tmp_path / "x.parquet")
    assert len(positive.fn(pl.read_parquet(tmp_path / "x.parquet"))) == 1


if __name__ == "__main__":
    app.run()
