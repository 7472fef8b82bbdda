"""Checks that the lock works on this machine, before anything else runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from langchain_latm.exceptions import SandboxUnavailableError
from langchain_latm.sandbox import _wire
from langchain_latm.sandbox._io import BLOCKING, run_blocking
from langchain_latm.sandbox.base import Limits
from langchain_latm.sandbox.process.child import ChildLostError, ChildProcess, Key
from langchain_latm.sandbox.process.zygote_process import ChildLimits, ZygoteLostError

if TYPE_CHECKING:
    from langchain_latm.sandbox.process.zygote_process import ZygoteProcess

_SECONDS: Final = 10.0


def self_test(zygote: ZygoteProcess) -> None:
    """Check that a child cannot do what no tool may do.

    Raises:
        SandboxUnavailableError: Something was allowed, or a child cannot lock itself.
    """
    child = ChildProcess(Key("", "", "", ChildLimits.of(Limits())), zygote)
    try:
        reply = run_blocking(child.ask(BLOCKING, _wire.PROBE, "null", _SECONDS))
    except (ChildLostError, ZygoteLostError) as error:
        raise SandboxUnavailableError(f"a sandbox process cannot lock itself on this machine: {error}") from error
    finally:
        child.end()
    allowed = [name for name, answer in (reply.value or {"": ""}).items() if answer != "EPERM"]
    if allowed or reply.failure:
        raise SandboxUnavailableError(
            f"this machine does not lock a sandbox process: {', '.join(allowed)} was not refused"
        )
