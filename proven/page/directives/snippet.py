"""The directive `snippet`: code, and what it gave."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from proven.errors import ProvenError
from proven.html import Html, join
from proven.modes import Mode
from proven.page import code
from proven.page.card import card
from proven.page.directive import Directive
from proven.page.runs import tabs
from proven.page.site import Lines, Page
from proven.project import Project, Run


class SnippetDirective(Directive, frozen=True):
    """A card with code: the whole file, or the excerpts that `show` names."""

    word: ClassVar[str] = "snippet"

    show: list[str] = []
    """Cells, functions, key paths or `header`, in this order; `has TEXT` is the one cell
    with this text, for a cell without a name."""
    title: str = ""
    """What stands above the code in place of the file's name."""
    output: list[Mode] = []
    """Tabs with the recorded runs of these modes."""
    notes: dict[str, str] = {}
    """Numbered notes in Markdown, each at the one line that holds its fragment."""
    since: str = ""
    """An earlier version of the file, as another snippet: the lines that it has not are marked."""

    def expand(self, name: str, page: Page) -> Lines:
        """The card, with the notes between its code and its runs."""
        snippet = page.project.find(name)
        spans = code.spans(snippet, self.show)
        notes = {code.line_of(part, snippet, spans): text for part, text in self.notes.items()}
        if len(notes) < len(self.notes):
            raise ProvenError(f"snippet {name}: two notes at one line; make them one")
        marks = {line: (n, f"note-{page.cards}-{n}") for n, line in enumerate(sorted(notes), 1)}
        before, after = card(page, snippet, self.title or name, excerpt=bool(self.show))
        new = code.absent(snippet, page.project.find(self.since), spans) if self.since else ()
        shown = tabs(page, self.runs(name, page.project)) if self.output else Html()
        out = page.html(join([before, code.block(snippet, spans, marks, new)]))
        for line, (n, id_) in marks.items():
            page.anchors.add(id_)
            text = notes[line].strip().replace("\n", "\n    ")
            out += f'{n}. <span id="{id_}"></span>{text}'.split("\n")
        return [*out, *page.html(join([shown, after]))]

    def runs(self, name: str, project: Project) -> Iterable[Run]:
        """Those that `output` names."""
        return [project.run(f"{name}::{mode}") for mode in self.output]
