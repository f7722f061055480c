prefect work-pool create ending --type process > /dev/null
prefect --no-prompt deploy slow.py:work --name ending --pool ending > deploy.log
run() { prefect deployment run slow/ending --param seconds=$1 --flow-run-name $2 > /dev/null; }
worker() { sh -c 'echo $$ > pid; exec prefect worker start --pool ending' > $1.log 2>&1 || true; }
begun() { until grep -qs "Second 1" $1.log; do sleep 1; done; }
ctrl_c() { kill -INT $(cat pid); }
state() { COLUMNS=200 prefect flow-run ls --flow-name slow | grep -oE "$1 *│ [A-Z]*" | tr -s " "; }

# Ended in the middle of a run.
run 600 left-behind
(begun left-behind; ctrl_c) &
worker left-behind
state left-behind
grep "Closed" left-behind.log || echo "The finally did not run"

# The pool is paused first: the run goes on to its end.
run 10 to-its-end
(begun to-its-end; prefect work-pool pause ending
until state to-its-end | grep -q COMPLETED; do sleep 1; done; ctrl_c) &
worker to-its-end
state to-its-end
