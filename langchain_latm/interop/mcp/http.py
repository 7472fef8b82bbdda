"""The MCP server over HTTP, on loopback or behind a token."""

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
_SECONDS_TO_END: Final = 2


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def http_app(server: ToolServer, *, host: str, token: str | None = None) -> ASGIApp:
    """Return the server as an ASGI application whose path is `/mcp`.

    Args:
        server: The server.
        host: Where it will listen. On loopback, requests that a web page sent through a changed DNS record are refused.
        token: Who does not send it as `Authorization: Bearer` is refused.

    Raises:
        ValueError: Others than this machine would reach it, and there is no token.
    """
    if not token and not is_loopback(host):
        raise ValueError(f"others can reach {host}: a token is needed")
    names = [f"[{host}]" if ":" in host else host, "127.0.0.1", "localhost", "[::1]"]
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=is_loopback(host),
        allowed_hosts=[f"{name}:*" for name in names],
        allowed_origins=[f"http://{name}:*" for name in names],
    )
    app = server.streamable_http_app(streamable_http_path=PATH, host=host, transport_security=security)
    return _Guard(app, token) if token else app


async def serve_http(
    server: ToolServer, *, host: str, port: int, token: str | None = None, listening: Callable[[str], None]
) -> None:
    """Serve any number of clients until the process is asked to end.

    Args:
        server: The server.
        host: Where it listens.
        port: The port; 0 takes one that is free.
        token: What clients have to send.
        listening: Is told the URL when clients can come.

    Raises:
        ValueError: Others than this machine would reach it, and there is no token.
        LATMError: It cannot listen there.
    """
    app = http_app(server, host=host, token=token)
    try:
        # Resolved here, not by uvicorn: what is listened on must be what was judged to be loopback.
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        if is_loopback(host) and not is_loopback(str(address[0])):
            raise LATMError(f"{host} is not this machine but {address[0]}")
        opened = socket.create_server(address, family=family)
    except (OSError, OverflowError) as error:
        raise LATMError(f"cannot listen on {host}, port {port}: {getattr(error, 'strerror', None) or error}") from error
    with opened:
        config = uvicorn.Config(
            app,
            log_config=None,  # its own would write to standard output
            access_log=False,
            ws="none",
            timeout_graceful_shutdown=_SECONDS_TO_END,  # streams of clients that wait for changes never end
        )
        running = uvicorn.Server(config)
        serving = asyncio.create_task(running.serve(sockets=[opened]))
        name = f"[{host}]" if ":" in host else host
        listening(f"http://{name}:{opened.getsockname()[1]}{PATH}")
        await serving


class _Guard:
    """Lets requests with the token through, and no others."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._may(scope):
            await self._app(scope, receive, send)
            return
        refused = PlainTextResponse(
            "a token is needed: Authorization: Bearer TOKEN", 401, headers={"www-authenticate": "Bearer"}
        )
        await refused(scope, receive, send)

    def _may(self, scope: Scope) -> bool:
        sent = [value for key, value in scope["headers"] if key == b"authorization"]
        return len(sent) == 1 and hmac.compare_digest(sent[0], self._expected)
