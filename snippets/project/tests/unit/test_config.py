"""Settings: where they come from, and what a wrong one says."""

import pytest
from shared_utils.config import ConfigError, get_config


def test_everything_has_a_default(project):
    config = get_config()
    assert config.db_driver == "sqlite"
    assert config.data == project / "data" / "dev"


def test_a_subfolder_finds_the_project(project, monkeypatch):
    (project / "notebooks").mkdir()
    monkeypatch.chdir(project / "notebooks")
    assert get_config().root == project


def test_the_environment_wins_over_the_file(project, monkeypatch):
    (project / ".env").write_text("ENVIRONMENT=prod\nDB_NAME=other.db\n")
    monkeypatch.setenv("DB_NAME", "mine.db")
    config = get_config()
    assert (config.environment, config.db_name) == ("prod", "mine.db")


def test_a_wrong_value_names_its_variable(monkeypatch):
    monkeypatch.setenv("ENVIRONMENT", "production")
    with pytest.raises(ConfigError, match="ENVIRONMENT: Input should be 'dev' or 'prod'"):
        get_config()


def test_outside_the_project_the_error_says_where_to_start(tmp_path_factory, monkeypatch):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    with pytest.raises(ConfigError, match="start in the project's folder"):
        get_config()
