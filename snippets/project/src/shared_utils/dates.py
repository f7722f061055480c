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


def today(timezone: str) -> date:
    """The day that it is now on a clock of `timezone`."""
    return datetime.now(ZoneInfo(timezone)).date()


def days_between(first: date, last: date) -> list[date]:
    """Each day from the first to the last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def iso_week(day: date) -> str:
    """The ISO week that holds this day: `2026-W05`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def days_of(week: str) -> list[date]:
    """The seven days of an ISO week, from Monday."""
    monday = monday_of(week)
    return days_between(monday, monday + timedelta(days=6))


def weeks_between(first: str, last: str) -> list[str]:
    """Each ISO week from the first to the last, both included."""
    return [iso_week(day) for day in days_between(monday_of(first), monday_of(last))[::7]]


def monday_of(week: str) -> date:
    """The first day of an ISO week."""
    return datetime.strptime(f"{week}-1", "%G-W%V-%u").date()
