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
from proven.page.needs import needs
from proven.page.pieces import Fold, count, fold, folded
from proven.page.runs import choices, told
from proven.page.site import Lines, Page
from proven.project import Project, Run
from proven.snippet import Snippet


class SnippetDirective(Directive, frozen=True):
    """A card with code: the whole file, or the excerpts that `show` names.

    The whole file of a card that is on the page already is folded.
    """

    word: ClassVar[str] = "snippet"

    show: list[str] = []
    """Cells, functions, key paths or `header`, in this order; `has TEXT` is the one cell
    with this text, for a cell without a name."""
    title: str = ""
    """What stands above the code in place of the file's name."""
    output: list[Mode] = []
    """The recorded runs to show, in these modes; the first is seen."""
    notes: dict[str, str] = {}
    """Numbered notes in Markdown, each at the one line that holds its fragment."""
    since: str = ""
    """An earlier version of the file, as another snippet: the lines that it has not are marked."""

    folded: bool = False
    """Whether the card is a press away, behind a line that says what came of its runs."""

    def expand(self, name: str, page: Page) -> Lines:
        """The card: its code, its runs, the notes."""
        shown = self._shown(name, page)
        if not self.folded:
            return shown
        snippet = page.project.find(name)
        lines = sum(end - start + 1 for start, end in code.spans(snippet, self.show))
        runs = list(self.runs(name, page.project))
        before, after = folded(self.title or name, count(lines, "line"), told(runs))
        return [*page.html(before), *shown, *page.html(after)]

    def _shown(self, name: str, page: Page) -> Lines:
        snippet = page.project.find(name)
        if name in page.files and not (self.show or self.output or self.notes or self.since):
            return page.html(_whole(snippet, self.title or name))
        spans = code.spans(snippet, self.show)
        notes = {code.line_of(part, snippet, spans): text for part, text in self.notes.items()}
        if len(notes) < len(self.notes):
            raise ProvenError(f"snippet {name}: two notes at one line; make them one")
        marks = {line: (n, f"note-{page.cards}-{n}") for n, line in enumerate(sorted(notes), 1)}
        beside = bool(self.output or notes)
        before, after = card(
            page, snippet, self.title or name, excerpt=bool(self.show), beside=beside
        )
        runs = choices(page, self.runs(name, page.project)) if self.output else Html()
        new = code.absent(snippet, page.project.find(self.since), spans) if self.since else ()
        shown = code.block(snippet, spans, marks, new, "new")
        out = page.html(join([before, shown, runs]))
        for line, (n, id_) in marks.items():
            page.anchors.add(id_)
            text = notes[line].strip().replace("\n", "\n    ")
            out += f'{n}. <span id="{id_}"></span>{text}'.split("\n")
        return [*out, *page.html(join([after, needs(page, snippet) if self.output else ""]))]

    def runs(self, name: str, project: Project) -> Iterable[Run]:
        """Those that `output` names."""
        return [project.run(f"{name}::{mode}") for mode in self.output]


def _whole(snippet: Snippet, title: str) -> Html:
    """The whole file, a press away."""
    spans = code.spans(snippet, [])
    much = f"the whole file, {count(spans[0][1], 'line')}"
    return fold(Fold(title, much, code.block(snippet, spans, {})), " fold--file")
