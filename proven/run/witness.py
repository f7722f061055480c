"""The Prefect server of the runs, which remembers what each run asked it to make.

    uvicorn --factory proven.run.witness:create_app

Every request of a run carries the run's token (`PREFECT_CLIENT_CUSTOM_HEADERS`), over
HTTP and over the socket on which a client tells of its task runs. So the flow and task
runs of a run are known without a word in any log: those of a flow whose log is off, and
of a task that a cell calls without a flow. And so are the ids, the storage keys and the
names that Prefect made up for this run, and no others.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from dataclasses import asdict, dataclass, field
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]

HEADER = "x-proven-run"
PATH = "/proven/"
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NAMED = re.compile(r"^ProcessWorker (?P<id>[0-9a-f-]{36})$")
# What stands below these keys was written by the notebook, ids included.
_THEIRS = frozenset(
    {"parameters", "data", "value", "message", "description", "labels", "tags", "context"}
    | {"job_variables", "variables", "name", "prefect.resource.name", "prefect.state-message"}
)


@dataclass
class Made:
    """What one run made: in the order in which the server heard of it."""

    flow_runs: dict[str, str] = field(default_factory=dict)
    """Ids, and the name that Prefect made up, or "" where the name was given."""
    task_runs: dict[str, str] = field(default_factory=dict)
    """Ids, and the flow run that each belongs to, or ""."""
    ids: dict[str, None] = field(default_factory=dict)
    keys: dict[str, None] = field(default_factory=dict)
    """Where results are stored: the last part of each storage key."""

    deleted: dict[str, None] = field(default_factory=dict)
    """Ids of what a request deleted."""

    def asked(self, method: str, path: str, body: Any, answer: Any) -> None:
        """Remember a request and its answer."""
        self.learn(body)
        self.learn(answer)
        if method == "DELETE":
            self.deleted.setdefault(path.rpartition("/")[2])
        if not isinstance(answer, dict) or "id" not in answer:
            return
        if path.endswith(("/flow_runs/", "/create_flow_run")):
            given = isinstance(body, dict) and body.get("name")
            self.flow_runs.setdefault(answer["id"], "" if given else answer["name"])
        elif path.endswith("/task_runs/"):
            self.task_runs.setdefault(answer["id"], answer.get("flow_run_id") or "")

    def told(self, event: Any) -> None:
        """Remember an event: a client tells of its task runs in events."""
        self.learn(event)
        resource = event.get("resource") or {}
        kind, _, run = resource.get("prefect.resource.id", "").rpartition(".")
        if kind == "prefect.task-run":
            related = (x.get("prefect.resource.id", "") for x in event.get("related") or ())
            flows = [x.rpartition(".")[2] for x in related if x.startswith("prefect.flow-run.")]
            self.task_runs.setdefault(run, flows[0] if flows else "")

    def learn(self, value: Any) -> None:
        """Remember the ids and storage keys in what was said."""
        for word in _ids(value):
            self.ids.setdefault(word)
        for key in _storage_keys(value):
            self.keys.setdefault(key.rpartition("/")[2])


def _ids(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield from _UUID.findall(value)
        case list():
            for inner in value:
                yield from _ids(inner)
        case dict():
            for key, inner in value.items():
                if key not in _THEIRS:
                    yield from _ids(inner)
                elif isinstance(inner, str) and (named := _NAMED.match(inner)):
                    yield named["id"]


def _storage_keys(value: Any) -> Iterator[str]:
    match value:
        case list():
            for inner in value:
                yield from _storage_keys(inner)
        case dict():
            if isinstance(key := value.get("storage_key"), str):
                yield key
            for name, inner in value.items():
                if name != "parameters":
                    yield from _storage_keys(inner)


class Witness:
    """An ASGI application around Prefect's own."""

    def __init__(self, app: Asgi) -> None:
        self._app = app
        self._made: dict[str, Made] = defaultdict(Made)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass everything on, both ways."""
        path = scope.get("path", "")
        if scope["type"] == "http" and path.startswith(PATH):
            await _answer(send, asdict(self._made[path.removeprefix(PATH)]))
            return
        headers = dict(scope.get("headers", ()))
        run = headers.get(HEADER.encode(), b"").decode()
        if run and scope["type"] == "http":
            await self._request(self._made[run], scope, receive, send)
        elif run and scope["type"] == "websocket":
            await self._socket(self._made[run], scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _request(self, made: Made, scope: Message, receive: Receive, send: Send) -> None:
        asked, answered = bytearray(), bytearray()
        plain = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        scope = {**scope, "headers": plain}

        async def hear() -> Message:
            message = await receive()
            asked.extend(message.get("body", b""))
            return message

        async def say(message: Message) -> None:
            # Before it goes out: who has the answer may ask at once what was made.
            answered.extend(message.get("body", b""))
            if message["type"] == "http.response.body" and not message.get("more_body"):
                made.asked(scope["method"], scope["path"], _read(asked), _read(answered))
            await send(message)

        await self._app(scope, hear, say)

    async def _socket(self, made: Made, scope: Message, receive: Receive, send: Send) -> None:
        async def hear() -> Message:
            message = await receive()
            event = _read(message.get("text") or message.get("bytes") or b"")
            if isinstance(event, dict):
                made.told(event)
            return message

        await self._app(scope, hear, send)


def _read(body: bytes | bytearray | str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


async def _answer(send: Send, value: Any) -> None:
    head = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": json.dumps(value).encode()})


def create_app() -> Asgi:
    """Prefect's application, watched."""
    from prefect.server.api.server import create_app as prefect_app

    return Witness(prefect_app(final=True))
