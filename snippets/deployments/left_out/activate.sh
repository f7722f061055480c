# Left out: `. .venv/bin/activate`.
PATH=/usr/bin:/bin
marimo check --strict notebooks
