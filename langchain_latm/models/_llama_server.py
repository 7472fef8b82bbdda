"""A llama.cpp server in its own process.

Run as a script by `langchain_latm.models.local_server`, never imported, so that it does not load LangChain. The
settings arrive as one JSON line on stdin, because they hold the API key, and other users of the machine can read
command lines and environments. When the model is loaded, one JSON line on stdout names the address. The process lives
as long as stdin is open and its parent lives, so it ends even if the parent is killed by SIGKILL.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from typing import Any

_PARENT_CHECK_SECONDS = 1.0


def main() -> None:
    """Serve until the parent closes stdin or dies."""
    # Ctrl-C reaches the whole process group; the host handles it, and closes stdin when it ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # llama.cpp may print, but the real stdout is only for the reply line.
    reply = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    settings = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_exit_at_end_of_input, daemon=True).start()
    if os.name == "posix":
        threading.Thread(target=_exit_without_parent, args=(settings["parent"],), daemon=True).start()
    try:
        server = _start(settings)
    except Exception as error:  # noqa: BLE001 - the host shows the last lines of stderr, which should be a reason, not a traceback
        sys.exit(f"{type(error).__name__}: {error}")
    reply.write(json.dumps({"address": server.listening_address}) + "\n")
    reply.close()
    threading.Event().wait()


def _start(settings: dict[str, Any]) -> Any:
    import xllamacpp  # noqa: PLC0415 - slow to load, so after the threads have started

    params = xllamacpp.CommonParams()
    params.model.path = settings["weights"]
    params.model_alias = {settings["alias"]}
    params.chat_template = settings["chat_template"]  # empty: the model's own
    params.hostnames = ["127.0.0.1"]
    params.port = settings["port"]  # 0: the system picks a free port at bind, without a race
    params.api_keys = [settings["api_key"]]
    params.ui = False
    params.endpoint_slots = False  # the endpoint shows other callers' prompts
    params.cors_origins = "http://127.0.0.1"  # no access from web pages
    params.verbosity = 2  # errors and warnings
    params.n_gpu_layers = 0
    params.fit_params = False  # do not change the settings below
    params.n_parallel = settings["slots"]
    params.n_ctx = settings["context"] * settings["slots"]  # llama.cpp divides it over the slots
    params.cpuparams.n_threads = settings["threads"]
    params.cpuparams_batch.n_threads = settings["threads"]
    params.cache_ram_mib = settings["prompt_cache_mib"]
    # No n-gram drafts (params.speculative): on 2 cores they slowed the copying of words into a JSON list by 10 to
    # 60 %, gained at most about 10 % on copying a text unchanged, and two of them changed an answer.
    return xllamacpp.Server(params)


def _exit_at_end_of_input() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)  # immediately, since threads of llama.cpp may still be generating


def _exit_without_parent(parent: int) -> None:
    # Not PR_SET_PDEATHSIG, which fires when the *thread* that started this process ends. End of input is not enough,
    # because a process forked by the host holds a copy of the pipe's other end.
    while os.getppid() == parent:
        time.sleep(_PARENT_CHECK_SECONDS)
    os._exit(0)


if __name__ == "__main__":
    main()
