prefect work-pool create wrong-parameter --type process > /dev/null
prefect worker start --pool wrong-parameter > worker.log 2>&1 &

prefect --no-prompt deploy --all --prefect-file wrong_parameter.yaml > deploy.log
grep "successfully" deploy.log
prefect deployment run daily-sync/wrong-parameter --watch | grep -E "Parameters|URL|finished"
grep -E "^[a-z.]+[A-Z][A-Za-z]*Error: " worker.log | sort -u
kill $!
