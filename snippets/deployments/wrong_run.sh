prefect work-pool create wrong-run --type process > /dev/null
prefect --no-prompt deploy notebooks/etl/daily_sync.py:run_pipeline --name wrong-run --pool wrong-run > /dev/null
prefect deployment run daily-sync/wrong-run --param environment=prod
