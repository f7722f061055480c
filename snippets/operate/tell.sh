python receiver.py > messages.log 2>&1 &
until [ -s address.txt ]; do sleep 1; done
export ALERTS="$(cat address.txt)"
python automation.py

prefect work-pool create told --type process > /dev/null
prefect --no-prompt deploy told.py:work --name told --pool told > deploy.log
prefect deployment run told/told --param how=exception --flow-run-name raises | grep "URL"
prefect deployment run told/told --param how=dead --flow-run-name dies | grep "URL"
prefect worker start --pool told --run-once > worker.log 2>&1

# The file is gone, so this run can't load its flow.
mv told.py elsewhere.py
prefect deployment run told/told --flow-run-name never-loads | grep "URL"
prefect worker start --pool told --run-once > worker.log 2>&1

until [ "$(grep -cs "automation" messages.log)" -ge 3 ]; do sleep 1; done
kill $!
sort messages.log
