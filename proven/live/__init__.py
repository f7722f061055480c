"""Live notebooks under `mkdocs serve`: real kernels with real Prefect, in the page.

A built site holds nothing of it. From the outside in: `serve` (one `mkdocs
serve`; the plugin calls it), `connections` (how many there may be), `handler`
(what MkDocs' own server hands over), `request` (one request, read with limits),
`access` and `peer` (who may ask), `routes` (what for), `proxy` (bytes to and from
a server), `manager` (all sessions), `session` (one open notebook), `server`
(marimo), `prefect` (its API), `cleanup` (when we are gone).
"""
