"""One llama.cpp server in a process of its own.

Run by `langchain_latm.models.local_server` as a script, never imported, so that it does not load LangChain. Its
settings arrive as one JSON line on stdin: a command line and an environment can be read by other users of the
machine, and the settings hold the API key. When the model is loaded, one JSON line on stdout names the port.
The process lives as long as stdin stays open and its parent lives, so that nothing is left behind even when
the parent is killed by SIGKILL.
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
    # Ctrl-C reaches the whole process group: the host decides what it means, and closes stdin when it ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # llama.cpp may print; the reply line must stay alone on the real stdout.
    reply = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    settings = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_exit_at_end_of_input, daemon=True).start()
    if os.name == "posix":
        threading.Thread(target=_exit_without_parent, args=(settings["parent"],), daemon=True).start()
    try:
        server = _start(settings)
    except Exception as error:  # noqa: BLE001 - the host shows the last lines of stderr: a reason, not a traceback
        sys.exit(f"{type(error).__name__}: {error}")
    reply.write(json.dumps({"address": server.listening_address}) + "\n")
    reply.close()
    threading.Event().wait()


def _start(settings: dict[str, Any]) -> Any:
    import xllamacpp  # noqa: PLC0415 - after the watching threads: loading it takes a while

    params = xllamacpp.CommonParams()
    params.model.path = settings["weights"]
    params.model_alias = {settings["alias"]}
    params.chat_template = settings["chat_template"]  # empty: the model's own
    params.hostnames = ["127.0.0.1"]
    params.port = settings["port"]  # 0: the system picks a free one at bind, so that nobody can take it in between
    params.api_keys = [settings["api_key"]]
    params.ui = False
    params.endpoint_slots = False  # it shows what other callers asked
    params.cors_origins = "http://127.0.0.1"  # no web page has business here
    params.verbosity = 2  # errors and warnings
    params.n_gpu_layers = 0
    params.fit_params = False  # the settings below are meant as they are
    params.n_parallel = settings["slots"]
    params.n_ctx = settings["context"] * settings["slots"]  # llama.cpp divides it over the slots
    params.cpuparams.n_threads = settings["threads"]
    params.cpuparams_batch.n_threads = settings["threads"]
    params.cache_ram_mib = settings["prompt_cache_mib"]
    # No n-gram drafts (params.speculative): on 2 cores they slowed the copying of words into a JSON list by 10 to
    # 60 %, gained at most about 10 % on copying a text as it stands, and two of them changed an answer.
    return xllamacpp.Server(params)


def _exit_at_end_of_input() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)  # at once: threads of llama.cpp may be in the middle of an answer that nobody will read


def _exit_without_parent(parent: int) -> None:
    # Not PR_SET_PDEATHSIG: it fires when the *thread* that started us ends. Needed beside end of input
    # because a process forked by the host holds a copy of the pipe's other end.
    while os.getppid() == parent:
        time.sleep(_PARENT_CHECK_SECONDS)
    os._exit(0)


if __name__ == "__main__":
    main()
