"""Limits on the HTTP server's connections: their number, and how long a client may keep one waiting.

uvicorn only limits the time between requests (https://github.com/Kludex/uvicorn/issues/157). A client that sends a byte
now and then would keep a connection forever, and some hundred such clients would use up the process's file descriptors.
So this module extends uvicorn's HTTP protocol and server by overriding methods of both.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from collections import Counter
from ipaddress import IPv6Address, ip_address
from typing import Any, Final, Literal

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

Owed = Literal["request", "body", "rest", "reading"]
"""The next step of a client: send a request, its body, or the rest of a refused body; or read."""

SECONDS: Final[dict[Owed, float]] = {"request": 10, "body": 30, "rest": 1, "reading": 30}
"""Maximum seconds of each step. `request` includes the 5 s that uvicorn keeps a connection for another request."""
MOST_CONNECTIONS: Final = 512
_ACCEPTED_AT_ONCE: Final = 16
"""Connections that asyncio accepts at once before surplus ones are closed."""
_QUEUE: Final = 2048
"""Connections that the system queues until they are accepted."""
_PIECE_BYTES: Final = 4096
_PIECES_SECONDS: Final = 0.001
"""Maximum seconds that one connection may block all others: h11 takes 25 us for a chunk, which may be one byte long."""
_CLOSED_AT_ONCE: Final = 8
"""Fraction of all connections that is closed if there are too many, since finding them takes time."""
_NEWCOMERS: Final = 4
"""Fraction of all connections that streams cannot use."""
_LOG_SECONDS: Final = 60

_log = logging.getLogger(__name__)


def most_connections(wanted: int | None = None) -> int:
    """Return the maximum number of connections: at most half the files that this process may open.

    The other half is for the library, the sandbox and the models. By default it is at most `MOST_CONNECTIONS`.
    """
    if sys.platform == "win32":
        return wanted or MOST_CONNECTIONS
    import resource  # noqa: PLC0415 - Unix only

    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    half = sys.maxsize if files == resource.RLIM_INFINITY else max(1, files // 2)
    return min(wanted or MOST_CONNECTIONS, half)


class Connections(ServerState):
    """The state that all connections share.

    Args:
        limit: Their maximum number.

    Attributes:
        closed: How many were closed, by reason; None for those above the limit.
    """

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit
        self.closed: Counter[Owed | None] = Counter()

    @property
    def open(self) -> list[Connection]:
        """The connections that are not being closed."""
        return [each for each in self.connections if isinstance(each, Connection)]

    def make_room(self, newest: Connection) -> None:
        """Close some connections if there are too many, but not the newest one.

        Refusing new ones would lock out all others while one client holds all places. A quarter of the places is for
        clients that have not sent a whole request yet; beyond that, those of the address with the most are closed, the
        ones whose last answer, or start, is longest ago first. So a client between two requests keeps its connection.
        Otherwise streams, which clients reopen, are closed before calls.
        """
        if len(self.connections) <= self.limit:
            return
        others = [each for each in self.open if each is not newest]
        waited_for = [each for each in others if each.owed is not None]
        count = max(1, self.limit // _CLOSED_AT_ONCE)
        if len(waited_for) > self.limit // _NEWCOMERS or len(waited_for) == len(others):
            share = Counter(each.address for each in waited_for)
            several = sorted(waited_for, key=lambda each: (-share[each.address], each.served))[:count]
        else:
            answering = sorted((each for each in others if each.owed is None), key=lambda each: each.begun)
            streams = [each for each in answering if each.scope["method"] == "GET"]
            several = streams[:count] or answering[:1]
        for each in several:
            each.abort(None)


class Connection(H11Protocol):
    """One connection of a client, which is closed if the client keeps it waiting for too long."""

    def __init__(self, config: uvicorn.Config, server_state: Connections, **more: Any) -> None:
        super().__init__(config, server_state, **more)
        self._state = server_state
        self._unread = bytearray()
        self._refused = False
        self._owed: Owed | None = "request"
        self._since = self.begun = self.served = self.loop.time()
        self.address = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        """Accept the connection, and close others if there are too many."""
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        self.address = _network(peer[0]) if isinstance(peer, tuple) else ""
        self._state.make_room(self)

    def data_received(self, data: bytes) -> None:
        """Parse the data piece by piece, so that no connection blocks the others."""
        idle = not self._unread
        self._unread += data
        if idle:
            self._parse()

    def _parse(self) -> None:
        end = self.loop.time() + _PIECES_SECONDS
        while self._unread and not self.transport.is_closing() and not self._refused:
            piece = bytes(self._unread[:_PIECE_BYTES])
            super().data_received(piece)
            del self._unread[:_PIECE_BYTES]
            if self._unread and self.loop.time() > end:
                self.loop.call_soon(self._parse)
                return
        self._unread.clear()

    def on_response_complete(self) -> None:
        """Continue with the next request, unless this one was refused and has a body of unknown length."""
        super().on_response_complete()
        self.served = self.loop.time()
        if self.owed == "rest" and any(name == b"transfer-encoding" for name, _ in self.headers):
            self._refused = True
            self.flow.pause_reading()  # closed later by `check`, so that the client can read the answer

    @property
    def owed(self) -> Owed | None:
        """The next step of the client; None if this server has to answer."""
        if self.transport.get_write_buffer_size():
            return "reading"
        if self.cycle is None:
            return "request"
        if self.cycle.response_complete:
            return "rest" if self.conn.their_state is h11.SEND_BODY else "request"
        return "body" if self.cycle.more_body else None

    def check(self, now: float) -> None:
        """Close the connection if its client takes too long."""
        if (owed := self.owed) != self._owed:
            self._owed, self._since = owed, now
        elif owed is not None and now - self._since > SECONDS[owed]:
            self.abort(owed)

    def abort(self, owed: Owed | None) -> None:
        """Close the connection now; `close` would wait until the client has read everything."""
        self.connections.discard(self)
        self._state.closed[owed] += 1
        self.transport.abort()


class LimitedServer(uvicorn.Server):
    """uvicorn's server, which also closes connections whose clients take too long.

    Args:
        config: uvicorn's configuration; its `http` is `Connection`.
        limit: How many connections there may be.
    """

    def __init__(self, config: uvicorn.Config, limit: int) -> None:
        super().__init__(config)
        config.backlog = _ACCEPTED_AT_ONCE  # asyncio also accepts this many at once
        self.server_state: Connections = Connections(limit)
        self._log_at = 0.0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen with a long queue, since a client that finds it full waits a second."""
        await super().startup(sockets)
        for each in sockets or ():
            each.listen(_QUEUE)

    async def on_tick(self, counter: int) -> bool:
        """Check once a second for connections whose clients take too long."""
        if counter % 10 == 0:
            now = asyncio.get_running_loop().time()
            for each in self.server_state.open:
                each.check(now)
            if self.server_state.closed and now > self._log_at:
                self._log_at = now + _LOG_SECONDS
                _log.warning("closed connections: %s", _closed_text(self.server_state.closed))
                self.server_state.closed.clear()
        return await super().on_tick(counter)


def _closed_text(closed: Counter[Owed | None]) -> str:
    reasons: dict[Owed | None, str] = {
        "request": f"no request in {SECONDS['request']:g} s",
        "body": f"no complete body in {SECONDS['body']:g} s",
        "rest": "refused before the body was complete",
        "reading": f"an answer not read in {SECONDS['reading']:g} s",
        None: "too many connections",
    }
    return ", ".join(f"{count} ({reasons[owed]})" for owed, count in closed.items())


def _network(address: str) -> str:
    """Return the network of one client, which has 64 bits for IPv6."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    return str(parsed.ipv4_mapped or int(parsed) >> 64)
