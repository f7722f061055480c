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
    import functools

    import marimo as mo
    from prefect import flow, task

    RATE = 1.2


@app.function
def printed(fn):
    """A decorator of your own: print what the function gives."""

    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        value = fn(*args, **kwargs)
        print(f"{fn.__name__} gives {value}")
        return value

    return wrapper


@app.function
@task(name="gross-price", tags={"prices"})
@printed
def gross(net: float) -> float:
    """Use RATE, which the setup cell defines."""
    return round(net * RATE, 2)


@app.function
@flow(name="price", log_prints=True)
def price(net: float = 10.0) -> float:
    """Call another function of the notebook."""
    return gross(net)


@app.cell
def script():
    mo.stop(mo.app_meta().mode not in ("script", "edit"))
    print(price())
    return


@app.function
def test_gross_adds_the_tax():
    assert gross.fn(100) == 120


if __name__ == "__main__":
    app.run()
