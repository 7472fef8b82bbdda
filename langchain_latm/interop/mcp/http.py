"""The MCP server over HTTP, on loopback or protected by a token."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.responses import PlainTextResponse

from langchain_latm.exceptions import LATMError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from langchain_latm.interop.mcp.server import ToolServer

PATH: Final = "/mcp"
_SHUTDOWN_SECONDS: Final = 2


def is_loopback(host: str) -> bool:
    """Whether a server that listens there is reachable from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def http_app(server: ToolServer, *, host: str, token: str | None = None) -> ASGIApp:
    """Return the server as an ASGI application at the path `/mcp`.

    Args:
        server: The server.
        host: The address that it will listen on. On loopback, DNS rebinding attacks by web pages are rejected.
        token: Requests without it in `Authorization: Bearer` are rejected.

    Raises:
        ValueError: Other machines could reach it, and there is no token.
    """
    if not token and not is_loopback(host):
        raise ValueError(f"{host} is reachable from other machines: a token is needed")
    names = [_in_url(host), "127.0.0.1", "localhost", "[::1]"]
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=is_loopback(host),
        allowed_hosts=[f"{name}:*" for name in names],
        allowed_origins=[f"http://{name}:*" for name in names],
    )
    app = server.streamable_http_app(streamable_http_path=PATH, host=host, transport_security=security)
    return _TokenGuard(app, token) if token else app


async def serve_http(
    server: ToolServer, *, host: str, port: int, token: str | None = None, listening: Callable[[str], None]
) -> None:
    """Serve any number of clients until the process is asked to end.

    Args:
        server: The server.
        host: The address to listen on.
        port: The port; 0 takes a free one.
        token: The token that clients must send.
        listening: Called with the URL when the server accepts connections.

    Raises:
        ValueError: Other machines could reach it, and there is no token.
        LATMError: It cannot listen there.
    """
    app = http_app(server, host=host, token=token)
    try:
        # Resolved here, not by uvicorn: the address that was checked must be the one that it listens on.
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        if is_loopback(host) and not is_loopback(str(address[0])):
            raise LATMError(f"{host} resolves to {address[0]}, which is not this machine")
        opened = socket.create_server(address, family=family)
    except (OSError, OverflowError) as error:
        raise LATMError(f"cannot listen on {host}, port {port}: {getattr(error, 'strerror', None) or error}") from error
    with opened:
        config = uvicorn.Config(
            app,
            log_config=None,  # uvicorn's own writes to standard output
            access_log=False,
            ws="none",
            timeout_graceful_shutdown=_SHUTDOWN_SECONDS,  # streams of clients that listen for changes never end
        )
        serving = asyncio.create_task(uvicorn.Server(config).serve(sockets=[opened]))
        listening(f"http://{_in_url(host)}:{opened.getsockname()[1]}{PATH}")
        await serving


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


class _TokenGuard:
    """Lets only requests with the token through."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app if scope["type"] == "lifespan" or self._is_authorized(scope) else _UNAUTHORIZED
        await app(scope, receive, send)

    def _is_authorized(self, scope: Scope) -> bool:
        sent = [value for key, value in scope["headers"] if key == b"authorization"]
        return len(sent) == 1 and hmac.compare_digest(sent[0], self._expected)


_UNAUTHORIZED = PlainTextResponse(
    "a token is needed: Authorization: Bearer TOKEN", 401, headers={"www-authenticate": "Bearer"}
)
