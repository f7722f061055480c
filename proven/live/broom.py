"""Remove a folder when the parent is gone, however it went.

    python broom.py FOLDER      (standard input: a pipe that the parent holds)

Processes that are still ending may write once more, so it looks again until the
folder stays away. Started by path, so it imports nothing of `proven`.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from pathlib import Path

LIMIT = 30.0  # seconds that we keep looking
CALM = 1.0  # seconds that the folder must stay away


def main(folder: str) -> None:
    """Wait for the end of standard input, then sweep."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.read(0, 1)
    seen = start = time.monotonic()
    while time.monotonic() < min(start + LIMIT, seen + CALM):
        if Path(folder).exists():
            seen = time.monotonic()
            shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.1)


if __name__ == "__main__":
    main(sys.argv[1])
