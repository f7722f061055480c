"""A flow in a file of its own, around a notebook's tasks."""

from datetime import date

from notebooks.etl.daily_sync import extract, transform
from prefect import flow
from services.sample import make_sample


@flow(name="wrapper", log_prints=True)
def count_orders(after: date, until: date) -> int:
    """Count the orders between two days."""
    orders = transform(extract(after, until))
    print(f"{len(orders)} orders")
    return len(orders)


if __name__ == "__main__":
    make_sample()
    count_orders(date(2026, 1, 4), date(2026, 1, 5))
