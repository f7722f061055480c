"""Remove the flow runs that ended more than so many days ago: python remove_old.py 90."""

import sys
from datetime import UTC, datetime, timedelta

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterEndTime

before = datetime.now(UTC) - timedelta(days=float(sys.argv[1]))
old = FlowRunFilter(end_time=FlowRunFilterEndTime(before_=before))
removed = 0

with get_client(sync_client=True) as client:
    # An answer holds 200 runs at most, so ask until none is left.
    while runs := client.read_flow_runs(flow_run_filter=old):
        for run in runs:
            client.delete_flow_run(run.id)
        removed += len(runs)

print(removed, "runs removed")
