"""Publish snippets as they are, for downloads and for `uvx marimo edit URL`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File

from proven import archive, files, skill
from proven.project import Project


def snippets(project: Project, config: MkDocsConfig) -> Iterator[File]:
    """Each file, byte for byte, and each project as an archive; no sidecar."""
    for path in files.below(project.snippets):
        # A Markdown file among them would become a page.
        if path.suffix != ".md" and not _is_sidecar(path):
            uri = f"snippets/{path.relative_to(project.snippets).as_posix()}"
            yield File.generated(config, uri, abs_src_path=str(path))
    for folder in archive.projects(project):
        uri = f"snippets/{folder.relative_to(project.snippets).as_posix()}.zip"
        yield File.generated(config, uri, content=archive.pack(folder))


def _is_sidecar(path: Path) -> bool:
    """Whether it says how a file or folder beside it is run here, which no reader needs."""
    beside = path.parent.glob(f"{path.stem}*") if path.suffix == ".toml" else ()
    return any(other.stem == path.stem and other != path for other in beside)


def skill_archive(project: Project, config: MkDocsConfig) -> Iterator[File]:
    """The skill for agents, to download."""
    if front := project.once(skill.front):
        content = archive.packed(front.name, project.once(skill.files))
        yield File.generated(config, f"skill/{front.name}.zip", content=content)


def skill_files(project: Project, site: Path) -> None:
    """The same files one by one; MkDocs would make pages of them."""
    if front := project.once(skill.front):
        for name, content in project.once(skill.files).items():
            target = site / "skill" / front.name / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def hidden_files(project: Project, site: Path) -> None:
    """The files of projects that MkDocs would leave out, or take for pages."""
    for folder in archive.projects(project):
        for path in archive.files(folder):
            target = site / "snippets" / path.relative_to(project.snippets)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
