"""What a run leaves on the server does not meet the second one of a new snippet."""

import pytest

from proven import update
from proven.project import Project
from proven.run.pool import Pool

pytestmark = pytest.mark.slow


def test_a_script_that_creates_something_by_name_can_be_run_twice(
    tiny: Project, pool: Pool
) -> None:
    (tiny.snippets / "make.sh").write_text("prefect work-pool create mine --type process\n")
    run, told = tiny.run("make.sh::shell"), []
    update.renew(pool, [run], lambda run, verdict, text: told.append((verdict, text)))
    assert told == [("new", "")]
    # On the shared server it is there now; so the first one of the next update fails, and says so.
    update.renew(pool, [run], lambda run, verdict, text: told.append((verdict, text)))
    assert told[1][0] == "failed"
