"""Files that are there whole or not at all."""

from pathlib import Path
from uuid import uuid4

import polars as pl


def write_whole(df: pl.DataFrame, path: Path) -> None:
    """Write a Parquet file, over an old one.

    It is written beside its place and put there in one step: a run that is ended leaves
    the old file, and of two runs at once each writes a file of its own.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{uuid4().hex}.part")
    df.write_parquet(part)
    part.replace(path)
