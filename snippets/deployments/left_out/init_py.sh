# Left out: `src/services/__init__.py`.
rm src/services/__init__.py
uv pip install --python "$(command -v python)" --no-deps -e . 2>&1 | grep -E "rror|Expected"
exit 1
