uv run --quiet --isolated --no-project missing_header_right.py
