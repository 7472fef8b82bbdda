"""The MCP server over HTTP, on loopback or protected by a token."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import logging
import re
import socket
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse

from langchain_latm.exceptions import LATMError
from langchain_latm.interop.mcp.connections import Connection, LimitedServer, most_connections
from langchain_latm.interop.mcp.sessions import IDLE_SECONDS, MOST_SESSIONS, SessionLimit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from langchain_latm.interop.mcp.server import ToolServer

PATH: Final = "/mcp"
MOST_BYTES: Final = 4 * 1024 * 1024
"""Maximum size of a request's body, as for arguments in the sandbox."""
_PAGE_BYTES: Final = 2 * 1024 * 1024
"""Maximum size of a form: an example with two texts of maximum length."""
_HOST: Final = re.compile(r"([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
_HOST_HEADERS: Final = (b"host", b"origin")
_SHUTDOWN_SECONDS: Final = 2
_NONE: Final[Mapping[str, ASGIApp]] = MappingProxyType({})


def is_loopback(host: str) -> bool:
    """Whether a server on this address is reachable from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_host(text: str) -> bool:
    """Whether a text is the name or the address of a host, with or without a port."""
    return _HOST.fullmatch(text) is not None


def served_hosts(host: str, allowed: Sequence[str]) -> list[str]:
    """Return the accepted `Host` names; empty for any.

    Outside of loopback a server cannot know its names, and the token keeps web pages out.
    """
    if not is_loopback(host) and not allowed:
        return []
    return list(dict.fromkeys([_in_url(host).lower(), "127.0.0.1", "localhost", "[::1]", *map(str.lower, allowed)]))


def http_app(
    server: ToolServer,
    *,
    host: str,
    token: str | None = None,
    allowed_hosts: Sequence[str] = (),
    max_sessions: int = MOST_SESSIONS,
    pages: Mapping[str, ASGIApp] = _NONE,
    endpoints: Mapping[str, ASGIApp] = _NONE,
) -> ASGIApp:
    """Return the server as an ASGI application at the path `/mcp`.

    Args:
        server: The server.
        host: The address that it will listen on. On loopback, DNS rebinding attacks by web pages are rejected.
        token: Requests without it in `Authorization: Bearer` are rejected.
        allowed_hosts: Names under which clients reach it through a proxy, such as `tools.example.com`, with a port to
            accept only that one. Requests to other names are rejected, on any address.
        max_sessions: Maximum number of sessions; above it, the least recently used one ends.
        pages: Other applications by path prefix, which check the token themselves.
        endpoints: Other applications by path, for which the token is checked here.

    Raises:
        ValueError: It is reachable from other machines without a token; or an allowed host is not a host.
    """
    if not token and not is_loopback(host):
        raise ValueError(f"{host} is reachable from other machines: a token is needed")
    if wrong := [each for each in allowed_hosts if not is_host(each)]:
        raise ValueError(f"{wrong[0]!r} is not a host: give a name or an address, such as tools.example.com")
    names = served_hosts(host, allowed_hosts)
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=bool(names),
        allowed_hosts=_any_port(names),
        # A proxy may speak TLS.
        allowed_origins=_any_port([f"{scheme}://{name}" for scheme in ("http", "https") for name in names]),
    )
    app: ASGIApp = server.streamable_http_app(
        streamable_http_path=PATH,
        host=host,
        transport_security=security,
        max_request_body_size=MOST_BYTES,
        session_idle_timeout=IDLE_SECONDS,
        max_sessions=None,  # `SessionLimit` ends old ones; the SDK would refuse new ones
    )
    return _Door(SessionLimit(app, max_sessions), token, pages, endpoints, frozenset(names))


async def serve_http(
    server: ToolServer,
    *,
    host: str,
    port: int,
    token: str | None = None,
    allowed_hosts: Sequence[str] = (),
    max_connections: int | None = None,
    max_sessions: int = MOST_SESSIONS,
    pages: Mapping[str, ASGIApp] = _NONE,
    endpoints: Mapping[str, ASGIApp] = _NONE,
    listening: Callable[[str], None],
) -> None:
    """Serve any number of clients until the process is asked to end.

    Args:
        server: The server.
        host: The address to listen on.
        port: The port; 0 for a free one.
        token: The token that clients must send.
        allowed_hosts: Names under which clients reach it through a proxy.
        max_connections: Maximum number of connections, if the process may open that many files (`most_connections`).
            Above it, connections of slow clients are closed first.
        max_sessions: Maximum number of sessions; above it, the least recently used one ends.
        pages: Other applications, as for `http_app`.
        endpoints: The same.
        listening: Called with the URL when the server accepts connections.

    Raises:
        ValueError: It is reachable from other machines without a token; or an allowed host is not a host.
        LATMError: It cannot listen on this address.
    """
    app = http_app(
        server,
        host=host,
        token=token,
        allowed_hosts=allowed_hosts,
        max_sessions=max_sessions,
        pages=pages,
        endpoints=endpoints,
    )
    try:
        # Resolved here, not by uvicorn, so that it listens on the address that was checked.
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        if is_loopback(host) and not is_loopback(str(address[0])):
            raise LATMError(f"{host} resolves to {address[0]}, which is not this machine")
        opened = socket.create_server(address, family=family)
    except (OSError, OverflowError) as error:
        raise LATMError(f"cannot listen on {host}, port {port}: {getattr(error, 'strerror', None) or error}") from error
    with opened:
        config = uvicorn.Config(
            app,
            http=Connection,
            log_config=None,  # uvicorn's own logging writes to standard output
            access_log=False,
            ws="none",
            proxy_headers=False,  # nothing here uses a proxy's headers about its client
            timeout_graceful_shutdown=_SHUTDOWN_SECONDS,  # clients' streams for changes never end
        )
        logging.getLogger("mcp.server.streamable_http").addFilter(_is_of_use)
        limited = LimitedServer(config, most_connections(max_connections))
        serving = asyncio.create_task(limited.serve(sockets=[opened]))
        listening(f"http://{_in_url(host)}:{opened.getsockname()[1]}{PATH}")
        await serving


def _is_of_use(record: logging.LogRecord) -> bool:
    """Filter out the tracebacks that the SDK logs for clients that disconnect while they send a body."""
    return record.exc_info is None or not isinstance(record.exc_info[1], ClientDisconnect)


def _any_port(names: Iterable[str]) -> list[str]:
    return [each for name in names for each in (name, f"{name}:*")]


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


class _Door:
    """Accepts requests with the token and a `Content-Length`.

    Args:
        app: The SDK's application, which checks hosts and sizes itself.
        token: The token, required for everything except the pages.
        pages: Other applications by path prefix.
        endpoints: Other applications by their path.
        hosts: The accepted `Host` names for pages; empty for any.
    """

    def __init__(
        self,
        app: ASGIApp,
        token: str | None,
        pages: Mapping[str, ASGIApp] = _NONE,
        endpoints: Mapping[str, ASGIApp] = _NONE,
        hosts: Collection[str] = (),
    ) -> None:
        self._app = app
        self._token = None if token is None else token.encode()
        self._pages = pages
        self._endpoints = endpoints
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app if scope["type"] != "http" else self._app_for(scope["path"], scope["headers"])
        await app(scope, receive, send)

    def _app_for(self, path: str, headers: list[tuple[bytes, bytes]]) -> ASGIApp:
        if page := next(
            (app for start, app in self._pages.items() if path == start or path.startswith(f"{start}/")), None
        ):
            return _refusal(headers, self._hosts) or page
        if self._token is not None and not _is_authorized(headers, self._token):
            return _UNAUTHORIZED
        if endpoint := self._endpoints.get(path):
            return _refusal(headers, self._hosts) or endpoint
        if any(name == b"transfer-encoding" for name, _ in headers):
            return _NO_LENGTH
        # Names of hosts are case-insensitive, but the SDK compares them as text.
        headers[:] = [(name, value.lower() if name in _HOST_HEADERS else value) for name, value in headers]
        return self._app


def _refusal(headers: list[tuple[bytes, bytes]], hosts: Collection[str]) -> ASGIApp | None:
    """Return the answer to a request for another host, or with a body that is too long or has no length."""
    if any(name == b"transfer-encoding" for name, _ in headers):
        return _NO_LENGTH
    sent = [value.decode("latin-1").lower() for name, value in headers if name == b"host"]
    if hosts and not (len(sent) == 1 and (sent[0] in hosts or re.sub(r":[0-9]{1,5}$", "", sent[0]) in hosts)):
        return _WRONG_HOST
    length = next((value for name, value in headers if name == b"content-length"), b"0")
    return None if length.isdigit() and int(length) <= _PAGE_BYTES else _TOO_LONG


def _is_authorized(headers: list[tuple[bytes, bytes]], token: bytes) -> bool:
    sent = [value for name, value in headers if name == b"authorization"]
    scheme, _, credentials = sent[0].partition(b" ") if len(sent) == 1 else (b"", b"", b"")
    # The scheme is case-insensitive (RFC 9110, section 11.1).
    return hmac.compare_digest(credentials.strip(b" "), token) and scheme.lower() == b"bearer"


_UNAUTHORIZED = PlainTextResponse(
    "a token is needed: Authorization: Bearer TOKEN", 401, headers={"www-authenticate": "Bearer"}
)
_WRONG_HOST = PlainTextResponse("this server is not known under this name: --allowed-host", 421)
_TOO_LONG = PlainTextResponse("the body is too long", 413)
# h11 takes 25 us for a chunk, so a body of one-byte chunks would block all clients for minutes.
_NO_LENGTH = PlainTextResponse("a body needs a Content-Length, and no Transfer-Encoding", 411)
