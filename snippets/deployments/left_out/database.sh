# Left out: `python -m services.sample`.
export ENVIRONMENT=prod PYTHONPATH=.
mkdir -p data/prod
python -c "from notebooks.etl.daily_sync import run_pipeline; run_pipeline()"
