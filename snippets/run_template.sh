uv run template.py
