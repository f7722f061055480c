# Exchange two lines, as happens.
python -c "
from pathlib import Path
file = Path('notebooks/daily.py')
file.write_text(file.read_text().replace('@app.function\n@task', '@task\n@app.function'))
"
python -m pytest -q --tb=line test_notebooks.py
