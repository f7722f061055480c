prefect work-pool create failed --type process > /dev/null
prefect --no-prompt deploy orders.py:run_orders --name failed --pool failed > deploy.log
prefect deployment run orders/failed --start-at "2026-01-06 06:00 UTC" --flow-run-name tuesday | grep "URL"
prefect worker start --pool failed --run-once > worker.log 2>&1

# Which runs failed? The first column is the id. A narrow terminal cuts it off, hence COLUMNS.
COLUMNS=200 prefect flow-run ls --flow-name orders --state failed --state crashed > runs.log
grep -o "tuesday *│ [A-Z]*" runs.log | tr -s " "
id=$(grep "tuesday" runs.log | grep -oE "[0-9a-f-]{36}")

# Why?
prefect flow-run logs $id | grep "ERROR"

# The cause is mended. The same run again.
mkdir warehouse
prefect flow-run retry tuesday | grep -o "has been scheduled for retry"
prefect worker start --pool failed --run-once 2>&1 | grep -E "Finished|Reading|Loaded"
ls warehouse
