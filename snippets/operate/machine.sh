# Here: the code is in a git repository, and the server knows where.
git init --quiet --initial-branch main
git add orders.py
git -c user.name=me -c user.email=me@example.com commit --quiet --message "Orders"
prefect work-pool create machine --type process > /dev/null
REPOSITORY="$PWD" prefect --no-prompt deploy --all --prefect-file machine.yaml > deploy.log
prefect deployment run orders/machine --param day=2026-01-05 | grep "URL"

# There: an empty folder and another Prefect home. It knows the server's address, and has a
# place for the data.
mkdir -p there/home there/warehouse
cd there
export PREFECT_HOME="$PWD/home" WAREHOUSE="$PWD/warehouse"
prefect worker start --pool machine --run-once 2>&1 | grep -E "step|Loaded|Flow run .* Finished"
ls
ls warehouse
