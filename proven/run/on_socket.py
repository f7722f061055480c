"""Run a Python module whose web server takes a socket that its parent has bound.

    python on_socket.py FD MODULE ARGUMENT…

A port that is looked up, named and then bound by another process can be taken in
between, and again when that process ends. A bound socket can't: whoever connects
to it reaches this process, or nobody. Both marimo and Prefect serve with uvicorn,
but let nobody hand them a socket. Started by path, so it imports nothing of `proven`.
"""

from __future__ import annotations

import runpy
import socket
import sys
from pathlib import Path


def main(number: int, module: str, arguments: list[str]) -> None:
    """Run the module as `python -m` would."""
    import uvicorn

    handed = socket.socket(fileno=number)
    handed.set_inheritable(False)  # a kernel has no use for it
    serve = uvicorn.Server.serve

    async def serve_handed(
        server: uvicorn.Server, sockets: list[socket.socket] | None = None
    ) -> None:
        await serve(server, [handed])

    uvicorn.Server.serve = serve_handed  # type: ignore[method-assign, assignment]
    sys.argv = [module, *arguments]
    sys.path[0] = str(Path.cwd())
    runpy.run_module(module, run_name="__main__")


if __name__ == "__main__":  # a kernel imports this file again, and shall do nothing
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
