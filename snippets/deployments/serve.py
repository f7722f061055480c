"""Offer a notebook's flow from this process: it waits for runs and starts them."""

from prefect import flow

if __name__ == "__main__":
    flow.from_source(
        source=".", entrypoint="notebooks/etl/daily_sync.py:run_pipeline"
    ).serve(name="served", cron="0 6 * * *")
