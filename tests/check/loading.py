"""The file that a reader copies, as a module, and small repositories to hold against it."""

from pathlib import Path

from proven.testing import module
from tests.here import SNIPPETS

FILE = SNIPPETS / "check/test_notebooks.py"


CHECK = module(FILE, "readers_check")
SETUP = "    import marimo as mo\n    from prefect import flow, task\n"


def notebook(*cells: str, setup: str = SETUP, header: str = "") -> str:
    """A notebook of these cells; one with `@app.` is taken as it is."""
    parts = [header + 'import marimo\n\n__generated_with = "0.25.2"\napp = marimo.App()\n']
    if setup:
        parts.append(f"with app.setup:\n{setup}")
    for cell in cells:
        body = "".join(f"    {line}\n" if line else "\n" for line in cell.split("\n"))
        parts.append(cell + "\n" if "@app." in cell else f"@app.cell\ndef _():\n{body}    return\n")
    parts.append('if __name__ == "__main__":\n    app.run()\n')
    return "\n\n".join(parts)


def repository(folder: Path, **files: str | bytes) -> Path:
    """These files, a double underscore for a slash; `.git` and settings are the test's own."""
    for name, content in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def found(folder: Path, advice: bool = False) -> list[str]:
    """What the check says of a folder: `file:line rule message`."""
    _, findings = CHECK.check(folder, advice)
    return [f"{one.path}:{one.line} {one.rule} {one.message}" for one in findings]


def rules(folder: Path, advice: bool = False) -> list[str]:
    return sorted({line.split()[1] for line in found(folder, advice)})
