# Which Python runs it: one that was asked for.
uv run --python 3.12 which_python.py

# As on a machine without one that fits, and nothing may be fetched.
export UV_PYTHON_DOWNLOADS=never
UV_PYTHON_PREFERENCE=only-managed UV_PYTHON_INSTALL_DIR="$PWD/none" uv run which_python.py || true
sed 's/">=3.12,<3.15"/">=3.99"/' which_python.py > later.py
uv run later.py || true
