python -m services.sample
prefect work-pool create from-python --type process > /dev/null
python deploy.py
prefect worker start --pool from-python > worker.log 2>&1 &
prefect deployment run daily-sync/from-python --param day=2026-01-06 --watch | grep -E "URL|finished"
kill $!
