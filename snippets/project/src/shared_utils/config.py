"""The project's settings: environment variables, then `.env`, then these defaults."""

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import ValidationError
from pydantic_settings import BaseSettings


class ConfigError(Exception):
    """A setting is missing or wrong; the message names its environment variable."""


class Config(BaseSettings, extra="ignore", frozen=True):
    """Each field is read from the environment variable of the same name, in capitals."""

    environment: Literal["dev", "prod"] = "dev"
    timezone: str = "Asia/Hong_Kong"
    first_day: date = date(2026, 1, 5)
    """The day that the shop's orders begin: a day after it without a file is missing."""
    db_driver: Literal["sqlite", "mssql-python"] = "sqlite"
    db_host: str = ""
    db_name: str = "shop.db"
    db_user: str = ""
    db_password_block: str = ""
    """Name of the Prefect Secret block that holds the password."""
    root: Path = Path()
    """The project's folder: found, not set."""

    @property
    def data(self) -> Path:
        """Where this environment's files are."""
        return self.root / "data" / self.environment


def get_config() -> Config:
    """The settings as they are now.

    Raises:
        ConfigError: started outside the project, or a setting is wrong.
    """
    root = find_root(Path.cwd())
    try:
        config = Config(_env_file=root / ".env", root=root)
    except ValidationError as e:
        wrong = [f"{'_'.join(map(str, x['loc'])).upper()}: {x['msg']}" for x in e.errors()]
        raise ConfigError("; ".join(wrong)) from None
    if config.db_driver == "mssql-python" and not config.db_host:
        raise ConfigError("DB_HOST: SQL Server needs the name of its host")
    return config


def find_root(start: Path) -> Path:
    """The nearest folder at or above `start` that holds `prefect.yaml`.

    Raises:
        ConfigError: there is none.
    """
    for folder in (start, *start.parents):
        if (folder / "prefect.yaml").is_file():
            return folder
    raise ConfigError(f"no prefect.yaml at or above {start}: start in the project's folder")
