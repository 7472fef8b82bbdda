"""One host of several that share a library: a process that answers each line of its input with a line of JSON.

`python -m tests.integration_tests.loop.host URL LOG NAME MAKING_SECONDS CLAIM_SECONDS`; LOG gets a line for each making
that this host's maker is asked for, which then takes so long.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from langchain_latm import create_sandbox, open_tool_library
from langchain_latm.making import maker as maker_module
from tests.unit_tests.loop_world import World, loop


def main(url: str, log: str, name: str, making_seconds: str, claim_seconds: str) -> None:
    def making(_text: str) -> None:
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(f"{name}\n")
        time.sleep(float(making_seconds))

    with open_tool_library(url) as library, create_sandbox() as sandbox:
        latm = loop(World(on_making=making), library, sandbox, claim_seconds=float(claim_seconds))
        _write({"clock": time.time()})
        for line in sys.stdin:
            answer = latm.invoke(line.strip())
            _write({"id": answer.id, "text": answer.text, "made": answer.tool_made, "notes": answer.notes})


def _write(data: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(data) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    # The scripted maker is asked for every function, and no search goes before it.
    maker_module.chosen_search = lambda given: None if given is True else given  # type: ignore[assignment, attr-defined, return-value]
    main(*sys.argv[1:])
