"""Lists the members of the modules of installed packages, inside the sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from langchain_latm.exceptions import SandboxUnavailableError
from langchain_latm.sandbox.base import Limits, ToolSource
from langchain_latm.sandbox.modules import TOOL_MODULES

_SOURCE: Final = '''\
import builtins
import sys
import types


def members(own: list[str], allowed: list[str], refused: list[str]) -> dict[str, dict[str, str]]:
    """List the public members of packages."""

    def is_own(name: str) -> bool:
        first, *inner = name.split(".")
        return first in own and not any(part.startswith("_") for part in inner)

    def is_foreign(value: object) -> bool:
        home = getattr(value, "__module__", None)
        first = home.partition(".")[0].lstrip("_") if isinstance(home, str) else ""
        names = sys.stdlib_module_names
        return (first in names or "_" + first in names or first in ("nt", "posix")) and first not in allowed

    def is_unsafe(*named: object) -> bool:
        names = [each if isinstance(each, str) else getattr(each, "__name__", "") for each in named]
        return any(isinstance(name, str) and "unsafe" in name.lower() for name in names)

    never = [getattr(builtins, name) for name in refused]
    found = {}
    for name, module in sorted(sys.modules.items()):
        if not isinstance(module, types.ModuleType) or not is_own(name):
            continue
        names = found[name] = {}
        for each, value in list(vars(module).items()):
            if each.startswith("_"):
                continue
            try:
                if isinstance(value, types.ModuleType):
                    if is_own(value.__name__) and sys.modules.get(value.__name__) is value:
                        names[each] = value.__name__
                elif is_unsafe(each, value, *(value.__mro__ if isinstance(value, type) else ())):
                    continue
                elif not any(value is one for one in never) and not is_foreign(value):
                    names[each] = ""
            except Exception:
                continue
    return found
'''
_REFUSED: Final = ("eval", "exec", "compile", "__import__", "globals", "locals", "vars", "open", "input", "breakpoint")
_LIMITS: Final = Limits(wall_seconds=120.0, memory_bytes=2**30, output_bytes=64 * 2**20)


def describe_members(key: str, imports: Sequence[str]) -> dict[str, dict[str, str]]:
    """List the public members of the modules of a set that a tool may use.

    It leaves out names that they import from elsewhere, such as `os`, and members that they call unsafe by their own
    name or that of a base class, such as `yaml.Loader`. That class creates any object that a text names, which the
    audit hook for code does not detect.

    Raises:
        SandboxUnavailableError: The packages cannot be loaded by a locked process.
    """
    from langchain_latm.sandbox.process import ProcessSandbox  # noqa: PLC0415 - Linux only

    allowed = sorted({name.partition(".")[0] for name in TOOL_MODULES} - {"sys"} | {"builtins"})
    arguments: dict[str, Any] = {"own": list(imports), "allowed": allowed, "refused": list(_REFUSED)}
    with ProcessSandbox(limits=_LIMITS) as sandbox:
        result = sandbox.call(ToolSource(source=_SOURCE, entry="members", packages=key), arguments)
    if result.failure is not None:
        raise SandboxUnavailableError(result.failure.message)
    found: dict[str, dict[str, str]] = result.value
    if missing := [name for name in imports if name not in found]:
        raise SandboxUnavailableError(f"there is no module {missing[0]!r}")
    return found
