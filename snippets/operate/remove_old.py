"""Remove a flow's runs that ended more than so many days ago: python remove_old.py orders 90."""

import sys
from datetime import UTC, datetime, timedelta

from prefect.client.orchestration import get_client
from prefect.client.schemas import filters

flow, days = sys.argv[1], float(sys.argv[2])
before = datetime.now(UTC) - timedelta(days=days)
of_flow = filters.FlowFilter(name=filters.FlowFilterName(any_=[flow]))
old = filters.FlowRunFilter(end_time=filters.FlowRunFilterEndTime(before_=before))
removed = 0

with get_client(sync_client=True) as client:
    # An answer holds 200 runs at most, so ask until none is left.
    while runs := client.read_flow_runs(flow_filter=of_flow, flow_run_filter=old):
        for run in runs:
            client.delete_flow_run(run.id)
        removed += len(runs)

print(removed, "runs removed")
