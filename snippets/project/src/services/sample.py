"""A shop that was made up: four weeks of orders, the same on every machine.

    python -m services.sample
"""

from datetime import date, timedelta

from services.mssql import MSSQLService
from shared_utils.config import get_config

FIRST_DAY = date(2026, 1, 5)  # a Monday
LAST_DAY = FIRST_DAY + timedelta(days=27)
PRICES = {"tea": 4.5, "coffee": 6.0, "mug": 11.0, "kettle": 39.0}

TABLE = """
CREATE TABLE orders (
    order_id INT NOT NULL PRIMARY KEY,
    ordered_on DATE NOT NULL,
    product VARCHAR(20) NOT NULL,
    quantity INT NOT NULL,
    unit_price FLOAT NOT NULL
)
"""

TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE name = ?",
    "mssql-python": "SELECT name FROM sys.tables WHERE name = ?",
}


def sample_orders() -> list[tuple[int, date, str, int, float]]:
    """The orders; about one in ten was cancelled and has no quantity."""
    rows = []
    for n in range(224):
        day = FIRST_DAY + timedelta(days=n // 8)
        product = list(PRICES)[(n * n + n // 8) % len(PRICES)]
        rows.append((n + 1, day, product, n * 7 % 10 and 1 + n * 5 % 4, PRICES[product]))
    return rows


def make_sample() -> date:
    """Fill the table `orders` where it is empty; the last day that it holds."""
    config = get_config()
    config.data.mkdir(parents=True, exist_ok=True)
    database = MSSQLService.of(config)
    if not _has_orders(database):
        database.execute(TABLE)
        database.execute("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", sample_orders())
    return LAST_DAY


def _has_orders(database: MSSQLService) -> bool:
    return len(database.execute_query(TABLES[database.driver], ["orders"])) > 0


if __name__ == "__main__":
    print(f"Orders up to {make_sample()}")
