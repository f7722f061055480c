"""Say in Markdown what a page shows: for agents, and for whoever copies a page.

`page` walks the directives of a page, `run` tells a record, `output` what a cell showed.
"""
