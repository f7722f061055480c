prefect work-pool create cancel --type process > /dev/null
prefect --no-prompt deploy slow.py:work --name cancel --pool cancel > deploy.log
prefect deployment run slow/cancel --param seconds=600 --flow-run-name too-slow | grep "URL"
prefect worker start --pool cancel --run-once > worker.log 2>&1 &
until grep -qs "Second 1" worker.log; do sleep 1; done

# The first column is the id. A narrow terminal cuts it off, hence COLUMNS.
COLUMNS=200 prefect flow-run ls --flow-name slow --state running > runs.log
id=$(grep "too-slow" runs.log | grep -oE "[0-9a-f-]{36}")
prefect flow-run cancel $id | grep -o "was successfully scheduled"

wait
COLUMNS=200 prefect flow-run ls --flow-name slow | grep -o "too-slow *│ [A-Z]*" | tr -s " "
grep -E "Closed|Hook|was cancelled" worker.log
