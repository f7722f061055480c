"""The project's schedules and its settings go by one clock: from the second comes the day."""

import subprocess
import sys

import yaml

from tests.here import ROOT

PROJECT = ROOT / "snippets/project"
ASK = """
from datetime import UTC, datetime
from shared_utils import dates
from shared_utils.config import Config

class Run:
    scheduled_start_time = datetime(2026, 1, 12, 17, 30, tzinfo=UTC)  # 18:30 in Berlin

dates.flow_run = Run
print(Config.model_fields["timezone"].default)
print(dates.day_before_schedule("Europe/Berlin"), dates.day_before_schedule("Asia/Hong_Kong"))
"""


def test_the_schedules_and_the_setting_have_one_clock() -> None:
    """An evening's schedule in Berlin, read on Hong Kong's clock, is of the next day."""
    file = yaml.safe_load((PROJECT / "prefect.yaml").read_text())
    zones = {one["timezone"] for deployed in file["deployments"] for one in deployed["schedules"]}
    asked = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=PROJECT / "src",
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    setting, days = asked.stdout.splitlines()
    assert zones == {setting}
    assert days == "2026-01-11 2026-01-12"
