prefect work-pool create one-at-a-time --type process > /dev/null
prefect --no-prompt deploy --all --prefect-file one_at_a_time.yaml > deploy.log

start() { prefect deployment run "slow/$1" --param seconds=900 --flow-run-name "$1-$2" | grep "URL"; }
start waits first
start skips first
prefect worker start --pool one-at-a-time --run-once > first.log 2>&1 &
until grep -qs "waits-first.*Second 1" first.log && grep -qs "skips-first.*Second 1" first.log; do
    sleep 1
done

# The first run of each is there. Now a second.
start waits second
start skips second
prefect worker start --pool one-at-a-time --run-once > second.log 2>&1
COLUMNS=200 prefect flow-run ls --flow-name slow > runs.log
grep -oE "(waits|skips)-(first|second) *│ [A-Z]*" runs.log | tr -s " " | sort

# Enough seen.
for id in $(grep "RUNNING" runs.log | grep -oE "[0-9a-f-]{36}"); do
    prefect flow-run cancel $id > cancel.log
done
wait
