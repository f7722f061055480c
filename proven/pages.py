"""Put snippets and their recorded runs on a page: a Python-Markdown extension.

A directive is a fence whose first word is one of `DIRECTIVES`:

    ``` snippet template.py
    show: extract, transform
    output: script
    notes:
      retries=2: A second and a third try.
    ```

It expands to Markdown and stashed HTML before any other extension sees it, so it
works inside tabs and admonitions, and in any tool that runs Markdown extensions.
Bad input is one error that names page and line.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
import yaml
from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from proven import anywhere, claims, render, truth
from proven.errors import ProvenError
from proven.judge import harm
from proven.modes import Mode
from proven.project import Project, Run
from proven.sidecar import Kind, Strict, modes, scenario
from proven.snippet import Snippet

_TONES: dict[Kind, str] = {"rejected": "bad", "fails": "bad", "harm": "harm"}


# What a directive may say ---------------------------------------------------


class SnippetOptions(Strict, frozen=True):
    """A card with code: the whole file, or the excerpts that `show` names."""

    show: list[str] = []
    """Cells, functions, key paths or `header`, in this order; `has TEXT` is the one cell
    with this text, for a cell without a name."""
    title: str = ""
    output: list[Mode] = []
    """Tabs with the recorded runs of these modes."""
    notes: dict[str, str] = {}
    """Numbered notes in Markdown, each at the one line that holds its fragment."""


class RecordOptions(Strict, frozen=True):
    """Tabs with recorded runs, without code."""

    modes: list[Mode] = []
    """Absent: every mode of the snippet."""
    only: list[render.Part] = []
    cells: list[str] = []


class WrongOptions(Strict, frozen=True):
    """A wrong snippet beside the right one, with what happens to each."""

    right: str
    modes: list[Mode]
    show: list[str] = []
    show_right: list[str] = []
    """What to show of the right one, where its cells have other names."""
    only: list[render.Part] = []
    """The parts of both runs to show, after their outcomes."""
    side: Literal["", "wrong", "right"] = ""
    """Only this side; the other one stands elsewhere on the page."""


class ClaimsOptions(Strict, frozen=True):
    """The generated table of claims."""


class TruthOptions(Strict, frozen=True):
    """The table of what runs when."""

    columns: dict[str, str]
    """Headings, each with the run that it shows: `app: modes/probe.py::run`."""
    keeps: str = ""
    """A kept file with lines of `WHAT | TEXT`, to be shown as it is. Under an empty heading
    the file's first line gives the headings."""


# What the extension is told by the site -------------------------------------


def _fail(message: str) -> None:
    raise ProvenError(message)


@dataclass
class Site:
    """What only the site generator knows; the defaults serve where it says nothing."""

    project: Project = field(default_factory=lambda: Project(Path.cwd()))
    """Where snippets and records are."""
    page: str = "page"
    """The page being read, for messages."""
    first_line: int = 1
    """The line of the page's file on which its Markdown begins (after front matter)."""
    base: str = "/"
    """The URL of the site's root, seen from the page."""
    repo_url: str = ""
    """The repository's own URL, as mkdocs.yml has it."""
    repo: str = ""
    """The URL of the folder `snippets/` in the repository, if there is one."""
    fail: Callable[[str], None] = _fail
    """Told of bad input. Where it returns, the message stands on the page instead."""
    warn: Callable[[str], None] = logging.getLogger("proven").warning
    """Told of a stale or missing record; the message stands on the page too."""
    state: Callable[[Run], tuple[str, str] | None] = lambda run: None
    """Under `mkdocs serve`: what to say of a run that is being made again, and in which box."""
    anchors: set[str] = field(default_factory=set)
    """The ids of the page, of which its stashed HTML tells nobody else."""


# The extension --------------------------------------------------------------

_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<ticks>`{3,}|~{3,})[ ]*(?P<info>[^`]*)$")

# The loader in C, where PyYAML has it, is ten times as fast.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Lines = list[str]
Options = TypeVar("Options", bound=Strict)


class SnippetExtension(Extension):
    """The Markdown extension `proven`."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {"site": [Site(), "What only the site generator knows"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the preprocessor, above the fences of superfences (25)."""
        md.preprocessors.register(_Directives(md, self.getConfig("site")), "proven", 27)


