"""The database service, on SQLite; on SQL Server too where MSSQL_HOST names one.

    docker run -d -p 1433:1433 -e ACCEPT_EULA=Y -e MSSQL_SA_PASSWORD='Str0ng!pass' \
        mcr.microsoft.com/mssql/server:2022-latest
    MSSQL_HOST=localhost,1433 MSSQL_PASSWORD='Str0ng!pass' pytest tests/unit/test_mssql.py
"""

import os
from datetime import date

import pytest
from prefect.blocks.system import Secret
from services.mssql import MSSQLService
from services.sample import TABLES, make_sample
from shared_utils.config import get_config

DRIVERS = ["sqlite", "mssql-python"] if os.environ.get("MSSQL_HOST") else ["sqlite"]


@pytest.fixture(params=DRIVERS)
def database(request, monkeypatch) -> MSSQLService:
    if request.param == "mssql-python":
        request.getfixturevalue("prefect_api")
        Secret(value=os.environ["MSSQL_PASSWORD"]).save("shop-db-password", overwrite=True)
        monkeypatch.setenv("DB_DRIVER", "mssql-python")
        monkeypatch.setenv("DB_HOST", os.environ["MSSQL_HOST"])
        monkeypatch.setenv("DB_NAME", "tempdb")
        monkeypatch.setenv("DB_USER", os.environ.get("MSSQL_USER", "sa"))
        monkeypatch.setenv("DB_PASSWORD_BLOCK", "shop-db-password")
    make_sample()
    return MSSQLService.of(get_config())


def test_rows_come_as_a_frame_with_dates(database):
    df = database.execute_query("SELECT * FROM orders WHERE order_id = ?", [1])
    assert df.columns == ["order_id", "ordered_on", "product", "quantity", "unit_price"]
    assert df["ordered_on"].to_list() == [date(2026, 1, 5)]


def test_a_value_is_bound_and_never_part_of_the_text(database):
    sql = "SELECT order_id FROM orders WHERE product = ?"
    assert len(database.execute_query(sql, ["tea"])) > 0
    assert len(database.execute_query(sql, ["tea' OR '1'='1"])) == 0


def test_the_sample_is_made_once(database):
    make_sample()
    assert database.execute_query("SELECT COUNT(*) AS n FROM orders")["n"].to_list() == [224]
    assert len(database.execute_query(TABLES[database.driver], ["orders"])) == 1
