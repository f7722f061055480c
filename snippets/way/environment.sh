# Once, in the notebook's folder: an environment with the packages that its header names.
uv venv --quiet
uv pip install --quiet -r pipeline.py

# In each terminal.
. .venv/bin/activate
command -v prefect | sed "s|$PWD/||"
prefect version | grep "^Version"
