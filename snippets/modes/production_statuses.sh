# Each kind of failure has an exit status of its own.
status() { "$@" && echo "exit status 0" || echo "exit status $?"; }

status python production.py
status env ENVIRONMENT=prod SOURCE=data/prod.csv DEST=out/prod.csv python production.py
status env ENVIRONMENT=prod python production.py
status env ENVIRONMENT=prod SOURCE=data/nowhere.csv DEST=out/prod.csv python production.py
status env ENVIRONMENT=prod SOURCE=data/empty.csv DEST=out/prod.csv python production.py
