# No API is configured, so Prefect starts a temporary server, as on a new machine.
unset PREFECT_API_URL
uv run --quiet --exclude-newer 2026-11-22 unbounded_right.py
