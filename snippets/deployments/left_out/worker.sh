# Left out: the worker.
prefect work-pool create no-worker --type process > /dev/null
prefect --no-prompt deploy notebooks/etl/daily_sync.py:run_pipeline --name no-worker --pool no-worker > /dev/null
prefect deployment run daily-sync/no-worker --watch --watch-timeout 5 > run.log 2>&1 || grep -E "URL|^prefect.*WaitTimeout" run.log
exit 1
