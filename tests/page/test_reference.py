"""The reference of the directives says all that they have, and nothing that they have not."""

import re

import msgspec

from proven.page.directives import DIRECTIVES
from proven.page.reference import reference


def test_every_option_of_every_directive_has_its_sentence() -> None:
    sections = dict(re.findall(r"### `([\w-]+)`\n\n(.*?)(?=\n###|\Z)", reference(), re.S))
    assert list(sections) == list(DIRECTIVES)
    for word, kind in DIRECTIVES.items():
        names = re.findall(r"^- `(\w+)`(?: \(needed\))?: \S.{10}", sections[word], re.M)
        assert names == [field.name for field in msgspec.structs.fields(kind)]
    assert "`right` (needed): The right snippet." in sections["wrong"]
    assert "It has no options." in sections["claims"]
