marimo check --strict notebooks
pytest -v --no-header
pytest -v --no-header notebooks/etl/daily_sync.py
