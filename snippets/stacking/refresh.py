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
    from datetime import timedelta
    from pathlib import Path

    import marimo as mo
    from prefect import flow, task
    from prefect.cache_policies import INPUTS, TASK_SOURCE


@app.function
@task(cache_policy=INPUTS + TASK_SOURCE, cache_expiration=timedelta(hours=1))
def rate(currency: str) -> float:
    """The rate that the file holds. The key knows the currency alone."""
    return float(Path(f"{currency}.txt").read_text())


@app.function
@flow(name="ask-again", log_prints=True)
def ask_again(currency: str = "EUR") -> list[float]:
    """The rate at first, from the cache, asked again, and from the cache."""
    file = Path(f"{currency}.txt")
    file.write_text("1.1")
    first = rate(currency)
    file.write_text("1.2")
    kept = rate(currency)
    refreshed = rate.with_options(refresh_cache=True)(currency)
    kept_anew = rate(currency)
    return [first, kept, refreshed, kept_anew]


@app.cell
def button():
    mo.stop(mo.app_meta().mode != "edit")
    run_btn = mo.ui.run_button(label="Ask four times")
    run_btn
    return (run_btn,)


@app.cell
def result(run_btn):
    mo.stop(not run_btn.value)
    mo.md(f"Rates: `{ask_again()}`")
    return


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    print(f"Rates: {ask_again()}")
    return


if __name__ == "__main__":
    app.run()
