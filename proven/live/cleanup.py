"""Remove folders when the parent is gone, however it went.

    python cleanup.py FOLDER…      (standard input: a pipe that the parent holds)

Processes that are still ending may write once more, so it looks again until the
folders stay away. Started by path, so it imports nothing of `proven`.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time

LIMIT = 30.0  # seconds that we keep looking
CALM = 1.0  # seconds that the folders must stay away


def main(folders: list[str]) -> None:
    """Wait for the end of standard input, then sweep."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.read(0, 1)
    seen = start = time.monotonic()
    while time.monotonic() < min(start + LIMIT, seen + CALM):
        for folder in filter(os.path.exists, folders):
            seen = time.monotonic()
            shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.1)


if __name__ == "__main__":
    main(sys.argv[1:])
