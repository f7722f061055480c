# Here: a repository with the file above as .pre-commit-config.yaml.
git init --quiet
mv pre-commit-config.yaml .pre-commit-config.yaml
git add .
uvx --quiet pre-commit run

# Exchange two lines, as happens.
python -c "
from pathlib import Path
file = Path('notebooks/daily.py')
file.write_text(file.read_text().replace('@app.function\n@task', '@task\n@app.function'))
"
git add .
uvx --quiet pre-commit run || echo "exit $?"
