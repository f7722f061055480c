"""The one error that a person is meant to read."""

from __future__ import annotations


class ProvenError(Exception):
    """Bad input, said in one message: what, where, and what mends it."""


class Refused(ProvenError):
    """A snippet that marimo will not open, or whose kernel died: `name` says which."""

    def __init__(self, name: str, message: str, line: int = 0) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message
        self.line = line
