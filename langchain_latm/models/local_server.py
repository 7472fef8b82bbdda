"""A llama.cpp server on loopback, in its own process, with `ChatOpenAI` as its client."""

from __future__ import annotations

import atexit
import collections
import contextlib
import importlib.util
import json
import os
import secrets
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from pydantic import SecretStr

from langchain_latm._core.defaults import LOCAL_MODEL_NAME
from langchain_latm.exceptions import ModelError
from langchain_latm.models.weights import find_weights

if TYPE_CHECKING:
    from types import TracebackType
    from typing import IO

    from langchain_openai import ChatOpenAI

    from langchain_latm.models.weights import Progress

DEFAULT_CONTEXT = 8192
# One, because slots share the cores and each reads the common beginning of prompts again: on a small machine, parallel
# requests finish later than sequential ones. One slot also makes answers at temperature 0 repeatable.
DEFAULT_SLOTS = 1
DEFAULT_MAX_TOKENS = 1024

_START_SECONDS = 300.0  # 4 s from a warm page cache, minutes from a slow disk
_STOP_SECONDS = 3.0
_REQUEST_SECONDS = 1800.0  # a request may wait for others to leave the slot
_PROMPT_CACHE_MIB = 256
_STDERR_LINES = 8


_servers: weakref.WeakSet[LocalServer] = weakref.WeakSet()


