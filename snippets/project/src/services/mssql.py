"""Read and write the shop's database: SQL Server, or SQLite where there is none.

Both drivers speak Python's database interface and bind `?`, so a query is the same
text for both. Values are bound, never put into the text.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

import polars as pl
from prefect.blocks.system import Secret

from shared_utils.config import Config

# SQLite has no dates: columns declared DATE are kept as text and given back as dates.
sqlite3.register_adapter(date, date.isoformat)
sqlite3.register_converter("DATE", lambda raw: date.fromisoformat(raw.decode()))


@dataclass(frozen=True)
class MSSQLService:
    """A database; `server` is empty for SQLite, whose `database` is a file."""

    server: str
    database: str
    driver: str = "sqlite"
    user: str = ""
    password_block: str = ""

    @classmethod
    def of(cls, config: Config) -> Self:
        """The database that the project's settings name."""
        name = config.db_name
        if config.db_driver == "sqlite":
            name = str(config.data / name)
        return cls(
            config.db_host, name, config.db_driver, config.db_user, config.db_password_block
        )

    def execute_query(self, sql: str, parameters: Sequence[Any] = ()) -> pl.DataFrame:
        """The rows of a query, each `?` bound to a parameter."""
        with self._connection() as connection:
            cursor = connection.cursor()
            cursor.execute(sql, tuple(parameters))
            columns = [column[0] for column in cursor.description]
            rows = [tuple(row) for row in cursor.fetchall()]
        return pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None)

    def execute(self, sql: str, rows: Iterable[Sequence[Any]] = ((),)) -> None:
        """Run a statement once for each row of parameters; all of them or none."""
        with self._connection() as connection:
            cursor = connection.cursor()
            for row in rows:
                cursor.execute(sql, tuple(row))
            connection.commit()

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        connection = self._connect()
        try:
            yield connection
        finally:
            connection.close()

    def _connect(self) -> Any:
        # `_sync`: in the editor a loop runs, and a plain load would give a coroutine.
        block = self.password_block
        password = Secret.load(block, _sync=True).get() if block else ""
        if self.driver == "sqlite":
            return sqlite3.connect(self.database, detect_types=sqlite3.PARSE_DECLTYPES)
        import mssql_python  # only where it is used: it is an optional dependency

        parts = {"SERVER": self.server, "DATABASE": self.database, "Encrypt": "yes"}
        if self.user:
            parts |= {"UID": self.user, "PWD": password}
        else:
            parts |= {"Trusted_Connection": "yes"}
        return mssql_python.connect(";".join(f"{k}={_quoted(v)}" for k, v in parts.items()))


def _quoted(value: str) -> str:
    """A value of a connection string; in braces nothing but `}` has a meaning."""
    return "{" + value.replace("}", "}}") + "}"
