"""Change one thing between two runs of unseen.py, and see what each key gives then.

Writes a table: a line for each change, a column for each key.
"""

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

IMPORTED = "import unseen; print(unseen.each_key())"
TESTED = """
import unseen
from prefect.testing.utilities import prefect_test_harness
unseen.numbers = lambda source, least: [1_000_000]
with prefect_test_harness(server_startup_timeout=300):
    print(unseen.each_key())
"""


def script(*arguments: str) -> list[str]:
    """Run it as a script."""
    return ["unseen.py", *arguments]


def edit(old: str, new: str, file: str = "unseen.py"):
    """A change of one line of a file."""

    def change(folder: Path) -> None:
        text = (folder / file).read_text()
        assert text.count(old) == 1, f"{old!r} stands in {file} once"
        (folder / file).write_text(text.replace(old, new))

    return change


def another_folder(folder: Path) -> None:
    """Another folder, with a file of the same name."""
    (folder / "below").mkdir()
    (folder / "below/numbers.txt").write_text("1 2")


BODY = "return sum(numbers(source, least)) * RATE"
HELPER = "if n >= least]"
NOTHING = edit("RATE = 2", "RATE = 2")

# What the reader changes: the change, the first run, the second run.
CHANGES = {
    "nothing": (NOTHING, script(), script()),
    "the file's content": (edit("20", "21", "numbers.txt"), script(), script()),
    "another argument": (NOTHING, script(), script("--least", "50")),
    "the folder of a relative path": (another_folder, script(), ["../unseen.py"]),
    "the body": (edit(BODY, BODY.replace("sum", "max")), script(), script()),
    "a constant of the setup cell": (edit("RATE = 2", "RATE = 5"), script(), script()),
    "a helper": (edit(HELPER, HELPER.replace(">=", ">")), script(), script()),
    "a module that it imports": (edit("1.0", "7.0", "rates.py"), script(), script()),
    "the task: another one of a factory": (
        NOTHING,
        script("--called", "x2"),
        script("--called", "x3"),
    ),
    "the body below a decorator without functools.wraps": (
        edit(HELPER, HELPER.replace(">=", ">")),
        script("--called", "wrapped"),
        script("--called", "wrapped"),
    ),
    "the run: first a test with made-up data": (NOTHING, ["-c", TESTED], ["-c", IMPORTED]),
    "the run: first a script, then an import": (NOTHING, script(), ["-c", IMPORTED]),
    "an environment variable": (lambda folder: {"TIP": "9"}, script(), script()),
}


def run(command: list[str], folder: Path, **more: str) -> dict[str, list]:
    """What each key gives, and the state of its task run."""
    env = os.environ | {"PREFECT_LOCAL_STORAGE_PATH": str(folder / "results")} | more
    cwd = folder / "below" if command[0].startswith("..") else folder
    done = subprocess.run(
        [sys.executable, *command], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return ast.literal_eval(done.stdout.splitlines()[-1])


@cache
def after(first: tuple[str, ...]) -> Path:
    """A folder in which the notebook ran once, with the results that it kept."""
    folder = Path(tempfile.mkdtemp())
    for name in ("unseen.py", "rates.py"):
        shutil.copy(name, folder)
    (folder / "numbers.txt").write_text("1 20 300")
    run([*first], folder)
    return folder


def second_run(change, first: list[str], second: list[str]) -> dict[str, str]:
    """What each key gives after the change: the right value or an old one."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(shutil.copytree(after(tuple(first)), place, dirs_exist_ok=True))
        given = run(second, folder, **(change(folder) or {}))
    right, _ = given.pop("no key")
    words = {"Cached": "from the cache", "Completed": "computed"}
    return {
        key: words[state] if value == right else "WRONG: the old value"
        for key, (value, state) in given.items()
    }


def main() -> None:
    """Try each change, two at a time; write the table."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(after, {tuple(first) for _, first, _ in CHANGES.values()}))
        rows = list(pool.map(lambda tried: second_run(*tried), CHANGES.values()))
    lines = [["what changes", *rows[0]]]
    lines += [[name, *row.values()] for name, row in zip(CHANGES, rows, strict=True)]
    text = "".join(" | ".join(line) + "\n" for line in lines)
    Path("unseen.txt").write_text(text)
    print(text, end="")


if __name__ == "__main__":
    main()
