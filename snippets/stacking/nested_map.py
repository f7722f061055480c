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
    from prefect import flow, task
    from prefect.task_runners import ThreadPoolTaskRunner


@app.function
@task(task_run_name="read-{page}")
def read(page: int) -> int:
    """The orders of one page of a source."""
    return page


@app.function
@task(task_run_name="source-{source}")
def read_source(source: int) -> int:
    """The orders of a source: two pages."""
    pages = [source, source + 1]
    return sum(read(page) for page in pages)


@app.function
@flow(name="read-sources", log_prints=True, task_runner=ThreadPoolTaskRunner(max_workers=2))
def read_sources(sources: list[int]) -> list[int]:
    """The orders of each source."""
    return read_source.map(sources).result()


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    print(read_sources([10, 20, 30]))
    return


if __name__ == "__main__":
    app.run()