class _Directives(Preprocessor):
    def __init__(self, md: Markdown, site: Site) -> None:
        super().__init__(md)
        self.site = site

    def run(self, lines: Lines) -> Lines:
        return expand(lines, self.site, self.md.htmlStash.store)


def expand(lines: Lines, site: Site, stash: Callable[[str], str]) -> Lines:
    """A page's lines with every directive expanded; `stash` keeps HTML out of Markdown's way."""
    page = _Page(site, stash)
    out: Lines = []
    for item in _fences(lines):
        if isinstance(item, str):
            out.append(item)
            continue
        try:
            expanded = page.expand(item)
        except ProvenError as e:
            message = f"{site.page}:{site.first_line + item.line}: {e}"
            site.fail(message)
            expanded = page.html(render.box(message))
        out += [item.indent + line if line else "" for line in expanded]
    return out


@dataclass(frozen=True)
class _Fence:
    """A directive as it stands on a page; `line` counts from 0."""

    indent: str
    word: str
    name: str
    body: str
    line: int

    def options(self, kind: type[Options]) -> Options:
        """The body as options.

        Raises:
            ProvenError: it is not YAML, or says something that `kind` does not know.
        """
        try:
            given = yaml.load(self.body, _Loader) or {}
        except yaml.YAMLError as e:
            raise ProvenError(f"{self.word} {self.name}: {' '.join(str(e).split())}") from None
        known = kind.__struct_fields__
        if not isinstance(given, dict):
            raise ProvenError(f"{self.word} {self.name}: expected `option: value` lines")
        if extra := [str(key) for key in given if key not in known]:
            options = ", ".join(known) or "none"
            raise ProvenError(f"{self.word} {self.name}: no option {extra[0]!r}; it has: {options}")
        try:
            return msgspec.convert({k: _listed(v, kind, k) for k, v in given.items()}, kind)
        except msgspec.ValidationError as e:
            raise ProvenError(f"{self.word} {self.name}: {e}") from None


def _listed(value: Any, kind: type[Strict], name: str) -> Any:
    """A list may be written as words with commas between."""
    if isinstance(value, str) and str(kind.__annotations__[name]).startswith("list"):
        return [word.strip() for word in value.split(",")]
    return value


def _fences(lines: Lines) -> Iterator[str | _Fence]:
    """The page's lines, with each directive in place of its own.

    A fence that is not a directive is passed over whole, with any directive in it;
    so is an HTML comment.
    """
    i, comment = 0, False
    while i < len(lines):
        line = lines[i]
        comment = (comment or line.lstrip().startswith("<!--")) and "-->" not in line
        match = None if comment else _FENCE.match(line)
        if match is None:
            yield line
            i += 1
            continue
        end = _end_of_fence(lines, i, match["ticks"])
        word, _, name = match["info"].strip().partition(" ")
        if word in DIRECTIVES:
            body = "\n".join(x.removeprefix(match["indent"]) for x in lines[i + 1 : end])
            yield _Fence(match["indent"], word, name.strip(), body, i)
        else:
            yield from lines[i : end + 1]
        i = end + 1


def _end_of_fence(lines: Lines, start: int, ticks: str) -> int:
    for i in range(start + 1, len(lines)):
        stripped = lines[i].strip()
        if len(stripped) >= len(ticks) and set(stripped) == {ticks[0]}:
            return i
    return len(lines)


# One page -------------------------------------------------------------------


