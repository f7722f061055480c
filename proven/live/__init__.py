"""Live notebooks under `mkdocs serve`: real kernels with real Prefect, in the page.

A built site holds nothing of it. From the outside in: `hook` (MkDocs calls it),
`serve` (one `mkdocs serve`), `door` (the requests that MkDocs' own server hands
over), `gate` (who may ask), `tunnel` (bytes to and from a server), `room` (all
benches), `bench` (one open notebook), `server` (marimo), `api` (Prefect).
"""
