"""Reading sidecars: what is not understood is refused."""

from pathlib import Path

import pytest

from proven.errors import ProvenError
from proven.sidecar import scenario
from proven.snippet import Snippet


def _sidecar(folder: Path, text: str) -> Snippet:
    (folder / "x.py").write_text("import marimo\napp = marimo.App()\n")
    (folder / "x.toml").write_text(text)
    return Snippet("x.py", folder)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("brigns = []", "unknown field `brigns`"),
        ("[[edit]]\npres = 'Run'", "unknown field `pres`"),
        ("[[edit]]", "an action has exactly one of"),
        ("[[edit]]\npress = 'a'\nreload = true", "an action has exactly one of"),
        ("[[edit]]\nreload = true", "`reload` is for `run`"),
        ("[wrong.script]\nkind = 'fails'", "needs `type` and `message`"),
        ("[wrong.edit]\nkind = 'harm'\nprobe = 'x'", "needs `probe` and `right`"),
        ("[wrong.nowhere]\nkind = 'fails'\ntype = 'E'\nmessage = 'm'", "Invalid enum value"),
        ("edit = 3", "Expected `array`"),
        ("edit = [", "Invalid"),
    ],
)
def test_a_sidecar_that_is_not_understood_is_an_error(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(ProvenError, match=message) as caught:
        scenario(_sidecar(tmp_path, text))
    assert "snippets/x.toml" in str(caught.value)


def test_no_sidecar_is_the_plain_scenario(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("")
    assert scenario(Snippet("x.py", tmp_path)).wrong == {}
