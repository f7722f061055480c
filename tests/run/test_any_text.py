"""Whatever a notebook writes stands in its record as written: many made-up texts, each mode."""

import random
import string
from pathlib import Path

import pytest

from proven.run.pool import Pool
from tests.run.notebooks import SETUP, make, said

pytestmark = pytest.mark.slow

SHAPES = (
    "{w}",
    "{w} {w}: {n}",
    "{n:02d}:{n:02d}:{n:02d}.{n:03d} | INFO    | Flow run '{w}' - {w}",
    "INFO    | Task run '{w}-{h:.3}' - Finished in state Completed()",
    "{h:.8}-{h:.4}-{h:.4}-{h:.4}-{h:.12}",
    "storage_key='/{w}/{h:.32}'",
    "<{w} object at 0x{h:.12}>",
    "127.0.0.1:{p}, http://localhost:{p}/api, {w}:{p}",
    "2026-{m:02d}-{m:02d}T{n:02d}:{n:02d}:00.{p}Z and in {n}.{n:02d}s",
    "/home/{w}/{w}.csv /tmp/{w}/{h:.8} site-packages/{w}.py:{n}: in {w}",
    'Traceback (most recent call last):\n  File "{w}.py", line {n}, in {w}\n  {w}()\n  ^\nE: {w}',
    "Resolved {n} packages in {n}ms\nDownloading {w}\n Built {w}",
    "================ {n} passed in {n}.{n:02d}s ================",
    "---- Captured stdout call ----\n{w}",
    "[W 261123 {n:02d}:35:31 {w}:{n}] {w}",
    "WARNING | EventsWorker - Still processing items: {n} items remaining...",
    "quick-otter {w}-{h:.3} random-name ⟨{w}⟩ … ({n} more lines)",
    "{w}   \n\n  {w}",
    "<b>{w}</b> &amp; <script>{w}</script> random-id='{h:.8}-{h:.4}-{h:.4}-{h:.4}-{h:.12}'",
)
ALPHABET = string.ascii_letters + string.digits + "äßçØñ€中文кирعبر🙂𝔘_-.'\"\\`{}[]()#%$"


def texts(seed: int, count: int = 150) -> list[str]:
    """Made-up texts of every shape, the same for one seed."""
    chance = random.Random(seed)

    def one(shape: str) -> str:
        parts = shape.split("{w}")
        words = ["".join(chance.choices(ALPHABET, k=chance.randint(1, 12))) for _ in parts]
        numbers = {"n": chance.randint(10, 59), "m": chance.randint(1, 12)}
        numbers["p"] = chance.randint(1024, 65535)
        made = [p.format(**numbers, h=f"{chance.getrandbits(128):032x}") for p in parts]
        return "".join(x for pair in zip(made, [*words[1:], ""], strict=True) for x in pair)

    return [one(SHAPES[n % len(SHAPES)]) for n in range(count)]


def _lines(given: list[str]) -> list[str]:
    return "\n".join(given).split("\n")


@pytest.mark.parametrize("mode", ["script", "edit", "run"])
def test_what_a_cell_prints(pool: Pool, tmp_path: Path, mode: str) -> None:
    given = texts(1)
    body = f"@app.cell\ndef _():\n    for _text in {given!r}:\n        print(_text)\n    return\n"
    assert said(make(pool, tmp_path, body, mode)) == _lines(given)


def test_what_a_flow_prints_under_a_worker(pool: Pool, tmp_path: Path) -> None:
    given = [text.strip() for text in texts(2)]
    body = SETUP + FLOW.format(given=given)
    record = make(pool, tmp_path, body, "worker")
    assert record.passed
    head = "INFO    | Flow run 'random-name' - "
    expected = _lines([f"{head}{text}" for text in given])
    text, wanted = "\n".join(record.console), "\n".join(expected)
    assert wanted in text


FLOW = """@app.function
@flow(log_prints=True)
def tell():
    for text in {given!r}:
        print(text)
"""


def test_what_a_failing_test_prints(pool: Pool, tmp_path: Path) -> None:
    given = texts(3)
    body = f"@app.function\ndef test_it():\n    for text in {given!r}:\n        print(text)\n"
    record = make(pool, tmp_path, body + "    assert 1 == 2\n", "test")
    title = " Captured stdout call ".center(100, "-")
    start = record.console.index(title)
    assert record.console[start + 1 :][: len(_lines(given))] == _lines(given)


def test_a_state_message_and_a_parameter(pool: Pool, tmp_path: Path) -> None:
    given = texts(4, 19)
    body = SETUP + RAISING.format(given=given)
    record = make(pool, tmp_path, body, "script")
    assert [flow.parameters for flow in record.flows] == [{"text": text} for text in given]
    for flow, text in zip(record.flows, given, strict=True):
        assert f"ValueError: {text}" in flow.message


RAISING = """@app.function
@flow
def fail(text):
    raise ValueError(text)


@app.cell
def _():
    for _text in {given!r}:
        fail(_text, return_state=True)
    return
"""
