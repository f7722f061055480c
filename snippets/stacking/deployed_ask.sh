prefect work-pool create asked --type process
prefect --no-prompt deploy deployed.py:made -n one -p asked
prefect --no-prompt deploy deployed.py:made_kept -n two -p asked
prefect worker start --pool asked > worker.log 2>&1 &
# A worker in the background of a script is deaf to gentler signals.
trap "kill -KILL $!" EXIT
python deployed.py --ask yes
