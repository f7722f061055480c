"""The errors page: every line that was left out is on it, below the error that really came.

That each text is one of its run, and that no script is missing, the directive refuses otherwise
(tests/page/directives/test_errors.py); here the page itself is looked at.
"""

import pytest

from proven.page.directives import DIRECTIVES
from proven.page.directives.errors import ErrorsDirective, said
from proven.page.fences import Fence, fences
from tests.here import ROOT, SNIPPETS, find, load

pytestmark = pytest.mark.slow

TEXT = (ROOT / "docs/project/errors.md").read_text()
LEFT_OUT = sorted(p.name for p in (SNIPPETS / "deployments/left_out").glob("*.sh"))


def shown(page: str) -> dict[str, str]:
    """Each script that the page shows, with the error below which it stands."""
    (fence,) = (f for f in fences(page.splitlines(), DIRECTIVES) if isinstance(f, Fence))
    of = fence.options(ErrorsDirective).of
    return {f"{fence.name}/{script}": entry.error for script, entry in of.items()}


def missing(page: str) -> set[str]:
    """The lines that were left out and are not on the page."""
    return set(LEFT_OUT) - {name.rpartition("/")[2] for name in shown(page)}


def heard(name: str) -> str:
    """All that the recorded run said."""
    record = load(find(name), "shell")
    assert record is not None and record.error is not None
    return said(record.console, record.error.message)


def test_every_line_that_was_left_out_is_on_the_page() -> None:
    assert len(LEFT_OUT) >= 10
    assert missing(TEXT) == set()
    assert missing(TEXT.replace("left_out/init_py.sh", "wrong_pool.sh")) == {"init_py.sh"}


@pytest.mark.parametrize("name", shown(TEXT))
def test_each_heading_is_a_text_of_its_run(name: str) -> None:
    assert shown(TEXT)[name] in heard(name)
    assert "a text of no run" not in heard(name)


def test_each_is_meant_to_fail() -> None:
    assert all("[wrong.shell]" in (SNIPPETS / name).with_suffix(".toml").read_text()
               for name in shown(TEXT))  # fmt: skip
