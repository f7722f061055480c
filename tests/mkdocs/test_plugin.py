"""The plugin: what a build publishes, refuses and links to; nothing of it is kept in a module."""

import subprocess
import sys
from pathlib import Path

import pytest

from proven.project import Project
from proven.run.process import Process, clean_env, free_port
from proven.testing import CONFIG, PAGE, build, tiny
from tests.here import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return tiny(tmp_path)


def test_snippets_are_published_byte_for_byte(project: Project) -> None:
    site, said = build(project)
    assert said == []
    assert 'href="snippets/a.py" download' in (site / "index.html").read_text()
    assert (site / "snippets/a.py").read_bytes() == (project.snippets / "a.py").read_bytes()


def test_a_sidecar_is_not_published_and_another_toml_is(tmp_path: Path) -> None:
    names = ("a.toml", "etl.toml", "etl/pyproject.toml", "etl/run.py")
    site, _ = build(tiny(tmp_path, {f"snippets/{name}": "" for name in names}))
    published = {path.name for path in (site / "snippets").rglob("*.toml")}
    assert published == {"pyproject.toml"}


def test_a_project_is_published_whole_and_as_an_archive(tmp_path: Path) -> None:
    files = {f"snippets/etl/{name}": "# x\n" for name in ("README.md", ".env.example", "run.py")}
    site, _ = build(tiny(tmp_path, files | {"snippets/etl.toml": ""}))
    assert (site / "snippets/etl.zip").is_file()
    for name in files:
        assert (site / name).read_text() == "# x\n"


def test_an_anchor_in_stashed_html_can_be_linked_to(tmp_path: Path) -> None:
    link = "# T\n\n[run](#run-a-py-script) [gone](#nowhere)\n\n"
    _, said = build(tiny(tmp_path, {"docs/index.md": link + PAGE}), strict=False)
    (only,) = said
    assert "'#nowhere'" in only


def test_bad_input_ends_any_build_with_page_and_line(tmp_path: Path) -> None:
    text = "---\ntitle: T\n---\n\n# T\n\n``` snippet gone.py\n```\n"
    _, said = build(tiny(tmp_path, {"docs/index.md": text}), strict=False)
    assert any("docs/index.md:7: no snippet 'gone.py'" in message for message in said)


def test_addresses_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As mkdocs.yml of this site has them; nothing speaks of 127.0.0.1 where none is given."""
    lines = (ROOT / "mkdocs.yml").read_text().splitlines()
    addresses = [x for x in lines if "!ENV" in x or x.startswith("edit_uri")]
    assert len(addresses) == 3
    edit = "font: false, features: [content.action.edit]"
    config = CONFIG.replace("font: false", edit) + "\n".join(addresses)
    for name in ("SITE_URL", "REPO_URL"):
        monkeypatch.delenv(name, raising=False)
    site, said = build(tiny(tmp_path / "bare", {"mkdocs.yml": config}))
    page = (site / "index.html").read_text()
    assert said == [] and "canonical" not in page and "/edit/" not in page
    assert "127.0.0.1" not in (site / "sitemap.xml").read_text()
    monkeypatch.setenv("SITE_URL", "https://example.org/docs/")
    monkeypatch.setenv("REPO_URL", "https://github.com/owner/name")
    site, _ = build(tiny(tmp_path / "named", {"mkdocs.yml": config}))
    page = (site / "index.html").read_text()
    assert 'rel="canonical" href="https://example.org/docs/"' in page
    assert 'href="https://github.com/owner/name/edit/main/docs/index.md"' in page
    # The theme links to the repository, and asks its host for nothing.
    assert "md-source" in page and 'data-md-component="source"' not in page
    assert "https://example.org/docs/" in (site / "sitemap.xml").read_text()
    assert 'href="https://github.com/owner/name/blob/HEAD/snippets/a.py"' in page
    assert "https://molab.marimo.io/github/owner/name/blob/HEAD/snippets/a.py" in page


def test_our_style_and_script_are_in_every_head(project: Project) -> None:
    site, _ = build(project)
    page = (site / "index.html").read_text()
    assert 'href="assets/proven.css"' in page and '<script src="assets/proven.js" defer>' in page
    assert ".snippet" in (site / "assets/proven.css").read_text()
    assert (site / "assets/proven.js").is_file() and "islands.js" not in page


def test_a_build_loads_no_marimo_and_nothing_that_runs() -> None:
    code = "import sys, proven.mkdocs.plugin; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"marimo", "prefect", "proven.run", "proven.live", "proven.update"}


def test_two_builds_share_nothing(project: Project, tmp_path: Path) -> None:
    site, _ = build(project)
    first = (site / "index.html").read_text()
    build(tiny(tmp_path / "other", {"docs/index.md": "# Other\n\n    typed\n"}))
    site, said = build(project)
    assert said == []
    assert (site / "index.html").read_text().split("<article")[1] == first.split("<article")[1]


@pytest.mark.slow
def test_all_that_a_page_is_made_of_is_watched(tmp_path: Path) -> None:
    claims = {"claims.toml": "", "claims/index.toml": "", "ledger.toml": ""}
    root = tiny(tmp_path / "site", claims).root
    command = [sys.executable, "-m", "mkdocs", "serve", "-a", f"127.0.0.1:{free_port()}"]
    env = clean_env() | {"HOME": str(tmp_path)}
    with Process(command, root, env, tmp_path / "log") as serving:
        serving.until(lambda: "Watching paths" in serving.text, 120, "the paths")
        (line,) = (said for said in serving.text.splitlines() if "Watching paths" in said)
    for path in ("docs", "snippets", *map(repr, ("claims", "claims.toml", "ledger.toml"))):
        assert path in line
