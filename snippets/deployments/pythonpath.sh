# Not installed: the path is given by hand instead.
uv pip uninstall --quiet --python "$(command -v python)" shop-pipelines
export PYTHONPATH=src
python notebooks/examples/tutorial.py

prefect work-pool create pythonpath --type process > /dev/null
prefect --no-prompt deploy notebooks/examples/tutorial.py:first_flow --name pythonpath --pool pythonpath > /dev/null
prefect deployment run tutorial/pythonpath | grep "URL"
PROJECT_DIR="$PWD" prefect worker start --pool pythonpath --run-once 2>&1 | grep "Flow run .* Finished"

cd notebooks/examples
python tutorial.py
