"""Directives put files and records on pages; each broken input is one located error."""

import logging
import re
from html import unescape
from pathlib import Path
from typing import Any

import markdown
import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from proven.scenario import Mode

from proven import ledger, pages, record
from proven.errors import ProvenError
from proven.record import CellRun, Record, Step
from proven.snippet import ROOT, SNIPPETS, Snippet

NOTEBOOK = '''\
# /// script
# dependencies = ["marimo"]
# ///

import marimo

app = marimo.App()


@app.function
def double(x: int) -> int:
    """Twice <x>."""
    return x * 2


@app.function
def half(x: int) -> int:
    return x // 2


@app.cell
def show():
    double(21)
    return


if __name__ == "__main__":
    app.run()
'''


class World:
    """Snippets and records in a folder of their own, and a site that reads them."""

    def __init__(self, folder: Path) -> None:
        self.warnings: list[str] = []
        self.root = folder / "snippets"
        self.records = folder / "records"
        self.site = pages.Site(
            page="docs/p.md",
            base="../",
            root=self.root,
            records=self.records,
            docs=folder / "docs",
            warn=self.warnings.append,
        )
        self.root.mkdir()
        self.write("a.py", NOTEBOOK)
        self.record("a.py", "script", console=["42 <ok>"])

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text)

    def record(self, name: str, mode: Mode, **fields: Any) -> None:
        snippet = Snippet(name, self.root)
        key = record.key_of(snippet)
        record.save(Record(name, mode, key=key, **fields), snippet, self.records)

    def html(self, text: str) -> str:
        md = markdown.Markdown(
            extensions=[
                "admonition",
                "pymdownx.superfences",
                "pymdownx.tabbed",
                "pymdownx.details",
                pages.SnippetExtension(site=self.site),
            ],
            extension_configs={"pymdownx.tabbed": {"alternate_style": True}},
        )
        return md.convert(text)

    def loose(self, text: str) -> list[str]:
        blocks = ledger.code_blocks(self.html(text), "docs/p.md")
        return [b.text for b in blocks if not ledger.vouched(b, self.root, self.records)]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def code(html: str) -> list[str]:
    found = re.findall(r"<pre data-lines[^>]*><code>(.*?)</code></pre>", html, re.S)
    return [unescape(re.sub(r"<[^>]+>", "", block)) for block in found]


# What a page shows


def test_a_whole_file_is_shown_byte_for_byte(world: World) -> None:
    assert code(world.html("``` snippet a.py\n```")) == [NOTEBOOK]


def test_excerpts_are_shown_in_the_order_asked_and_neighbours_are_joined(world: World) -> None:
    joined = code(world.html("``` snippet a.py\nshow: double, half\n```"))
    assert len(joined) == 1 and joined[0].startswith("@app.function\ndef double")
    assert "def half" in joined[0] and "def show" not in joined[0]
    apart = code(world.html("``` snippet a.py\nshow: [half, double]\n```"))
    assert [block.split("(")[0][-4:] for block in apart] == ["half", "uble"]


def test_a_cell_without_a_name_is_named_by_what_it_has(world: World) -> None:
    (shown,) = code(world.html("``` snippet a.py\nshow: has double(21)\n```"))
    assert shown.startswith("@app.cell\ndef show")


def test_the_whole_file_is_there_to_copy_once(world: World) -> None:
    html = world.html("``` snippet a.py\nshow: half\n```\n\n``` snippet a.py\nshow: double\n```")
    files = re.findall(r'<script type="application/json" data-file="a.py">(.*?)</script>', html)
    assert [__import__("json").loads(f) for f in files] == [NOTEBOOK]
    assert html.count("Copy excerpt only</button>") == 2
    assert html.count('href="../snippets/a.py" download') == 2
    assert "Source" not in html


def test_the_repository_is_linked_where_one_is_known(world: World) -> None:
    world.site.repo = "https://example.org/blob/HEAD/snippets/"
    assert 'href="https://example.org/blob/HEAD/snippets/a.py"' in world.html(
        "``` snippet a.py\n```"
    )


def test_a_note_marks_its_line_and_adds_no_byte(world: World) -> None:
    html = world.html('``` snippet a.py\nshow: double\nnotes:\n  "x * 2": "It *doubles*."\n```')
    assert re.search(r'return.*data-n="1"></a>\n', html)
    assert re.search(r'<li><span id="note-0-1"></span>It <em>doubles</em>.</li>', html)
    assert code(html) == [Snippet("a.py", world.root).lines(10, 13)]


