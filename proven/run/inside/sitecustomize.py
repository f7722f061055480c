"""Seen by every Python process of a run: it says who wrote a text, and where one ended.

Python imports this at its start, before the notebook; so it imports next to nothing.
Nothing of what the notebook does is changed: a traceback that Python prints for an
exception that nobody caught is put between marks, so that it is not taken for one
that the notebook prints, and so are the log lines of Prefect and marimo; an exit is
noted with its place. `proven.run.marks` reads it all.
"""

import os
import sys

# A tool that a script starts may have an older Python; no notebook runs in that.
if "PROVEN_MARK" in os.environ and sys.version_info >= (3, 12):
    import proven_marks
    import proven_writers

    proven_marks.watch()
    proven_writers.watch()
