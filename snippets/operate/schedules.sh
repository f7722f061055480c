prefect work-pool create schedules --type process > /dev/null
prefect --no-prompt deploy orders.py:run_orders --name schedules --pool schedules \
    --cron "0 6 * * *" --timezone Asia/Hong_Kong > deploy.log
show() {
    COLUMNS=200 prefect deployment schedule ls orders/schedules | grep -oE "cron: [^│]*|True|False"
    prefect flow-run ls --flow-name orders --state scheduled --limit 200 --output json > runs.log
    python -c "import json; print(len([run for run in json.load(open('runs.log')) if run['work_pool_name'] == 'schedules']), 'runs are planned')"
}
show
id=$(COLUMNS=200 prefect deployment schedule ls orders/schedules | grep -oE "[0-9a-f-]{36}")
prefect deployment schedule pause orders/schedules $id | grep -o "Paused"
show
prefect deployment schedule resume orders/schedules $id | grep -o "Resumed"

# Paused, and deployed again.
prefect deployment schedule pause orders/schedules $id | grep -o "Paused"
prefect --no-prompt deploy orders.py:run_orders --name schedules --pool schedules \
    --cron "0 6 * * *" --timezone Asia/Hong_Kong > deploy.log
show
prefect deployment schedule resume orders/schedules $id || true
