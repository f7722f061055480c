"""Who may talk to live kernels and to Prefect: the pages of this site, on this machine.

A kernel runs any code that it is sent, so a page of another site, of another
port, or of a host name that was made to point here must not reach one. The
browser says where a request comes from; what it does not say is refused.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from email.message import Message
from functools import cache
from ipaddress import ip_address
from pathlib import Path

NAMES = ("localhost", "127.0.0.1", "[::1]")


def hosts(port: int) -> frozenset[str]:
    """The values of the Host header that mean this server."""
    return frozenset(f"{name}:{port}" for name in NAMES)


def refusal(
    command: str,
    headers: Message,
    peer: tuple[str, int],
    port: int,
    allowed: Collection[str],
    *,
    public: bool = False,
) -> str:
    """Why this request is refused; empty where it is not.

    A file that is `public` is given to every user of this machine. Who asks takes ten
    milliseconds to find out, and an editor loads hundreds of files.
    """
    host = headers.get("Host", "")
    origin = headers.get("Origin")
    site = headers.get("Sec-Fetch-Site")
    acts = command not in ("GET", "HEAD") or "Upgrade" in headers
    if not _loopback(peer[0]):
        return "live notebooks answer this machine only"
    if host not in allowed:
        return f"live notebooks are not at {host!r}"  # DNS rebinding
    if origin is not None and origin != f"http://{host}":
        return f"a page of {origin} may not use live notebooks"
    if site not in (None, "same-origin", "none"):
        return f"a {site} request may not use live notebooks"
    if acts and origin is None:
        return "a request that acts must say its Origin"
    if not public and not _same_user(peer[1], port):
        return "another user's process may not use live notebooks"
    return ""


def _loopback(address: str) -> bool:
    ip = ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)  # how a socket for both families says it
    return (mapped or ip).is_loopback


def _same_user(peer_port: int, port: int) -> bool:
    """Whether the peer's socket is ours: loopback is shared by all users of a machine.

    Linux lists each socket with its owner. Elsewhere only root may ask, so there
    every local user passes, as with any server on a loopback port.
    """
    if not sys.platform.startswith("linux"):
        return True
    owners = {uid for local, remote, uid in _sockets() if (local, remote) == (peer_port, port)}
    return owners <= {os.getuid(), 0} and bool(owners)


def _sockets() -> list[tuple[int, int, int]]:
    """Local port, remote port and owner of each TCP connection."""
    found = []
    for table in _tables():
        for line in table.read_text().splitlines()[1:]:
            column = line.split()
            local, remote = (int(column[i].rpartition(":")[2], 16) for i in (1, 2))
            found.append((local, remote, int(column[7])))
    return found


@cache
def _tables() -> tuple[Path, ...]:
    return tuple(p for p in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")) if p.exists())
