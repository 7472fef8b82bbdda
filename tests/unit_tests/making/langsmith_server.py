"""A local server with the part of LangSmith's API that its client needs to read datasets."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

KEY = "lsv2_made_up"


def example(number: int, inputs: Any, outputs: Any, split: str = "base") -> dict[str, Any]:
    """An example as the API returns it."""
    return {
        "id": str(UUID(int=number)),
        "dataset_id": str(UUID(int=7)),
        "created_at": f"2026-01-01T00:00:{number % 60:02}+00:00",
        "modified_at": "2026-02-01T00:00:00+00:00",
        "name": f"#{number}",
        "inputs": inputs,
        "outputs": outputs,
        "metadata": {"dataset_split": [split]},
        "source_run_id": None,
        "attachment_urls": None,
    }


@contextmanager
def langsmith(datasets: dict[str, list[dict[str, Any]]]) -> Iterator[tuple[str, list[str]]]:
    """Serve datasets, the newest example first, in pages; yield the address, and what was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            place, query = urlsplit(self.path), parse_qs(urlsplit(self.path).query)
            if self.headers.get("x-api-key") != KEY:
                self._send(401, {"detail": "Invalid token"})
            elif place.path == "/datasets":
                found = [name for name in datasets if name == query["name"][0]]
                self._send(200, [{"id": str(UUID(int=7)), "name": name, "created_at": _AT} for name in found])
            elif place.path == "/examples":
                (name,) = [query["dataset_name"][0]] if "dataset_name" in query else datasets
                rows = datasets[name][::-1]
                if "splits" in query:
                    rows = [each for each in rows if each["metadata"]["dataset_split"][0] in query["splits"]]
                start = int(query["offset"][0])
                self._send(200, rows[start : start + int(query["limit"][0])])
            else:
                self._send(404, {"detail": "Not Found"})

        def _send(self, status: int, value: Any) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


_AT = "2026-01-01T00:00:00+00:00"
