"""The MkDocs plugin: what only MkDocs knows, told to the pages; and the assets of the site."""
