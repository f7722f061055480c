"""Turn a page into Markdown that needs no site: each directive becomes code and text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from proven.judge import harm
from proven.page import claims, code, needs, outline
from proven.page.directive import Directive
from proven.page.directives import DIRECTIVES
from proven.page.directives.claims import ClaimsDirective, tables
from proven.page.directives.errors import ErrorsDirective
from proven.page.directives.one_file import OneFileDirective
from proven.page.directives.record import RecordDirective
from proven.page.directives.snippet import SnippetDirective
from proven.page.directives.wrong import WrongDirective
from proven.page.fences import Fence, fences
from proven.page.site import Lines, Page
from proven.project import Project, Run
from proven.text.output import of_html
from proven.text.run import fence, of_record

# What only a browser, or a theme, makes something of.
_TAG = re.compile(
    r"<svg\b.*?</svg>|<a\b[^>]*></a>|</?(?:div|span|small|section|details|summary|p|br)\b[^>]*>|<!--.*?-->"
)
_ICON = re.compile(r":(?:material|fontawesome|octicons|simple)-[\w-]+:(?:\{[^}]*\})?\s*")
_MARKS = re.compile(r" ?\{(?::|\s*[.#])[^}]*\}")
# A run has an id in HTML only; headings have theirs everywhere.
_LINK = re.compile(r"(?<=\]\()([^)\s:#]+)(?:#run-[\w-]+)?(?=[#)])")
_TICKS = re.compile(r"\s*(?:`{3,}|~{3,})")

Address = Callable[[str], str]
"""From the path that a link of the page names to the address that it gets."""


def of_page(lines: Lines, page: Page, address: Address) -> str:
    """The page as Markdown.

    Args:
        lines: its own Markdown, without front matter.
        page: where it stands; a new one, since another's anchors would be taken.
        address: what stands for `../modes/guards.md` in a link.
    """
    return "\n".join(_Text(page, address).lines(lines)).strip() + "\n"


def prose(line: str, address: Address) -> str:
    """A line of Markdown without what only a browser understands."""
    bare = _MARKS.sub("", _ICON.sub("", _TAG.sub("", line.replace("<br>", ", "))))
    linked = _LINK.sub(lambda match: address(match[1]), bare)
    return linked if bare == line else linked.strip()


@dataclass
class _Text:
    """One page, while it is told."""

    page: Page
    address: Address
    told: set[tuple[str, ...]] = field(default_factory=set)
    """The runs that were told already, each with the figures that were asked for."""

    @property
    def project(self) -> Project:
        return self.page.project

    def lines(self, lines: Lines) -> Lines:
        out: Lines = [""]
        in_code = False
        for item in fences(lines, DIRECTIVES):
            if isinstance(item, Fence):
                text = self.directive(item)
                out += [] if not out[-1] else [""]
                out += [*(item.indent + line if line else "" for line in text.split("\n")), ""]
                continue
            in_code ^= bool(_TICKS.match(item))
            line = item if in_code else prose(item, self.address)
            if line or out[-1]:
                out.append(line)
        return out

    def directive(self, item: Fence) -> str:
        directive = item.options(DIRECTIVES[item.word])
        match directive:
            case SnippetDirective():
                blocks = self.snippet(directive, item.name)
            case WrongDirective():
                blocks = self.wrong(directive, item.name)
            case RecordDirective():
                runs = directive.runs(item.name, self.project)
                blocks = self.runs(runs, directive.only, directive.cells)
            case OneFileDirective():
                blocks = self.one_file(directive, item.name)
            case ErrorsDirective():
                return "\n".join(self.lines(directive.written(item.name, self.project))).strip()
            case ClaimsDirective():
                return "\n".join(tables(claims.read(self.project.claims)))
            case _:
                return "\n".join(self.other(directive, item.name))
        return "\n\n".join(filter(None, blocks))

    def snippet(self, directive: SnippetDirective, name: str) -> Iterator[str]:
        yield self.code(name, directive.show)
        yield "\n".join(
            f"- `{part.strip()}`: {prose(' '.join(text.split()), self.address)}"
            for part, text in directive.notes.items()
        )
        if directive.output:
            yield needs.told(self.project.find(name))
        yield from self.runs(directive.runs(name, self.project))

    def wrong(self, directive: WrongDirective, name: str) -> Iterator[str]:
        shown = {"wrong": directive.show, "right": directive.show_right or directive.show}
        for side, own in (("wrong", name), ("right", directive.right)):
            if directive.side in ("", side):
                yield f"The {side} version:"
                yield self.code(own, shown[side])
                runs = (self.project.run(f"{own}::{mode}") for mode in directive.modes)
                yield from self.runs(runs, directive.only)

    def one_file(self, directive: OneFileDirective, name: str) -> Iterator[str]:
        imported = self.project.run(f"{name}::import").record
        for mode, text in directive.says.items():
            record = self.project.run(f"{name}::{mode}").record
            did = outline.did(record, imported) if record else {}
            cells = ", ".join(f"`{cell}` {word}" for cell, word in did.items())
            said = f"- {mode.label}: {prose(text, self.address)}"
            yield f"{said} ({cells})" if cells else said

    def other(self, directive: Directive, name: str) -> Iterator[str]:
        """What a directive makes of records: its Markdown stays, its HTML becomes text."""
        for line in directive.expand(name, self.page):
            yield of_html(line) if line.startswith("<") else prose(line, self.address)

    def code(self, name: str, show: Sequence[str]) -> str:
        snippet = self.project.find(name)
        shown = (snippet.lines(*span).strip("\n") for span in code.spans(snippet, show))
        part = "in part" if show else "whole"
        return f"`{name}`, {part}:\n\n{fence('\n\n\n'.join(shown), snippet.language)}"

    def runs(
        self, runs: Iterable[Run], only: Sequence[str] = (), cells: Sequence[str] = ()
    ) -> Iterator[str]:
        for run in runs:
            wanted = (str(run), *only, *cells)
            if reason := run.left_out:
                yield f"`{run}` is not run: {reason.reason}"
            elif {wanted, (str(run),)} & self.told:
                yield f"What `{run}` gave stands above."
            elif record := run.record:
                self.told.add(wanted)
                yield from of_record(record, only, cells, harm(run, record))
