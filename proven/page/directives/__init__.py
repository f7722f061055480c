"""The directives, a file each: a subclass of `Directive` named like nothing else in the file."""

from __future__ import annotations

from proven.page.directive import Directive
from proven.page.folder import modules

DIRECTIVES: dict[str, type[Directive]] = {
    kind.word: kind
    for module in modules(__name__)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Directive) and kind is not Directive
}
"""Each by the word that a fence begins with."""
