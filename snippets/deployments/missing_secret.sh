DB_PASSWORD_BLOCK=shop-db-password python notebooks/etl/daily_sync.py
