# Left out: the line `entrypoint:`.
grep -v "entrypoint:" prefect.yaml > without.yaml
prefect --no-prompt deploy --name daily-sync-prod --prefect-file without.yaml
