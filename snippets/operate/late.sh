python receiver.py > messages.log 2>&1 &
until [ -s address.txt ]; do sleep 1; done
export ALERTS="$(cat address.txt)"
sed 's/expect={/&"prefect.flow-run.Late", /' automation.py > with_late.py
grep "expect" with_late.py
python with_late.py

# A pool, and no worker.
prefect work-pool create late --type process > /dev/null
prefect --no-prompt deploy told.py:work --name late --pool late > deploy.log
prefect deployment run told/late --flow-run-name waits | grep "URL"

until grep -qs "automation" messages.log; do sleep 1; done
kill $!
cat messages.log
