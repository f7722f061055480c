"""Put recorded runs on a page, and say what there is against their records."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from proven.html import Html, h, join
from proven.judge import harm
from proven.page import pieces
from proven.page.icons import icon
from proven.page.outcome import sentence
from proven.page.run import show, state
from proven.page.site import Page
from proven.project import Run


def anchor(run: Run) -> str:
    """The id of the place on a page where this run is first shown."""
    return f"run-{re.sub(r'[^a-z0-9]+', '-', run.snippet.name.lower())}-{run.mode}"


def choices(
    page: Page,
    runs: Iterable[Run],
    only: Collection[str] = (),
    cells: Collection[str] = (),
) -> Html:
    """Runs of one snippet, one of which is seen.

    Args:
        page: the page that gets them.
        runs: the runs.
        only: the figures to show; empty means all.
        cells: the cells whose outputs to show; empty means all.
    """
    items, key = [], ""
    for run in runs:
        key = key or run.key  # they are of one snippet, so they have one key
        word, shown = one(page, run, key, only, cells)
        kind = pieces.tone(word)
        id_ = page.anchor(anchor(run))
        said = f"{word}, {run.mode.did}" if run.record else word
        items.append(pieces.Choice(id_, run.mode, run.mode.label, kind, said, shown))
    return pieces.choices(items)


def outcomes(page: Page, runs: Iterable[Run], only: Collection[str] = ()) -> Iterator[Html]:
    """A line for each run, which says what came of it; a press away, the run.

    Args:
        page: the page that gets them.
        runs: the runs, of one snippet.
        only: the figures to show of a run; empty means all.
    """
    key = ""
    for run in runs:
        key = key or run.key
        word, shown = one(page, run, key, only, ())
        said = sentence(run.record, harm(run, run.record)) if run.record else Html(word)
        yield _outcome(run, word, said, shown, page.anchor(anchor(run)))


def told(runs: Iterable[Run]) -> Html:
    """What came of these runs, in a line: of one a sentence, of many the mode of each."""
    found = [(run, record) for run in runs if (record := run.record)]
    if len(found) == 1:
        run, record = found[0]
        seen = harm(run, record)
        word = state(record, seen)
        return join([icon(pieces.tone(word), _WORDS[word]), h("span", sentence(record, seen))])
    return join(
        join([icon(pieces.tone(word), _WORDS[word]), h("span", run.mode.label)])
        for run, record in found
        for word in [state(record, harm(run, record))]
    )


def _outcome(run: Run, word: str, said: Html, shown: Html, id_: str) -> Html:
    kind, meant = pieces.tone(word), h("span", f": {_WORDS.get(word, word)}. ", class_="sr")
    head = h(
        "summary",
        icon(kind),
        h("span", run.mode.label.removeprefix("marimo "), meant, class_="outcome-mode"),
        h("span", said, class_="outcome-said"),
        icon("fold"),
    )
    body = h("div", shown, class_="fold-body")
    class_ = f"fold outcome outcome--{kind}"
    return h("details", head, body, class_=class_, id=id_, data_mode=run.mode)


_WORDS = {"harm": "runs, but does the wrong thing", "failed": "fails", "passed": "works"}


def one(
    page: Page, run: Run, key: str, only: Collection[str], cells: Collection[str]
) -> tuple[str, Html]:
    """What came of the run, in a word, and all that it shows."""
    if reason := run.left_out:
        return "not run", h("p", f"Not run: {reason.reason}", class_="meta")
    record = run.record
    if record is None:
        missing = f"no record of {run}; {run.hint}"
        return "not recorded", _state(page, run) or page.warning(missing)
    marks = Html()
    if record.key != key:
        changed = f"{run.snippet.name} has changed since {run} was recorded; {run.hint}"
        marks = _state(page, run) or page.warning(changed)
    seen = harm(run, record)
    return state(record, seen), join([marks, show(record, only, cells, harm=seen)])


def _state(page: Page, run: Run) -> Html:
    """Under `mkdocs serve`: that the run is being made again, or how it failed."""
    said = page.site.state(run)
    return pieces.box(*said) if said else Html()