def test_a_recorded_run_stands_in_the_html(world: World) -> None:
    html = world.html("``` snippet a.py\noutput: script\n```")
    assert "42 &lt;ok&gt;" in html and 'id="run-a-py-script"' in html
    assert not world.warnings
    assert "42 &lt;ok&gt;" in world.html("``` record a.py\nmodes: script\nonly: console\n```")


def test_the_markup_that_live_controls_rely_on(world: World) -> None:
    html = world.html("``` snippet a.py\n```\n\n``` snippet a.py\n```")
    for index in (0, 1):
        assert f'<div class="snippet" data-snippet="a.py" data-page-index="{index}">' in html
    assert html.count('<div class="snippet-bar">') == html.count('class="snippet-recorded">') == 2
    assert html.count("<div") == html.count("</div>")


@pytest.mark.parametrize(
    "frame",
    ['=== "Tab"\n\n{}', "!!! note\n\n{}", '??? note "x"\n\n{}', '!!! a\n\n    === "b"\n\n{}'],
)
def test_it_works_inside_tabs_and_admonitions(world: World, frame: str) -> None:
    directive = '``` snippet a.py\nshow: double\noutput: script\nnotes:\n  "x * 2": Hi\n```'
    indent = "    " * (2 if "===" in frame and "!!!" in frame else 1)
    body = "".join(f"{indent}{line}\n" for line in directive.split("\n"))
    html = world.html(frame.format(body))
    assert code(html) and "42 &lt;ok&gt;" in html and "<li><span id=" in html
    assert html.count("<div") == html.count("</div>")
    assert "wzxhzdk" not in html and "```" not in html


@pytest.mark.parametrize(
    "text",
    [
        "```` markdown\n``` snippet a.py\n```\n````",
        "~~~\n``` snippet gone.py\n```\n~~~",
        "<!--\n``` snippet gone.py\n```\n-->",
    ],
)
def test_a_directive_inside_a_fence_or_a_comment_is_left_alone(world: World, text: str) -> None:
    assert "data-snippet" not in world.html(text)


def test_wrong_stands_beside_right_with_its_badge_and_its_difference(world: World) -> None:
    world.write("b.py", NOTEBOOK.replace("x * 2", "x * 3"))
    world.write("b.toml", '[wrong.script]\nkind = "fails"\ntype = "E"\nmessage = "m"\n')
    world.record("b.py", "script", console=["63"])
    html = world.html("``` wrong b.py\nright: a.py\nmodes: script\nshow: double\n```")
    assert ">fails</span>" in html and "63" in html and "42" in html
    marked = re.findall(r'<span class="hll">(.*?)\n</span>', html)
    assert [re.sub("<[^>]+>", "", line).strip() for line in marked] == [
        "return x * 3",
        "return x * 2",
    ]


def test_the_places_of_runs_are_found_on_all_pages(world: World) -> None:
    world.site.docs.mkdir()
    (world.site.docs / "p.md").write_text("``` snippet a.py\noutput: script\n```\n")
    (world.site.docs / "q.md").write_text("``` record a.py\nmodes: script, check\n```\n")
    assert pages.places(world.site.docs, world.root) == {
        "a.py::script": "p.md#run-a-py-script",
        "a.py::check": "q.md#run-a-py-check",
    }


# Broken input


@pytest.mark.parametrize(
    ("directive", "message"),
    [
        ("snippet aa.py", r"no snippet 'aa.py'.*did you mean a.py"),
        ("snippet ../a.py", "no snippet"),
        ("snippet a.py\nshow: treble", "nothing named 'treble'; it has: .*double, half, show"),
        ("snippet a.py\nshow: has return", "3 cells have 'return'; a name needs one"),
        ("snippet a.py\nlines: 1-3", "no option 'lines'; it has: show, title, output, notes"),
        ("snippet a.py\noutput: live", "Invalid enum value 'live'"),
        ("snippet a.py\noutput: shell", "no mode 'shell'"),
        ("snippet a.py\nshow: double\nnotes: {x // 2: n}", r"a.py has it nowhere in what is shown"),
        ("snippet a.py\nnotes: {app.function: n}", "a.py has it 2 times"),
        ("snippet a.py\nnotes: {x * 2: n, return x *: m}", "two notes at one line"),
        ("snippet a.py\n: [", "snippet a.py: "),
        ("snippet a.py\njust words", "expected `option: value` lines"),
        ("record a.py\nonly: all", "Invalid enum value 'all'"),
        ("wrong a.py\nmodes: script", "missing required field `right`"),
        ("wrong a.py\nright: a.py\nmodes: script", "not declared wrong in the mode 'script'"),
        ("claims\nsection: a", "no option 'section'; it has: none"),
    ],
)
def test_bad_input_is_one_error_with_page_and_line(
    world: World, directive: str, message: str
) -> None:
    world.site.first_line = 5
    with pytest.raises(ProvenError) as caught:
        world.html(f"# T\n\ntext\n\n``` {directive}\n```")
    assert str(caught.value).startswith("docs/p.md:9: ")
    assert re.search(message, str(caught.value))


