# Left out: the header of the notebook, of which uvx makes the environment.
echo "import marimo" > bare.py
uvx --with-requirements bare.py pytest bare.py
