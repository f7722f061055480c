# Exchange two lines, as happens, and let the command put them right.
python -c "
from pathlib import Path
file = Path('notebooks/daily.py')
file.write_text(file.read_text().replace('@app.function\n@task', '@task\n@app.function'))
"
python test_notebooks.py --format github || true
python test_notebooks.py --fix
python test_notebooks.py
