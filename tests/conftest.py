"""Let tests press Ctrl-C and hang up: a suite that was started in the background, or under
`nohup`, ignores it, and so do its children.
"""

import signal
from pathlib import Path

import pytest

from proven import testing
from proven.project import Project

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

pytest_plugins = ["tests.built"]


@pytest.fixture
def tiny(tmp_path: Path) -> Project:
    """A project of three files; nothing is recorded yet."""
    config = testing.CONFIG + "nav:\n  - index.md\n"
    return testing.tiny(tmp_path, {"mkdocs.yml": config}, recorded=False)