class LocalServer:
    """A llama.cpp server that runs until it is stopped, its context manager exits, or its host process ends.

    Requests beyond `slots` wait inside the server. It does not restart by itself; `start` starts it again with the same
    key, and on the same port if that is free, so that models from `chat_model` keep working.

    The models hold no reference to the server: it also ends when this object is garbage collected. A process forked by
    the host may use the models, but neither its exit nor its `stop` ends the server.

    Args:
        weights: A GGUF file; None for `LATM_WEIGHTS` or the installed packages (see `find_weights`).
        context: Maximum tokens of one request, prompt and answer together.
        slots: Requests processed at once. Memory grows with `context * slots`.
        threads: Threads of llama.cpp; None for as many as this process may use.
        progress: Called with bytes done and in total while weights are prepared.

    Raises:
        WeightsError: No usable weights.
    """

    def __init__(
        self,
        *,
        weights: str | os.PathLike[str] | None = None,
        context: int = DEFAULT_CONTEXT,
        slots: int = DEFAULT_SLOTS,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        for name, value in (("context", context), ("slots", slots), ("threads", threads)):
            if value is not None and value < 1:
                raise ModelError(f"{name} of the local model must be at least 1, not {value}.")
        self.weights = find_weights(weights, progress=progress)
        self.context = context
        self.slots = slots
        self.threads = threads or _usable_cores()
        self._api_key = secrets.token_urlsafe(32)
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._stderr: collections.deque[str] = collections.deque(maxlen=_STDERR_LINES)
        self._lock = threading.Lock()
        _servers.add(self)

    @property
    def name(self) -> str:
        """The model's name in records: the official name, or the stem of the user's file."""
        return LOCAL_MODEL_NAME if self.weights.source == "packages" else self.weights.path.stem

    @property
    def base_url(self) -> str:
        """The server's URL, such as `http://127.0.0.1:40123/v1`, without secrets.

        Raises:
            ModelError: It was never started.
        """
        if not self._port:
            raise ModelError("The local model's server was not started.")
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def api_key(self) -> SecretStr:
        """The random key that the server requires."""
        return SecretStr(self._api_key)

    @property
    def alive(self) -> bool:
        """Whether the process runs; always False in a fork of the process that started it."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Start the server unless it runs, and wait until the model is loaded (about 4 s).

        Raises:
            ModelError: llama.cpp is not installed, or ended early; the text holds its last lines.
        """
        with self._lock:
            if not self.alive:
                if importlib.util.find_spec("xllamacpp") is None:
                    raise ModelError(
                        "The embedded model needs llama.cpp: run `pip install 'langchain-latm[local]'`.", lasting=True
                    )
                try:
                    self._launch()
                except ModelError:
                    if not self._port:
                        raise
                    self._port = 0  # another program may have taken the old port
                    self._launch()
        return self

    def stop(self) -> None:
        """End the server, if it runs. Pending requests fail."""
        with self._lock:
            process, self._process = self._process, None
            if process is None:
                return
            _pipe(process.stdin).close()
            for end in (process.terminate, process.kill):
                try:
                    process.wait(_STOP_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    end()
            process.wait()

    def chat_model(self, *, temperature: float = 0.0, max_tokens: int | None = None) -> ChatOpenAI:
        """Return a chat model for this server; the environment cannot redirect it.

        Args:
            temperature: 0 for the most likely token each time.
            max_tokens: Maximum tokens of an answer. None means 1,024, which `models.asking` may replace.
        """
        # Loading openai takes a second, which `import langchain_latm` must not cost.
        from langchain_openai import ChatOpenAI  # noqa: PLC0415
        from openai import DefaultAsyncHttpxClient, DefaultHttpxClient  # noqa: PLC0415

        model = ChatOpenAI(
            model=self.name,
            base_url=self.base_url,
            api_key=self.api_key,
            temperature=temperature,
            max_completion_tokens=DEFAULT_MAX_TOKENS if max_tokens is None else max_tokens,
            timeout=_REQUEST_SECONDS,
            max_retries=1,
            use_responses_api=False,
            stream_usage=True,
            # trust_env=False: a proxy from the environment must not see loopback traffic.
            http_client=DefaultHttpxClient(trust_env=False),
            http_async_client=DefaultAsyncHttpxClient(trust_env=False),
            # A kept connection would occupy a thread of the server, and break in the next event loop or a fork.
            default_headers={"Connection": "close"},
            http_socket_options=(),  # otherwise langchain-openai warns that it overrides a proxy
            profile={"max_input_tokens": self.context, "max_output_tokens": self.context, "reasoning_output": False},
        )
        if max_tokens is None:
            model.model_fields_set.discard("max_tokens")  # a default, not a choice of the user
        return model

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _launch(self) -> None:
        script = Path(__file__).with_name("_llama_server.py")
        # -P: otherwise a json.py in the working directory would be imported instead of the real one.
        command = [sys.executable, "-P", str(script)]
        pipe = subprocess.PIPE
        # bufsize=0: streams without locks, which a forked child can close.
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0)
        self._process = process
        self._stderr.clear()
        reader = threading.Thread(target=_keep_lines, args=(_pipe(process.stderr), self._stderr), daemon=True)
        reader.start()
        settings = {
            "weights": str(self.weights.path),
            "alias": self.name,
            "chat_template": self._chat_template(),
            "api_key": self._api_key,
            "port": self._port,
            "context": self.context,
            "slots": self.slots,
            "threads": self.threads,
            "prompt_cache_mib": _PROMPT_CACHE_MIB,
            "parent": os.getpid(),
        }
        begin = time.monotonic()
        watchdog = threading.Timer(_START_SECONDS, process.kill)
        watchdog.daemon = True
        watchdog.start()
        try:
            with contextlib.suppress(BrokenPipeError):  # the process ended at once; its stderr has the reason
                _pipe(process.stdin).write(json.dumps(settings).encode() + b"\n")
            with _pipe(process.stdout) as stdout:
                answer = stdout.readline()
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            watchdog.cancel()
        if not answer:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
            process.kill()
            code = process.wait()
            reader.join(_STOP_SECONDS)
            raise ModelError(self._early_death(code, time.monotonic() - begin), lasting=True)
        self._port = urlsplit(json.loads(answer)["address"]).port or 0

    def _chat_template(self) -> str:
        """Return the chat template for tool calls of the embedded model; empty for a user's file, which has its own."""
        if self.weights.source != "packages":
            return ""
        return Path(__file__).with_name("_qwen_coder.jinja").read_text(encoding="utf-8")

    def _early_death(self, code: int, seconds: float) -> str:
        if seconds >= _START_SECONDS:
            return f"The local model's server did not load {self.weights.path} within {seconds:.0f} seconds."
        lines = [line for line in self._stderr if line.strip()]
        output = "\n".join(lines).replace(self._api_key, "***") or "nothing on stderr"
        return (
            f"The local model's server ended while loading {self.weights.path} (exit status {code}). "
            f"Its last lines:\n{output}"
        )

    def _disown(self) -> None:
        """In a forked child: drop the parent's server without ending it."""
        process, self._process = self._process, None
        self._lock = threading.Lock()  # another thread of the parent may hold the lock
        if process is not None:
            process.returncode = 0  # not a child of this process: never wait for it or signal it
            for stream in (process.stdin, process.stderr):  # an open copy would keep the server alive
                _pipe(stream).close()


def _usable_cores() -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with contextlib.suppress(OSError, ValueError):  # the container's share; "max" means no limit
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        cores = min(cores, max(1, int(quota) // int(period)))
    return cores


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise AssertionError("Popen was called with pipes")
    return stream


def _keep_lines(stream: IO[bytes], lines: collections.deque[str]) -> None:
    with stream:
        for line in stream:
            lines.append(line.decode("utf-8", "replace").rstrip())


def _stop_all() -> None:
    for server in list(_servers):
        server.stop()


def _after_fork_in_child() -> None:
    for server in list(_servers):
        server._disown()  # noqa: SLF001 - same module


atexit.register(_stop_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
