"""How many connections there may be: strangers never crowd out the reader.

Any program of this machine may connect. Who has not said yet what it wants counts
as a stranger; of too many the oldest goes. What is handed on to MkDocs, which keeps
a thread for each, has a limit of its own. A request to our own name is the reader's.
"""

from __future__ import annotations

import contextlib
import resource
import socket
import threading

SILENT = 256  # connections whose request is not here yet
WAITING = 128  # strangers' requests that MkDocs answers at once
QUEUE = 128  # connections that wait to be taken; with five, a crowd makes the reader wait
_FILES = 4096  # open files and sockets; 256 is the default of macOS


class Connections:
    """The connections of one server."""

    def __init__(self) -> None:
        self._silent: dict[socket.socket, None] = {}
        self._lock = threading.Lock()
        self.waiting = threading.BoundedSemaphore(WAITING)
        """Held while MkDocs answers a stranger."""
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = _FILES if most == resource.RLIM_INFINITY else min(_FILES, most)
        if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))

    def came(self, connection: socket.socket) -> None:
        """Somebody has connected; the oldest who said nothing goes where there are too many."""
        with self._lock:
            self._silent[connection] = None
            while len(self._silent) > SILENT:
                oldest = next(iter(self._silent))
                del self._silent[oldest]
                with contextlib.suppress(OSError):
                    oldest.shutdown(socket.SHUT_RDWR)

    def spoke(self, connection: socket.socket) -> None:
        """Its request is here, or it went."""
        with self._lock:
            self._silent.pop(connection, None)
