# Nobody has made the limits yet: a warning, and no limit. With `strict=True`, an error.
python pages.py 2>&1 | grep -oE "Concurrency limits .*" | sort -u
python -c "from prefect.concurrency.sync import rate_limit; rate_limit('shop-api', strict=True)" 2>&1 | tail -1
rm seen.txt

# One call in five seconds; one task at the table.
prefect gcl create shop-api --limit 1 --slot-decay-per-second 0.2
prefect gcl create shop-table --limit 1

# Two runs side by side, each with two pages.
python pages.py > first.log 2>&1 &
python pages.py > second.log 2>&1 &
wait
look() {
python - <<'END'
from itertools import pairwise

seen = sorted(line.split() for line in open("seen.txt"))
asked = [float(when) for when, what in seen if what == "asked"]
close = sum(later - earlier < 2 for earlier, later in pairwise(asked))
print(f"{len(asked)} calls, {close} of them within two seconds of the one before")
print("At the table:", *[what for _, what in seen if what != "asked"])
END
}
look

# Two runs of a deployment, under one worker.
rm seen.txt
prefect work-pool create pages --type process > /dev/null
prefect --no-prompt deploy pages.py:fetch --name pages --pool pages > deploy.log
for _ in 1 2; do prefect deployment run pages/pages > /dev/null; done
prefect worker start --pool pages --run-once > worker.log 2>&1
look
