# Left out: `export PROJECT_DIR="$PWD"`, where the worker starts.
prefect work-pool create no-project-dir --type process > /dev/null
sed "s/name: shop$/name: no-project-dir/" prefect.yaml > here.yaml
prefect --no-prompt deploy --name daily-sync-prod --prefect-file here.yaml > deploy.log
prefect deployment run daily-sync/daily-sync-prod | grep "URL"
prefect worker start --pool no-project-dir --run-once > worker.log 2>&1
grep -o "as crashed: .*" worker.log
grep -o "^FileNotFoundError: .*" worker.log | sed "s|'/.*prefect/|'…prefect/|" | sort -u
exit 1
