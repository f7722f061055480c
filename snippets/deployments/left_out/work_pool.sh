# Left out: the line `work_pool:`.
grep -v "work_pool:" prefect.yaml > without.yaml
prefect --no-prompt deploy --name daily-sync-prod --prefect-file without.yaml
