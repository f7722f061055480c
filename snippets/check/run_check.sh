python -m pytest -q test_notebooks.py
