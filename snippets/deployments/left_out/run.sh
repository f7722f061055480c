# Left out: the run. `.fn` calls the function alone, and it asks for the logger of a run.
python - <<'END'
from prefect import get_run_logger, task


@task
def transform():
    get_run_logger().info("two rows are left")


transform.fn()
END