class _Page:
    """What has been put on one page so far, and how to put more."""

    def __init__(self, site: Site, stash: Callable[[str], str]) -> None:
        self.site = site
        self.stash = stash
        self.cards = 0
        self.files: set[str] = set()
        self.site.anchors.clear()

    def expand(self, fence: _Fence) -> Lines:
        return DIRECTIVES[fence.word](self, fence)

    def html(self, html: str) -> Lines:
        """A block of HTML, as Markdown that no other extension touches."""
        return ["", self.stash(html), ""]

    def anchor(self, wanted: str) -> str:
        """An id that this page does not have yet; the first asker gets the one it wants."""
        name, n = wanted, 1
        while name in self.site.anchors:
            n += 1
            name = f"{wanted}-{n}"
        self.site.anchors.add(name)
        return name

    # The directives

    def snippet(self, fence: _Fence) -> Lines:
        options = fence.options(SnippetOptions)
        snippet = self.site.project.find(fence.name)
        spans = _spans(snippet, options.show)
        notes = {
            _line_of(fragment, snippet, spans): text for fragment, text in options.notes.items()
        }
        if len(notes) < len(options.notes):
            raise ProvenError(f"{fence.word} {fence.name}: two notes at one line; make them one")
        index = self.cards
        marks = {line: (n, f"note-{index}-{n}") for n, line in enumerate(sorted(notes), 1)}
        opening = self._card(snippet, options.title or snippet.name, bool(options.show))
        opening += _code(snippet, spans, marks)
        closing = self._runs(snippet, options.output) if options.output else ""
        out = self.html(opening)
        for line, (n, id_) in marks.items():
            self.site.anchors.add(id_)
            text = notes[line].strip().replace("\n", "\n    ")
            out += f'{n}. <span id="{id_}"></span>{text}'.split("\n")
        return [*out, *self.html(f"{closing}</div></div>")]

    def record(self, fence: _Fence) -> Lines:
        options = fence.options(RecordOptions)
        snippet = self.site.project.find(fence.name)
        chosen = options.modes or modes(snippet)
        runs = self._runs(snippet, chosen, options.only, options.cells)
        return self.html(f'<div class="snippet-run">{runs}</div>')

    def wrong(self, fence: _Fence) -> Lines:
        options = fence.options(WrongOptions)
        wrong, right = (self.site.project.find(n) for n in (fence.name, options.right))
        declared = scenario(wrong).wrong
        for mode in options.modes:
            if mode not in declared:
                raise ProvenError(f"{wrong.name} is not declared wrong in the mode {mode!r}")
        kinds = dict.fromkeys(declared[mode].kind for mode in options.modes)
        badges = "".join(render.badge(render.KIND_LABELS[k], _TONES[k]) for k in kinds)
        sides = (
            (wrong, right, options.show, "wrong", badges),
            (
                right,
                wrong,
                options.show_right or options.show,
                "right",
                render.badge("works", "ok"),
            ),
        )
        html = ""
        for snippet, other, show, side, marks in sides:
            if options.side not in ("", side):
                continue
            spans = _spans(snippet, show)
            html += self._card(snippet, snippet.name, bool(show), side, marks)
            html += _code(snippet, spans, {}, _differing(snippet, other, spans))
            html += self._runs(snippet, options.modes, options.only, head=True) + "</div></div>"
        return self.html(f'<div class="snippet-pair">{html}</div>')

    def claims(self, fence: _Fence) -> Lines:
        fence.options(ClaimsOptions)
        kept, shown = claims.read(self.site.project.claims), places(self.site.project)
        for problem in claims.problems(kept, shown, self.site.project):
            self.site.warn(f"{self.site.page}: {problem}")
        page = claims.page(kept, shown)
        return [*self.html('<div class="claims">'), *page.split("\n"), *self.html("</div>")]

    def truth(self, fence: _Fence) -> Lines:
        columns, options = [], fence.options(TruthOptions)
        for heading, run in options.columns.items():
            named = self.site.project.run(run)
            kept = named.record
            if kept is None:
                raise ProvenError(f"{fence.word} {fence.name}: no record of {run}")
            columns.append(truth.Column(heading, anchor_of(named), kept))
        if options.keeps:
            return self.html(truth.plain(fence.name, columns, options.keeps))
        return self.html(truth.table(self.site.project.find(fence.name), columns))

    # What they are made of

    def _card(
        self, snippet: Snippet, title: str, excerpt: bool, side: str = "", badges: str = ""
    ) -> str:
        """The card's opening, up to where its code begins."""
        index, self.cards = self.cards, self.cards + 1
        name = escape(snippet.name)
        href = f"{self.site.base}snippets/{name}"
        bar = f'<span class="snippet-title">{escape(title)}</span>{badges}'
        bar += '<span class="snippet-actions" data-search-exclude>'
        bar += _copy_button("file", "Copy file" if excerpt else "Copy", name)
        if excerpt:
            bar += _copy_button("excerpt", "Copy excerpt only", name)
        bar += f'<a href="{href}" download aria-label="Download {name}">Download</a>'
        bar += anywhere.controls(snippet, self.site.repo_url)
        if self.site.repo:
            source = f"{self.site.repo}{name}"
            bar += f'<a href="{escape(source)}" aria-label="{name} in the repository">Source</a>'
        bar += '<span class="snippet-said" role="status"></span></span>'
        kind = f" snippet--{side}" if side else ""
        return (
            f'<div class="snippet{kind}" data-snippet="{name}" data-page-index="{index}">'
            f'<div class="snippet-bar">{bar}</div>{self._file(snippet)}'
            f'<div class="snippet-recorded">'
        )

    def _file(self, snippet: Snippet) -> str:
        """The whole file for the copy button, once on a page."""
        if snippet.name in self.files:
            return ""
        self.files.add(snippet.name)
        # In JSON, with `<` escaped, not a byte of it can be taken for markup.
        text = json.dumps(snippet.text).replace("<", "\\u003c")
        return f'<script type="application/json" data-file="{escape(snippet.name)}">{text}</script>'

    def _runs(
        self,
        snippet: Snippet,
        chosen: Iterable[Mode],
        only: Sequence[render.Part] = (),
        cells: Sequence[str] = (),
        head: bool = False,
    ) -> str:
        items = []
        for mode in chosen:
            run = self.site.project.run(f"{snippet.name}::{mode}")
            id_ = self.anchor(anchor_of(run))
            items.append((id_, run.mode.label, self._run(run, only, cells, head or not only)))
        return render.tabs(f"{items[0][0]}-tabs", items)

    def _run(
        self,
        run: Run,
        only: Sequence[render.Part],
        cells: Sequence[str],
        head: bool,
    ) -> str:
        if reason := run.left_out:
            return f'<p class="run-outcome">Not run: {escape(reason.reason)}</p>'
        kept = run.record
        if kept is None:
            return self._state(run) or self._warning(f"no record of {run}; {run.hint}")
        stale = ""
        if kept.key != run.key:
            stale = self._state(run) or self._warning(
                f"{run.snippet.name} has changed since {run} was recorded; {run.hint}"
            )
        return stale + render.run(kept, only, cells, head=head, harm=harm(run, kept))

    def _state(self, run: Run) -> str:
        """Under `mkdocs serve`: that the run is being made again, or how it failed."""
        state = self.site.state(run)
        return render.box(*state) if state else ""

    def _warning(self, message: str) -> str:
        self.site.warn(f"{self.site.page}: {message}")
        return render.box(message, "warning")


