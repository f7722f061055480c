# Nothing listens on this port.
PREFECT_API_URL=http://127.0.0.1:9/api python notebooks/etl/daily_sync.py
