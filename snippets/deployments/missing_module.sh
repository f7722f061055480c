# As on a machine where the project was never installed.
uv pip uninstall --quiet --python "$(command -v python)" shop-pipelines
python notebooks/etl/daily_sync.py