DIRECTIVES: dict[str, Callable[[_Page, _Fence], Lines]] = {
    "snippet": _Page.snippet,
    "record": _Page.record,
    "wrong": _Page.wrong,
    "claims": _Page.claims,
    "truth": _Page.truth,
}
"""The first words of a fence that this extension answers to."""


def places(project: Project) -> dict[str, str]:
    """Where each run is shown: `template.py::edit` → `template.md#run-template-py-edit`.

    The first page in the order of names wins, the home page last: it only gives a taste.
    What Markdown would refuse is left to Markdown.
    """
    found: dict[str, str] = {}
    docs = project.docs
    for page in sorted(docs.rglob("*.md"), key=lambda p: (p == docs / "index.md", p)):
        lines = page.read_text(encoding="utf-8").splitlines()
        for fence in _fences(lines):
            if isinstance(fence, _Fence):
                for run in _shown_runs(fence, project):
                    link = f"{page.relative_to(docs).as_posix()}#{anchor_of(run)}"
                    found.setdefault(str(run), link)
    return found


def anchor_of(run: Run) -> str:
    """The id of the place on a page where this run is first shown."""
    return f"run-{re.sub(r'[^a-z0-9]+', '-', run.snippet.name.lower())}-{run.mode}"


def _shown_runs(fence: _Fence, project: Project) -> list[Run]:
    names = [fence.name]
    shown: Sequence[Mode] = ()
    try:
        if fence.word == "snippet":
            shown = fence.options(SnippetOptions).output
        elif fence.word == "wrong":
            pair = fence.options(WrongOptions)
            sides = {"wrong": fence.name, "right": pair.right}
            names = [sides[pair.side]] if pair.side else list(sides.values())
            shown = pair.modes
        elif fence.word == "record":
            shown = fence.options(RecordOptions).modes or modes(project.find(fence.name))
        return [project.run(f"{name}::{mode}") for name in names for mode in shown]
    except ProvenError:
        return []