def test_where_a_page_must_go_on_the_error_stands_on_it(world: World) -> None:
    said: list[str] = []
    world.site.fail = said.append
    html = world.html("``` snippet gone.py\n```\n\n``` snippet a.py\n```")
    assert "docs/p.md:1: no snippet" in html and code(html) == [NOTEBOOK]
    assert len(said) == 1


def test_a_missing_record_names_the_command_that_makes_it(world: World) -> None:
    html = world.html("``` snippet a.py\noutput: edit\n```")
    assert world.warnings == ["docs/p.md: no record of a.py::edit; run: uv run proven update a.py"]
    assert "uv run proven update a.py" in html


def test_a_stale_record_is_shown_and_marked(world: World) -> None:
    world.write("a.py", NOTEBOOK.replace("x * 2", "2 * x"))
    html = world.html("``` snippet a.py\noutput: script\n```")
    assert len(world.warnings) == 1 and "has changed since" in world.warnings[0]
    assert "uv run proven update a.py" in html and "42 &lt;ok&gt;" in html


def test_without_a_site_a_missing_record_goes_to_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.site.warn = pages.Site().warn
    with caplog.at_level(logging.WARNING):
        world.html("``` snippet a.py\noutput: edit\n```")
    assert "no record of a.py::edit" in caplog.text


def test_an_output_that_cannot_be_shown_is_an_error(world: World) -> None:
    cell = CellRun("show", "ran", output=record.Output("text/html", "<marimo-x></marimo-x>"))
    world.record("a.py", "edit", steps=[Step("open", [cell])])
    with pytest.raises(ProvenError, match=r"p\.md:1: a\.py::edit, cell show: .*<marimo-x>"):
        world.html("``` snippet a.py\noutput: edit\n```")


# The whole site


@pytest.fixture
def no_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger speaks of all snippets and pages; these sites have one page."""
    monkeypatch.setattr(ledger, "read", lambda: ledger.Ledger())


def build(folder: Path, text: str, strict: bool = True) -> str:
    """What `mkdocs build` of this one page says; with the site's own configuration."""
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "docs" / "index.md").write_text(text)
    config = load_config(
        str(ROOT / "mkdocs.yml"),
        docs_dir=str(folder / "docs"),
        site_dir=str(folder / "site"),
        strict=strict,
        nav=["index.md"],
        extra_css=[],
        extra_javascript=[],
    )
    config.plugins.on_startup(command="build", dirty=False)
    mkdocs_build(config)
    return (folder / "site" / "index.html").read_text()


def test_this_site_has_nothing_to_warn_of_but_records(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(tmp_path))
    config.plugins.on_startup(command="build", dirty=False)
    mkdocs_build(config)
    said = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
    # Whether records are fresh is for the strict build, and for the tests that run snippets.
    assert [message for message in said if "uv run proven update" not in message] == []


@pytest.mark.usefixtures("no_ledger")
def test_snippets_are_published_byte_for_byte(tmp_path: Path) -> None:
    html = build(tmp_path, "# T\n\n``` snippet template.py\nshow: extract\n```\n")
    assert 'href="snippets/template.py" download' in html
    published = tmp_path / "site" / "snippets" / "template.py"
    assert published.read_bytes() == (SNIPPETS / "template.py").read_bytes()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("``` python\nx = 1\n```", "a code block that comes from no snippet"),
        ("> ``` snippet template.py\n> ```", "not expanded: 'snippet template.py'"),
        ("[a](#nowhere)", "no such anchor"),
    ],
)
def test_a_strict_build_refuses(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str, message: str
) -> None:
    with pytest.raises(Abort):
        build(tmp_path, f"# T\n\n{text}\n")
    assert message in caplog.text


