"""Save notebooks in marimo's own editor, as a reader does: a browser, Ctrl-S.

What a save does to a file is done by the editor's page and by the server
together, so nothing less than both shows it. No cell is run.
"""

from __future__ import annotations

import difflib
import re
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from proven.browser import chromium
from proven.errors import ProvenError
from proven.run.kernel import Notebook
from proven.run.process import own_home
from proven.snippet import Snippet

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# For a file in a temporary folder (`/tmp`, `/var/folders`) Ctrl-S asks for a name.
KEPT = "/var/tmp"
LIMIT = 60_000  # milliseconds; two seconds on an idle machine


class Editor:
    """marimo's editor on a folder of its own, open in a browser; a context manager."""

    def __init__(self, env: dict[str, str]) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="proven-", dir=KEPT))
        self._folder = self._home / "notebooks"
        self._folder.mkdir()
        env = env | own_home(self._home)
        self._notebook = Notebook(self._folder, "edit", env, self._home / "marimo.log")
        self._browser: Browser | None = None
        self._stack = ExitStack()

    def saved(self, snippet: Snippet) -> list[str]:
        """Open a copy of the notebook, save it; what changed, as lines with `-` and `+`."""
        from playwright.sync_api import Error as PlaywrightError

        file = self._folder / snippet.name.replace("/", "-")
        file.write_bytes(snippet.path.read_bytes())
        if self._browser is None:
            self._browser = self._stack.enter_context(chromium())
        page = self._browser.new_page()
        page.set_default_timeout(LIMIT)
        try:
            page.goto(self._notebook.url(file.name))
            # A click puts the cursor into a cell, as a reader has it before saving.
            page.get_by_test_id("cell-editor").first.click()
            with page.expect_response(re.compile("/api/kernel/save")) as answer:
                page.keyboard.press("Control+s")
            if not answer.value.ok:
                raise ProvenError(f"marimo did not save {snippet.name}: {answer.value.status}")
        except PlaywrightError as e:
            raise ProvenError(f"{snippet.name} was not saved in the editor: {e}") from e
        finally:
            page.close()
        before, after = snippet.text.splitlines(), file.read_bytes().decode().splitlines()
        lines = list(difflib.unified_diff(before, after, n=0, lineterm=""))[2:]
        return [line for line in lines if not line.startswith("@@")]

    def __enter__(self) -> Self:
        self._notebook.ready()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._stack.close()
        self._notebook.__exit__(kind, error, at)
        shutil.rmtree(self._home, ignore_errors=True)
