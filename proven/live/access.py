"""Who may talk to live kernels and to Prefect: a page of this very server, and no other.

A kernel runs any code that it is sent. So what may start or reach one is a page of an
origin that nobody else can have: this server's own name, `live-<secret>.localhost`,
which browsers look up nowhere but on this machine. Another user can't name it, a page
of another port or of a name made to point here is of another origin, its cookies and
workers are of another host, and what an earlier program left at `127.0.0.1` does not
speak there. The name is told to who holds the other end of a connection as our own
user (`peer`); else it stands in the terminal, where only the reader sees it.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from ipaddress import ip_address

from proven.live.request import Request

ASK = "open this site at the address that `mkdocs serve` shows in its terminal"
PLAIN = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class Access:
    """The names of one server, and its rules."""

    port: int
    name: str = field(default_factory=lambda: f"live-{secrets.token_hex(12)}.localhost")

    @property
    def host(self) -> str:
        """The Host header that means our own name."""
        return f"{self.name}:{self.port}"

    @property
    def url(self) -> str:
        """The origin of the pages that may use live notebooks."""
        return f"http://{self.host}"

    def is_own(self, request: Request) -> bool:
        """Whether it came to our own name: who sends it was told."""
        return hmac.compare_digest((request.get("host") or "").encode(), self.host.encode())

    def is_plain(self, request: Request) -> bool:
        """Whether it came to an address that anybody knows."""
        return request.get("host") in {f"{name}:{self.port}" for name in PLAIN}

    def is_visit(self, request: Request) -> bool:
        """Whether a browser opens a page at the plain address: not a frame, not a script."""
        opens = request.method == "GET" and request.get("sec-fetch-dest") == "document"
        return opens and self.is_plain(request) and request.target.startswith("/")

    def refusal(self, request: Request, peer: str, *, public: bool = False) -> str:
        """Why this request is refused; empty where it is not.

        A file that is `public` is given to every user of this machine.
        """
        host, origin = request.get("host") or "", request.get("origin")
        site = request.get("sec-fetch-site")
        if not is_loopback(peer):
            return "live notebooks answer this machine only"
        if not self.is_own(request) and not self.is_plain(request):
            return f"live notebooks are not at {host!r}"  # DNS rebinding
        if origin is not None and origin != f"http://{host}":
            return f"a page of {origin} may not use live notebooks"
        if site not in (None, "same-origin", "none"):
            return f"a {site} request may not use live notebooks"
        if (request.method not in ("GET", "HEAD") or request.upgrade) and origin is None:
            return "a request that acts must say its Origin"
        return "" if public or self.is_own(request) else ASK


def is_loopback(address: str) -> bool:
    """Whether it is an address of this machine's own."""
    ip = ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)  # how a socket for both families says it
    return (mapped or ip).is_loopback
