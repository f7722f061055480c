"""Snippets that are proven by execution.

Data flows one way, and so do the imports:

    snippet → run → record → page
                           └▶ test

`snippet` and `scenario` read what is to be run; `run` runs it in a mode;
`scrub` and `record` keep what happened; `judge` says whether that is what was
expected; `render` and `pages` show it. The command line, pytest and MkDocs are
three thin doors: `cli`, `pytest_plugin`, `mkdocs`.
"""
