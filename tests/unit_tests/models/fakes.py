"""Made-up weight packages, a made-up llama.cpp, and a ChatOpenAI without a network."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openai
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from langchain_latm.models.weights import OfficialWeights, find_weights

CONTENT = b"GGUF" + bytes(range(256)) * 40
SLICES = [CONTENT[start : start + 4000] for start in range(0, len(CONTENT), 4000)]
OFFICIAL = OfficialWeights(
    name="tiny",
    packages=tuple(f"tiny-part{number}" for number in range(1, len(SLICES) + 1)),
    size=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
)


def resolve_weights(path: Path | None = None, **options: Any) -> Path:
    return find_weights(path, **options).path


def install_part(site: Path, number: int, content: bytes) -> Path:
    """Lay out a package as pip does; importing it is an error that a test would see."""
    package = site / f"tiny_part{number}"
    info = site / f"tiny_part{number}-1.0.dist-info"
    (package / "data").mkdir(parents=True)
    info.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('a weight package was imported')\n")
    (package / "data" / f"part{number:02}.bin").write_bytes(content)
    (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: tiny-part{number}\nVersion: 1.0\n")
    (info / "RECORD").write_text(
        f"tiny_part{number}/__init__.py,,\ntiny_part{number}/data/part{number:02}.bin,,\n{info.name}/RECORD,,\n"
    )
    return package / "data" / f"part{number:02}.bin"


def cached_files(cache: Path) -> set[str]:
    """The content of the cache except for the lock, which stays on purpose."""
    return {file.name for file in cache.iterdir() if file.suffix != ".lock"}


FAKE_LLAMA = '''
"""Stands in for xllamacpp: writes down how it was configured, and listens nowhere."""
import json, os, sys
from types import SimpleNamespace

class CommonParams(SimpleNamespace):
    def __init__(self):
        parts = "model", "cpuparams", "cpuparams_batch"
        super().__init__(**{part: SimpleNamespace() for part in parts})

class Server:
    def __init__(self, params):
        print("llama.cpp prints on stdout too")
        with open(params.model.path, "rb") as stream:
            if b"broken" in stream.read():
                print("invalid tensor, and the key is " + params.api_keys[0], file=sys.stderr)
                os._exit(3)
        if params.port == 6666 and os.path.exists(params.model.path + ".taken"):
            raise RuntimeError("the port is taken")
        self.listening_address = "http://127.0.0.1:" + str(params.port or 6666)
        with open(params.model.path + ".log", "a") as log:
            print(json.dumps({"pid": os.getpid(), "key": params.api_keys[0], "port": params.port,
                              "hosts": params.hostnames, "n_ctx": params.n_ctx, "ui": params.ui,
                              "slots_endpoint": params.endpoint_slots,
                              "shown": sys.argv + list(os.environ.values())}), file=log)
'''


def starts(gguf: Path) -> list[dict[str, Any]]:
    log = Path(f"{gguf}.log")
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


KEY = "sk-made-up-0123456789abcdef"
# openai changes its HTTP library between versions; its default client tells which one it is.
http = importlib.import_module(openai.DefaultHttpxClient.__mro__[1].__module__.partition(".")[0])


def answering(respond: Callable[[Any], Any]) -> ChatOpenAI:
    """A real ChatOpenAI whose transport is a function."""
    return ChatOpenAI(
        model="gpt-made-up",
        base_url="https://user:hidden@models.example/v1/secret-path",
        api_key=SecretStr(KEY),
        max_retries=0,
        http_socket_options=(),
        http_client=openai.DefaultHttpxClient(transport=http.MockTransport(respond)),
        http_async_client=openai.DefaultAsyncHttpxClient(transport=http.MockTransport(respond)),
    )
