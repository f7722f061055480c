"""Writes the pages of the reader's check from the docstrings of its rules.

Run it by `python -m proven.rule_pages`.
"""

import ast
import re
import sys
import textwrap
from pathlib import Path

from proven.errors import ProvenError
from proven.project import Project

# The page of the site with the pair of files, which a rule's page shows.
PAIRS = {
    "marimo_check": "same-name",
    "decorator_order": "decorator-order",
    "guards": "missing-guards",
    "widgets_in_if": "widgets-in-if",
    "mode_in_setup": "mode-in-setup",
    "setup_secret": "setup-secret",
    "unused_argument": "refresh-ignored",
    "cell_variable": "cell-variable",
    "map_result": "map-result",
    "task_in_test": "task-in-test",
    "wrapper": "wrapper-file",
    "header": "missing-header",
    "bounds": "unbounded",
    "absolute_path": "hard-coded-paths",
}
PARTS = {"Finds": "What it finds", "Why": "Why", "Leave it": "When it is wrong to follow it"}
FENCES = r"(?ms)^``` .*?^```$"
TABLE = re.compile(r"(?s)(<!-- rules -->\n).*?(<!-- /rules -->)")


def rules(source: str) -> list[tuple[str, str, str]]:
    """Name, rank and docstring of each `@rule(RANK)` function."""
    found = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            mark = node.decorator_list[0]
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "rule":
                rank = ast.unparse(mark.args[0]).lower()
                found.append((node.name, rank, textwrap.dedent(ast.get_docstring(node) or "")))
    return found


def parts(doc: str) -> dict[str, str]:
    """The summary, and what stands behind `Finds:`, `Why:` and `Leave it:`."""
    summary, _, rest = doc.partition("\n\n")
    pieces = re.split(rf"(?m)^({'|'.join(PARTS)})(?:, [^:]*)?: ?", rest)[1:]
    texts = (" ".join(text.split()) for text in pieces[1::2])
    return {"summary": summary, **dict(zip(pieces[::2], texts, strict=True))}


def shown(docs: Path, name: str) -> str:
    """The pair of files, with the fences that the pair's own page begins with.

    Raises:
        ProvenError: that page begins with none.
    """
    path = docs / f"antipatterns/{PAIRS[name]}.md"
    fences = re.findall(FENCES, path.read_text(encoding="utf-8").partition("\n## ")[0])
    if not fences:
        raise ProvenError(f"docs/antipatterns/{path.name} shows no pair above its first heading")
    return "\n\n".join(fences)


def sentence(text: str) -> str:
    """Begin with a capital."""
    return text[:1].upper() + text[1:]


def page(docs: Path, name: str, rank: str, doc: str) -> str:
    """The page of a rule, in the anatomy that all share."""
    told = parts(doc)
    kind = "an error" if rank == "error" else "advice: `advice = true` or `--advice` asks for it"
    text = [
        f'---\ntitle: "{name}"\ndescription: {told["summary"].replace("`", "")!r}\n---',
        f"# {told['summary'].rstrip('.')}",
        f"The rule `{name}` of [the check](../check.md). It is {kind}.",
        f"## {PARTS['Finds']}\n\n{sentence(told['Finds'])}",
        f"## {PARTS['Why']}\n\n{sentence(told['Why'])}",
    ]
    if name in PAIRS:
        text.append(f"## Wrong and right\n\n{shown(docs, name)}")
    text.append(f"## {PARTS['Leave it']}\n\n{sentence(told['Leave it'])}")
    if name in PAIRS:
        text.append(f"More: [its page among the anti-patterns](../antipatterns/{PAIRS[name]}.md).")
    return "\n\n".join(text) + "\n"


def table(source: str) -> str:
    """All rules, a row each."""
    rows = ["| Rule | Rank | What it finds |", "| --- | --- | --- |"]
    for name, rank, doc in rules(source):
        link = f"[`{name}`](check/{name.replace('_', '-')}.md)"
        rows.append(f"| {link} | {rank} | {parts(doc)['summary'].rstrip('.')} |")
    return "\n".join(rows)


def pages(project: Project) -> dict[Path, str]:
    """Each generated file, with what it must hold."""
    source = project.find("check/test_notebooks.py").text
    index = project.docs / "check.md"
    text = TABLE.sub(rf"\1\n{table(source)}\n\n\2", index.read_text(encoding="utf-8"))
    made = {index: text}
    for name, rank, doc in rules(source):
        made[project.docs / f"check/{name.replace('_', '-')}.md"] = page(
            project.docs, name, rank, doc
        )
    return made


def main() -> int:
    """Write what is stale."""
    for path, text in pages(Project.around(Path(__file__))).items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
