"""Make a skill for agents of what the pages say: https://agentskills.io is its format.

`skill.md` beside `snippets/` has the front matter and what a person wrote. To it come the
answer of each page, the rules with what proves them, the claims, and the snippets that it
links to. So the skill says what the pages say, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import msgspec

from proven.errors import ProvenError
from proven.page import abstract, claims, rules
from proven.page.claims import Claim
from proven.page.front import cut
from proven.page.sentences import Sentence, sentences
from proven.project import Project
from proven.sidecar import Strict

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LINK = re.compile(r"\]\(([\w./-]+)\)")
# They speak of the site, not of notebooks.
_OF_THE_SITE = {"index.md", "claims.md", "proof.md", "agents.md"}
CLAIMS = "references/claims.md"


class Front(Strict, frozen=True):
    """The front matter, by the format's own rules."""

    name: str
    description: str
    license: str = ""

    def __post_init__(self) -> None:
        """Refuse what an agent would refuse."""
        if not _NAME.fullmatch(self.name) or len(self.name) > 64:
            raise ValueError("`name` is lower case, digits and single hyphens, 64 at most")
        if not 0 < len(self.description) <= 1024 or "<" in self.description:
            raise ValueError("`description` is text without tags, 1 to 1024 characters")


def front(project: Project) -> Front | None:
    """What the skill is called and for; None where the project has none.

    Raises:
        ProvenError: it is not as the format wants it.
    """
    path = project.root / "skill.md"
    if not path.is_file():
        return None
    head, _ = cut(path.read_text(encoding="utf-8"))
    try:
        return msgspec.yaml.decode(head, type=Front)
    except msgspec.MsgspecError as e:
        raise ProvenError(f"skill.md: {e}") from e


def files(project: Project) -> dict[str, bytes]:
    """The skill's files by their path in its folder.

    Raises:
        ProvenError: `skill.md` links to something that is not there.
    """
    text = (project.root / "skill.md").read_text(encoding="utf-8")
    every = project.once(rules.all_of).items()
    listed = {inner: some for inner, some in every if inner not in _OF_THE_SITE}
    made = {"SKILL.md": text + "\n" + "\n".join(_answers(project, listed)) + "\n"}
    for folder in dict.fromkeys(map(_reference, listed)):
        own = {inner: said for inner, said in listed.items() if _reference(inner) == folder}
        made[folder] = "\n".join(_rules(project, own)) + "\n"
    if project.claims.is_file():
        made[CLAIMS] = "\n".join(_claims(project)) + "\n"
    copied = {
        name: project.find(name).path.read_bytes()
        for name in dict.fromkeys(_LINK.findall(text))
        if name not in made
    }
    return {name: content.encode() for name, content in made.items()} | copied


def _answers(project: Project, listed: dict[str, list[Claim]]) -> Iterator[str]:
    """A line for each page: its question, its answer, where its rules stand."""
    for inner in listed:
        lines = _lines(project, inner)
        answer = " ".join(s.text for s in next(_paragraphs(lines)) if s.rule)
        question = abstract.of(project.docs / inner).question
        yield f"- **{question}** {answer} ([rules]({_reference(inner)}))"


def _rules(project: Project, listed: dict[str, list[Claim]]) -> Iterator[str]:
    """The rules of some pages, each with its condition and its proof."""
    yield "# Rules, each with the run or the test that shows it"
    for inner, said in listed.items():
        lines = _lines(project, inner)
        yield f"\n## {abstract.of(project.docs / inner).question}\n"
        for claim in said:
            yield f"- {claim.claim}"
            if condition := _condition(claim, lines):
                yield f"    - Condition, in its page's words: {condition}"
            yield f"    - Shown by: {', '.join(f'`{proof}`' for proof in claim.proof)}"


def _condition(claim: Claim, lines: list[str]) -> str:
    """What stands around a rule that holds under a condition."""
    if claim.verdict == "true" or " | " in claim.claim:
        return ""
    for paragraph in _paragraphs(lines):
        texts = [sentence.text for sentence in paragraph]
        if claim.claim in texts:
            return " ".join(text for text in texts if text != claim.claim) or "it names it itself"
    return ""


def _claims(project: Project) -> Iterator[str]:
    """What is often said, with what really happens."""
    yield "# What is often said, and what happens"
    for claim in claims.read(project.claims).claim:
        yield f"\n- {' '.join(claim.claim.split())}"
        yield f"    - {claim.verdict.capitalize()}: {' '.join(claim.really.split())}"
        yield f"    - Shown by: {', '.join(f'`{proof}`' for proof in claim.proof)}"


def _reference(inner: str) -> str:
    """Where the rules of a page stand: those of a folder together."""
    first = PurePosixPath(inner).parts[0].removesuffix(".md")
    return f"references/{first}.md"


def _lines(project: Project, inner: str) -> list[str]:
    return cut((project.docs / inner).read_text(encoding="utf-8"))[1].splitlines()


def _paragraphs(lines: list[str]) -> Iterator[list[Sentence]]:
    """The sentences of a page, those of a paragraph or a list together."""
    found: list[Sentence] = []
    for sentence in sentences(lines):
        if found and any(not line.strip() for line in lines[found[-1].line : sentence.line]):
            yield found
            found = []
        found.append(sentence)
    yield found
