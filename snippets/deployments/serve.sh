python -m services.sample
python serve.py > serve.log 2>&1 &
until prefect deployment inspect daily-sync/served > inspect.log 2>&1; do sleep 1; done
prefect deployment run daily-sync/served --param day=2026-01-06 --watch | grep -E "URL|finished"
kill $!
wait $!