def test_a_strict_build_refuses_a_missing_record(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = "# T\n\n``` record template.py\nmodes: script\n```\n"
    monkeypatch.setattr(record, "load", lambda *_: None)
    with pytest.raises(Abort):
        build(tmp_path, page)
    assert "uv run proven update template.py" in caplog.text
    assert "uv run proven update template.py" in build(tmp_path, page, strict=False)


def test_bad_input_ends_any_build_with_page_and_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Abort):
        build(tmp_path, "---\ntitle: T\n---\n\n# T\n\n``` snippet gone.py\n```\n", strict=False)
    assert "docs/index.md:7: no snippet 'gone.py'" in caplog.text


def test_an_anchor_in_stashed_html_can_be_linked_to(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    link = "[run](#run-template-py-script)"
    card = "``` snippet template.py\noutput: script\n```"
    build(tmp_path, f"# T\n\n{link}\n\n{card}\n", strict=False)
    assert "no such anchor" not in caplog.text


# Code blocks that come from nowhere


def test_what_comes_from_files_and_runs_is_vouched_for(world: World) -> None:
    shown = "<span><pre class=\"x\">'v'</pre></span>"
    cell = CellRun("show", "ran", output=record.Output("text/html", shown), console=["hi"])
    world.record("a.py", "edit", steps=[Step("open", [cell])])
    assert not world.loose("``` snippet a.py\nshow: show, double\noutput: edit, script\n```")


@pytest.mark.parametrize(
    "text",
    [
        "``` python\nx = 1\n```",
        "~~~\nx = 1\n~~~",
        "    x = 1",
        "<pre>x = 1</pre>",
        "!!! note\n\n    ``` yaml\n    x = 1\n    ```",
        "<textarea>x = 1</textarea>",
        "`x = 1\ny = 2`",
        '<pre data-lines="a.py:1-2">x = 1</pre>',
        '<pre data-lines="gone.py:1-2">x = 1</pre>',
        '<div data-run="a.py::script"><pre>x = 1</pre></div>',
        '<div data-run="a.py::worker"><pre>x = 1</pre></div>',
        "``` snipet a.py\n```\n\n    x = 1",
    ],
)
def test_a_block_typed_by_hand_is_found_in_any_form(world: World, text: str) -> None:
    assert any("x = 1" in block for block in world.loose(text))


def test_the_ledger_is_held_to_its_lines(world: World) -> None:
    world.write("flow.py", NOTEBOOK + "\n\n@flow\ndef f(): ...\n")
    arrow = ledger.Block("docs/p.md", "a → b\n")
    typed = ledger.Block("docs/p.md", "x = 1\n")

    def said(blocks: list[ledger.Block], **lines: list[ledger.Reason]) -> list[str]:
        return list(ledger.problems(blocks, ledger.Ledger(**lines), world.root))

    def line(what: str, check: str) -> list[ledger.Reason]:
        return [ledger.Reason(what, "because", check)]

    assert said([arrow], block=line("docs/p.md: a → b", "a diagram")) == []
    assert "is on no page" in said([], block=line("docs/p.md: a → b", "a diagram"))[0]
    assert "is not a diagram" in said([typed], block=line("docs/p.md: x = 1", "a diagram"))[0]
    assert "comes from no snippet and no run" in said([typed])[0]
    assert said([], mode=line("a.py::worker", "no-flow")) == []
    assert "not so: no-flow" in said([], mode=line("flow.py::worker", "no-flow"))[0]
    assert "no snippet" in said([], mode=line("gone.py::worker", "no-flow"))[0]
    assert "no such mode" in said([], mode=line("a.py::deploy", "no-flow"))[0]


def test_a_ledger_with_an_unknown_check_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.toml"
    path.write_text('[[mode]]\nwhat = "a.py::run"\nreason = "r"\ncheck = "because"\n')
    with pytest.raises(ProvenError, match="no check 'because'; there are: no-flow, no-tests"):
        ledger.read(path)


def test_a_mode_that_is_left_out_says_why(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ledger.Ledger(mode=[ledger.Reason("a.py::worker", "It has no flow.", "no-flow")])
    monkeypatch.setattr(ledger, "read", lambda: lines)
    html = world.html("``` record a.py\nmodes: worker\n```")
    assert "Not run: It has no flow." in html and not world.warnings
