# Left out: `. .venv/bin/activate`.
PATH=/usr/bin:/bin bash -c "marimo check --strict notebooks"
