"""Days and weeks of a scheduled run."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from prefect.runtime import flow_run


def day_before_schedule(timezone: str) -> date:
    """The day before the one that this run is scheduled for, on a clock of `timezone`.

    Prefect gives the time in UTC, where 6 in the morning in Hong Kong is still the
    day before. Outside a run, the time is now.
    """
    start = flow_run.scheduled_start_time or datetime.now(UTC)
    # Prefect's own class of time gives its own class of date, which no database binds.
    plain = datetime.fromtimestamp(start.timestamp(), ZoneInfo(timezone))
    return plain.date() - timedelta(days=1)


def iso_week(day: date) -> str:
    """The ISO week that holds this day: `2026-W05`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def days_of(week: str) -> list[date]:
    """The seven days of an ISO week, from Monday."""
    monday = datetime.strptime(f"{week}-1", "%G-W%V-%u").date()
    return [monday + timedelta(days=n) for n in range(7)]
