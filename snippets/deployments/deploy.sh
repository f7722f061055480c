# The shop's database, where the deployments look for it: they run as `prod`.
ENVIRONMENT=prod python -m services.sample

prefect work-pool create shop --type process
prefect --no-prompt deploy --all

# `--start-at` a past moment runs at once, and the flow sees that moment as its schedule.
# With `--run-once` a worker runs what is due, and ends. Without, it waits for more.
export PROJECT_DIR="$PWD"
run() {
    prefect deployment run "$@" | grep "URL"
    prefect worker start --pool shop --run-once 2>&1 | grep "Flow run .* Finished"
}
run daily-sync/daily-sync-prod --start-at "2026-01-12 06:00 +08:00"
run daily-summary/daily-summary-prod --start-at "2026-01-12 08:00 +08:00"
run weekly-agg/weekly-agg-prod --start-at "2026-01-12 07:00 +08:00"
run weekly-metrics/weekly-metrics-prod --start-at "2026-01-12 09:00 +08:00"

python - <<'END'
import polars as pl

daily = pl.read_parquet("data/prod/daily/*.parquet")
print(len(daily), "orders,", daily["ordered_on"].min(), "to", daily["ordered_on"].max())
print(pl.read_parquet("data/prod/weekly/2026-W02.parquet").rows())
END
