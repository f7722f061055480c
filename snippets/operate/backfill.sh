prefect work-pool create backfill --type process > /dev/null
prefect --no-prompt deploy orders.py:run_orders --name backfill --pool backfill > deploy.log
mkdir warehouse

# Each run believes that it is the morning after.
for day in 06 07 08; do
    prefect deployment run orders/backfill --start-at "2026-01-$day 06:00 UTC" | grep "URL"
done
prefect worker start --pool backfill --run-once > worker.log 2>&1
grep . warehouse/*

# One day alone, by the flow's own parameter. The day's file is written over the old one.
prefect deployment run orders/backfill --param day=2026-01-06 | grep "URL"
prefect worker start --pool backfill --run-once 2>&1 | grep -o "Loaded .*"
