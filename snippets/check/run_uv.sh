uv run --quiet test_notebooks.py notebooks
