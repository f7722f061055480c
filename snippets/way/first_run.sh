# As on a fresh machine: no server, no settings.
server=$PREFECT_API_URL
unset PREFECT_API_URL PREFECT_SERVER_ANALYTICS_ENABLED DO_NOT_TRACK
export PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS=180
python pipeline.py > first.log 2>&1
grep -E "temporary server|products|Flow run .* Finished" first.log

# What the server's telemetry may add: a traceback, whose end is this line.
grep -o -m 1 "sqlite3.OperationalError: database is locked" first.log || echo "no traceback"

# Without telemetry, all of it.
export PREFECT_SERVER_ANALYTICS_ENABLED=false
python pipeline.py

# With a server that was started before, all of it.
export PREFECT_API_URL=$server
python pipeline.py
