"""Who is at the other end of a loopback connection: a process of our own user, for certain?

Linux lists each socket with its owner. What the list says of a closed socket is not
its owner (it is root, by default), so only one that is open and held counts; and it
must be the one at the other end of ours, which therefore is open still after the look.
Elsewhere nobody but root may see it: there the answer is no.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
from ipaddress import ip_address
from pathlib import Path

_ESTABLISHED = 1
_TABLES = {socket.AF_INET: Path("/proc/net/tcp"), socket.AF_INET6: Path("/proc/net/tcp6")}
_NOBODY = Path("/proc/sys/fs/overflowuid")


def is_ours(connection: socket.socket) -> bool:
    """Whether a process of our own user holds the other end now."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        owner = _owner(connection.getpeername(), connection.getsockname())
        # Else the port may be another's by now, and the row that we saw, too.
        return owner == os.getuid() and owner != _unmapped() and _is_open(connection)
    except OSError:
        return False


def _owner(there: tuple[str, int], here: tuple[str, int]) -> int | None:
    """The user who holds the open socket at `there` that is connected to `here`."""
    family, *ends = _listed(there, here)
    for line in _TABLES[family].read_text().splitlines()[1:]:
        column = line.split()
        if column[1:3] == ends and int(column[3], 16) == _ESTABLISHED and column[9] != "0":
            return int(column[7])
    return None


def _listed(*ends: tuple[str, int]) -> tuple[socket.AddressFamily, str, str]:
    """The table, and both ends as it writes them: words of the machine, in hexadecimal."""
    found = []
    for address, port, *_ in ends:
        ip = ip_address(address)
        ip = getattr(ip, "ipv4_mapped", None) or ip  # a socket for both families
        words = struct.unpack(f"={len(ip.packed) // 4}I", ip.packed)
        found.append("".join(f"{word:08X}" for word in words) + f":{port:04X}")
    family = socket.AF_INET if len(found[0]) == 13 else socket.AF_INET6
    return family, found[0], found[1]


def _is_open(connection: socket.socket) -> bool:
    state = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)
    return state[0] == _ESTABLISHED


def _unmapped() -> int:
    """The user who stands for all whom a namespace does not know."""
    return int(_NOBODY.read_text())
