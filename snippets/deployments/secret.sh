python - <<'END'
from prefect.blocks.system import Secret

Secret(value="not-a-real-password").save("shop-db-password", overwrite=True)
END
DB_PASSWORD_BLOCK=shop-db-password python notebooks/etl/daily_sync.py
