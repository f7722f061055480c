prefect work-pool create library-log --type process > /dev/null
prefect --no-prompt deploy logs.py:call --name library-log --pool library-log > deploy.log
heard='"PREFECT_LOGGING_EXTRA_LOGGERS": "shop_api"'
level='"PREFECT_LOGGING_ROOT_LEVEL": "INFO"'
run() { prefect deployment run logs/library-log "$@" | grep "URL" | tee -a urls.log; }
run --flow-run-name as-it-is
run --flow-run-name heard --job-variable env="{$heard}"
run --flow-run-name with-level --job-variable env="{$heard, $level}"
prefect worker start --pool library-log --run-once > worker.log 2>&1

# What the worker's terminal has.
grep -oE "WARNING .*2 calls.*" worker.log | sort

# What the server has of each run.
for id in $(grep -oE "[0-9a-f-]{36}" urls.log); do
    prefect flow-run logs $id | grep -oE "'[a-z-]+' - (GET|200|2 calls).*" || echo "nothing of the library"
done
