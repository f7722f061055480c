"""Each run has one place to which other pages link."""

from pathlib import Path

from proven.page.index import places
from proven.testing import tiny


def test_the_places_of_runs_are_found_on_all_pages(tmp_path: Path) -> None:
    project = tiny(
        tmp_path,
        {
            "docs/p.md": "``` snippet a.py\noutput: script\n```\n\n``` record gone.py\n```\n",
            "docs/q.md": "``` record a.py\nmodes: script, check\n```\n",
        },
    )
    assert places(project) == {
        "a.py::script": "p.md#run-a-py-script",
        "a.py::check": "q.md#run-a-py-check",
    }
