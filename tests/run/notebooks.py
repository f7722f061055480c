"""Small notebooks, made and run in a test."""

from pathlib import Path

from proven.record import Record
from proven.run.pool import Pool
from proven.snippet import Snippet
from tests.here import run_of

HEAD = 'import marimo\n\n__generated_with = "0.25.2"\napp = marimo.App()\n\n\n'
TAIL = '\n\nif __name__ == "__main__":\n    app.run()\n'
SETUP = "with app.setup:\n    from prefect import flow, task\n\n\n"


def make(pool: Pool, folder: Path, body: str, mode: str, sidecar: str = "") -> Record:
    """Write a notebook with these cells, run it."""
    return make_file(pool, folder, "x.py", (HEAD + body + TAIL).encode(), mode, sidecar)


def make_file(
    pool: Pool, folder: Path, name: str, text: bytes, mode: str, sidecar: str = ""
) -> Record:
    """Write a file, run it."""
    (folder / name).write_bytes(text)
    (folder / name).with_suffix(".toml").write_text(sidecar)
    return pool.make(run_of(Snippet(name, folder), mode))


def said(record: Record) -> list[str]:
    """All console lines of a record."""
    return record.console + [x for s in record.steps for c in s.cells for x in c.console]
