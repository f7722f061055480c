# Left out: `cd` into the project's folder.
notebook="$PWD/notebooks/etl/daily_sync.py"
cd /
python "$notebook"
