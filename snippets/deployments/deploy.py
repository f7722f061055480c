"""Deploy a notebook's flow from Python: a worker runs it, as with `prefect.yaml`."""

from pathlib import Path

from prefect import flow

if __name__ == "__main__":
    flow.from_source(
        source=str(Path(__file__).parent), entrypoint="notebooks/etl/daily_sync.py:run_pipeline"
    ).deploy(name="from-python", work_pool_name="from-python")
