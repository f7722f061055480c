# Left out: the server, and `PREFECT_API_URL`. On a busy machine the temporary one is too late:
# here it is given no time at all.
unset PREFECT_API_URL
export PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS=1
python notebooks/etl/daily_sync.py
