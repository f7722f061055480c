# As on a fresh machine: no server, no settings.
unset PREFECT_API_URL PREFECT_SERVER_ANALYTICS_ENABLED DO_NOT_TRACK
export PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS=180
python pipeline.py > first.log 2>&1
grep -E "temporary server|products|Flow run .* Finished" first.log
