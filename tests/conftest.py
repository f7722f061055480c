"""Let tests press Ctrl-C: a suite that was started in the background ignores it, and so do its
children.
"""

import signal

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

pytest_plugins = ["tests.tiny", "tests.built"]
