"""The backend without protection, for tests of code that you wrote yourself."""

from __future__ import annotations

import sys
import threading
import warnings
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from langchain_latm.sandbox import _wire
from langchain_latm.sandbox._backend import Backend, SandboxCall
from langchain_latm.sandbox._inside.answers import Answers
from langchain_latm.sandbox._inside.tool import MODULE_NAME
from langchain_latm.sandbox._reply import Reply, read_entry

if TYPE_CHECKING:
    from langchain_latm.sandbox._io import IO
    from langchain_latm.sandbox.base import Guarantee, Limits

_KEPT: Final = 64
"""Maximum number of loaded tools; the least recently used one is dropped."""

_warned = threading.Event()


class UnsafeSandboxWarning(UserWarning):
    """Warns that code, perhaps written by a model, runs in this process with all its rights."""


class UnsafeSandbox(Backend):
    """Runs tools in the caller's own process. **It guarantees nothing**: a tool can do anything that the caller can.

    It returns the same values and failures as the other backends, and limits the size of arguments, values and prints
    of a cooperative tool. It does not enforce `wall_seconds`, `cpu_seconds` or `memory_bytes`: a tool that never
    returns blocks every further call, and one that exits may end the caller. While a tool runs, it owns `sys.stdout`
    and `sys.stderr` of the whole process. One call runs at a time.

    It does not set `ToolSource.hash_seed`: sets have the order of the caller's process. Start the process with
    `PYTHONHASHSEED=0` for the order of the other backends. A making cannot detect functions whose value depends on the
    order.

    The first one in a process warns (`UnsafeSandboxWarning`).

    Args:
        limits: What one call may use, as far as this backend enforces it.
    """

    def __init__(self, *, limits: Limits | None = None) -> None:
        super().__init__(limits=limits)
        self._one_call = threading.Lock()
        self._loaded: OrderedDict[tuple[str, str, str, int, int], Answers] = OrderedDict()
        if not _warned.is_set():
            _warned.set()
            warnings.warn(
                "UnsafeSandbox runs generated code in this process, without any protection; "
                "use create_sandbox() for code that you did not write",
                UnsafeSandboxWarning,
                stacklevel=3,
            )

    @property
    def guarantees(self) -> frozenset[Guarantee]:
        """None."""
        return frozenset()

    async def _answer(self, io: IO, call: SandboxCall) -> Reply:
        return await io.run(lambda: self._call_here(call))

    def _call_here(self, call: SandboxCall) -> Reply:
        tool, limits = call.tool, call.limits
        key = (tool.source, tool.entry, call.tenant, limits.output_bytes, limits.stdout_bytes)
        with self._one_call:
            kept = sys.stdout, sys.stderr
            try:
                answers = self._loaded.pop(key, None)
                if answers is None:
                    answers = Answers(limits.output_bytes, limits.stdout_bytes)
                    loaded, text = answers.answer(_wire.LOAD, _wire.encode([tool.source, tool.entry]))
                    if not loaded:
                        return read_entry(text.encode("ascii"), limits.output_bytes, limits.stdout_bytes)
                self._loaded[key] = answers
                if len(self._loaded) > _KEPT:
                    self._loaded.popitem(last=False)
                _, text = answers.answer(call.word, call.text)
            finally:
                sys.stdout, sys.stderr = kept
                sys.modules.pop(MODULE_NAME, None)
        return read_entry(text.encode("ascii"), limits.output_bytes, limits.stdout_bytes)

    def _shut(self) -> None:
        self._loaded.clear()
