"""Whatever marimo opens is run and recorded; what it refuses is said in its words."""

from pathlib import Path

import pytest

from proven.run.pool import Pool
from tests.run.notebooks import HEAD, SETUP, TAIL, make_file, said

pytestmark = pytest.mark.slow

HELLO = '@app.cell\ndef _():\n    print("hello")\n    return\n'
PLAIN = HEAD + HELLO + TAIL
ALIAS = PLAIN.replace("import marimo", "import marimo as mo").replace("marimo.App", "mo.App")
ASYNC = HELLO.replace("def _", "async def _").replace("print", "import asyncio\n\n    print")
MARKDOWN = '@app.cell\ndef _():\n    import marimo as mo\n\n    mo.md("# hello")\n    return\n'
KINDS = {
    "CRLF": ("x.py", PLAIN.replace("\n", "\r\n")),
    "alias": ("x.py", ALIAS),
    "async": ("x.py", HEAD + ASYNC + TAIL),
    "letters of any script": ("имя über 名.py", PLAIN),
    "an empty cell": ("x.py", HEAD + "@app.cell\ndef _():\n    return\n\n\n" + HELLO + TAIL),
}


@pytest.mark.parametrize("mode", ["script", "edit", "run"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_notebook_of_any_kind_says_hello(
    pool: Pool, tmp_path: Path, kind: str, mode: str
) -> None:
    name, text = KINDS[kind]
    record = make_file(pool, tmp_path, name, text.encode(), mode)
    assert (record.passed, said(record)) == (True, ["hello"])


@pytest.mark.parametrize("mode", ["script", "edit", "run"])
def test_markdown_only_and_nothing_at_all(pool: Pool, tmp_path: Path, mode: str) -> None:
    for cells in (MARKDOWN, ""):
        assert make_file(pool, tmp_path, "x.py", (HEAD + cells + TAIL).encode(), mode).passed


@pytest.mark.parametrize("mode", ["check", "edit"])
def test_a_byte_order_mark_is_refused_by_marimo_and_said(
    pool: Pool, tmp_path: Path, mode: str
) -> None:
    record = make_file(pool, tmp_path, "x.py", b"\xef\xbb\xbf" + PLAIN.encode(), mode)
    assert record.passed or record.error is not None


def test_a_byte_order_mark_is_nothing_to_an_import(pool: Pool, tmp_path: Path) -> None:
    body = f"{SETUP}@app.function\n@flow\ndef nightly():\n    return 1\n"
    text = b"\xef\xbb\xbf" + (HEAD + body + TAIL).encode()
    record = make_file(pool, tmp_path, "x.py", text, "import")
    assert record.found == {"nightly": "flow 'nightly' ()"}


CYCLE = "\n\n".join(
    f"@app.cell\ndef _({b}):\n    {a} = {b}\n    return ({a},)\n" for a, b in ("ab", "ba")
)


@pytest.mark.parametrize("mode", ["check", "edit"])
def test_a_cycle_is_said_with_its_cells(pool: Pool, tmp_path: Path, mode: str) -> None:
    record = make_file(pool, tmp_path, "x.py", (HEAD + CYCLE + TAIL).encode(), mode)
    assert record.error is not None
    assert (record.error.type, record.error.line > 0) == ("cycle-dependencies", True)
