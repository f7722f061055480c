prefect work-pool create take-away --type process > /dev/null
deploy() { prefect --no-prompt deploy orders.py:run_orders --name take-away --pool take-away "$@" > deploy.log; }
deploy --cron "0 6 * * *" --timezone Asia/Hong_Kong

# The flow gets another name, and is deployed without a schedule.
sed 's/name="orders"/name="shop-orders"/' orders.py > new.py
mv new.py orders.py
deploy
show() { COLUMNS=200 prefect deployment schedule ls $1/take-away | grep -oE "cron: [^│]*" || echo "no schedule"; }
prefect deployment ls | grep -oE "[a-z-]*orders/take-away" | sort
show orders
show shop-orders

# The schedule goes, and then the old deployment.
prefect deployment schedule clear --accept-yes orders/take-away
show orders
prefect deployment delete orders/take-away
prefect deployment ls | grep -oE "[a-z-]*orders/take-away"
