uv run --quiet --isolated --no-project missing_header_wrong.py
