prefect work-pool create wrong-parameter --type process > /dev/null
prefect --no-prompt deploy --all --prefect-file wrong_parameter.yaml > deploy.log
grep "successfully" deploy.log
prefect deployment run daily-sync/wrong-parameter | grep -E "Parameters|URL"
prefect worker start --pool wrong-parameter --run-once > worker.log 2>&1
grep -E "^[a-z.]+[A-Z][A-Za-z]*Error: " worker.log | sort -u
grep -o "as crashed: .*" worker.log
