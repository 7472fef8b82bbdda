"""An HTTP server on loopback that answers as providers do, each in its dialect."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self

Body = dict[str, Any]


class Reply(NamedTuple):
    """A response.

    Attributes:
        body: JSON data, or several lines of it.
        status: HTTP status.
        headers: Headers beside those of every reply.
    """

    body: Any
    status: int = 200
    headers: Mapping[str, str] = {}


class Wire:
    """Serves one dialect, and keeps the requests."""

    def __init__(self, answer: Callable[[str, Body], Reply]) -> None:
        self.requests: list[tuple[str, Body]] = []
        wire = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                wire.requests.append((self.path, body))
                reply = answer(self.path, body)
                lines = isinstance(reply.body, list)
                text = "".join(json.dumps(line) + "\n" for line in reply.body) if lines else json.dumps(reply.body)
                data = text.encode()
                self.send_response(reply.status)
                self.send_header("Content-Type", "application/x-ndjson" if lines else "application/json")
                self.send_header("Content-Length", str(len(data)))
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                """Print nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def address(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