# Code -----------------------------------------------------------------------

Span = tuple[int, int]


def _spans(snippet: Snippet, show: Sequence[str]) -> list[Span]:
    """The lines to show; neighbours with only blank lines between become one."""
    if not show:
        return [(1, len(snippet.text.splitlines()))]
    spans: list[Span] = []
    for start, end in (_excerpt(snippet, name) for name in show):
        last = spans[-1][1] if spans else None
        if last is not None and last < start and not snippet.lines(last + 1, start - 1).strip():
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _excerpt(snippet: Snippet, name: str) -> Span:
    if not name.startswith("has "):
        return snippet.excerpt(name)
    text = name.removeprefix("has ")
    found = [(c.start, c.end) for c in snippet.cells if text in snippet.lines(c.start, c.end)]
    if len(found) != 1:
        raise ProvenError(f"{snippet.name}: {len(found)} cells have {text!r}; a name needs one")
    return found[0]


def _line_of(fragment: str, snippet: Snippet, spans: Sequence[Span]) -> int:
    """The line of the file that holds the fragment's beginning.

    Raises:
        ProvenError: the shown code does not hold it exactly once.
    """
    found = [
        start + text.count("\n", 0, match.start())
        for start, end in spans
        for text in [snippet.lines(start, end)]
        for match in re.finditer(re.escape(fragment), text)
    ]
    if len(found) != 1:
        times = f"{len(found)} times" if found else "nowhere"
        raise ProvenError(
            f"the note at {fragment!r}: {snippet.name} has it {times} in what is shown"
        )
    return found[0]


def _differing(snippet: Snippet, other: Snippet, spans: Sequence[Span]) -> set[int]:
    """The shown lines that the other file has not; none where that is most of them."""
    ours, theirs = snippet.text.splitlines(), other.text.splitlines()
    blocks = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    same = {b.a + i + 1 for b in blocks for i in range(b.size)}
    shown = {line for start, end in spans for line in range(start, end + 1)}
    solid = {line for line in shown if ours[line - 1].strip()}
    different = solid - same
    return different if len(different) <= len(solid) / 2 else set()


def _code(
    snippet: Snippet,
    spans: Sequence[Span],
    marks: dict[int, tuple[int, str]],
    different: set[int] = frozenset(),  # type: ignore[assignment]
) -> str:
    """The spans as highlighted code; marks and colours add no character to the text."""
    html = ""
    for start, end in spans:
        lines = list(_highlighted(snippet.language, snippet.lines(start, end)))
        for i, line in enumerate(lines, start):
            if i in marks:
                n, id_ = marks[i]
                mark = (
                    f'<a class="snippet-mark" href="#{id_}" aria-label="Note {n}" data-n="{n}"></a>'
                )
                lines[i - start] = f"{line.removesuffix('\n')}{mark}\n"
            if i in different:
                lines[i - start] = f'<span class="hll">{lines[i - start]}</span>'
        claim = f"{snippet.name}:{start}-{end}"
        html += (
            f'<div class="highlight"><pre data-lines="{escape(claim)}" tabindex="0" role="group" '
            f'aria-label="{escape(snippet.name)}, lines {start} to {end}"><code>'
            f"{''.join(lines)}</code></pre></div>"
        )
    return html


# Made once: to make one reads every style of Pygments' default theme.
_FORMATTER = HtmlFormatter(nowrap=True)


@lru_cache(maxsize=256)
def _highlighted(language: str, text: str) -> tuple[str, ...]:
    html: str = highlight(text, _lexer(language), _FORMATTER)
    return tuple(html.splitlines(keepends=True))


@cache
def _lexer(language: str) -> Any:
    return get_lexer_by_name(language, stripnl=False, ensurenl=False)


def _copy_button(what: str, label: str, name: str) -> str:
    return f'<button type="button" data-copy="{what}" aria-label="{label}: {name}">{label}</button>'
