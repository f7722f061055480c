prefect work-pool create report --type process > /dev/null
prefect --no-prompt deploy --all > deploy.log
grep "successfully" deploy.log
export PROJECT_DIR="$PWD"

# There is no sales.csv yet, so the first run fails.
prefect deployment run report/daily --flow-run-name first | grep "URL"
prefect worker start --pool report --run-once > worker.log 2>&1
COLUMNS=200 prefect flow-run ls --flow-name report | grep -o "first *│ [A-Z]*" | tr -s " "
grep -oE "[A-Za-z]+Error: .*" worker.log | sort -u | head -1

# The sales arrive. The same run again.
python -c "import finished; finished.make_sample('sales.csv')"
prefect flow-run retry first | grep -o "has been scheduled for retry"
prefect worker start --pool report --run-once 2>&1 | grep -E "products|Flow run .* Finished"
cat report.csv
