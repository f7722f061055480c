prefect work-pool create one-at-a-time --type process > /dev/null
deploy() { prefect --no-prompt deploy slow.py:work --pool one-at-a-time --concurrency-limit 1 "$@" > deploy.log; }
start() { prefect deployment run "$1" --param seconds=20 --flow-run-name "$2" | grep "URL"; }
states() { prefect flow-run ls --flow-name slow | grep -oE "(first|second)-$1 *│ [A-Z]*" | tr -s " " | sort; }

# The second run waits.
deploy --name waits
start slow/waits first-waits
start slow/waits second-waits
prefect worker start --pool one-at-a-time --run-once > waits.log 2>&1
states waits

# The second run is cancelled.
deploy --name skips --collision-strategy CANCEL_NEW
start slow/skips first-skips
start slow/skips second-skips
prefect worker start --pool one-at-a-time --run-once > skips.log 2>&1
states skips
