uv run --quiet probe.py
