python -m services.sample
prefect work-pool create from-python --type process > /dev/null
python deploy.py
prefect deployment run daily-sync/from-python --param day=2026-01-06 | grep "URL"
prefect worker start --pool from-python --run-once 2>&1 | grep "Flow run .* Finished"
