"""Put snippets and their recorded runs on pages.

`extension` is the door for Markdown, `check` says what there is against a page,
`reference` writes down the directives. A file in `directives/` is a word that a fence
may begin with, a file in `figures/` a part of a run that a page may show, a file in
`proven/mkdocs/assets/components/` the style of either.
"""
