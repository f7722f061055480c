"""A report as often written: the flow asks for a day that only the schedule knows."""

from prefect import flow


@flow(name="report", log_prints=True)
def generate_report(report_date: str) -> None:
    """Report on one day."""
    print(f"Report of {report_date}")
