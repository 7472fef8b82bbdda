"""Removes information about the machine from the interpreter before a tool runs."""

from __future__ import annotations

import _imp
import gc
import linecache
import os
import platform
import sys
import sysconfig
import types
from typing import Any, Final

_TEXT: Final = (str, bytes)


def remove_traces() -> None:
    """Remove paths, the host's name, and the arguments of this process from all objects that Python code can reach.

    The memory of the C library still contains some of them, such as the paths of loaded libraries.
    """
    modules = [module for module in sys.modules.values() if isinstance(module, types.ModuleType)]
    functions = [item for item in gc.get_objects() if isinstance(item, types.FunctionType)]
    folders = sorted({folder for module in modules if (folder := _folder(module))}, key=len, reverse=True)
    own = {value for value in vars(sys).values() if isinstance(value, str) and value.startswith(os.sep)}
    places = tuple({*folders, *own, *map(os.path.dirname, own)} - {os.sep, ""})

    def without(value: Any) -> Any:
        return "" if isinstance(value, _TEXT) and os.fsdecode(value).startswith(places) else value

    for module in modules:
        _forget_place(module)
        for name, value in list(vars(module).items()):
            if without(value) is not value:
                setattr(module, name, "")
        vars(module).get("build_time_vars", {}).clear()  # of `_sysconfigdata...`
    for function in functions:
        if function.__defaults__:
            function.__defaults__ = tuple(map(without, function.__defaults__))
    _shorten_file_names(functions, folders)
    sys.argv[:] = sys.orig_argv[:] = ["tool"]
    linecache.clearcache()
    for module, name in ((platform, "_uname_cache"), (sysconfig, "_CONFIG_VARS")):
        setattr(module, name, None)


def _folder(module: types.ModuleType) -> str:
    """Return the folder in which the top-level package of a module was found."""
    file = getattr(module, "__file__", None) or ""
    for _ in range(module.__name__.count(".") + 1 + file.endswith("__init__.py")):
        file = os.path.dirname(file)  # noqa: PTH120 - pathlib is not loaded here
    return file


def _forget_place(module: types.ModuleType) -> None:
    """Remove the path of a module."""
    for name in ("__file__", "__cached__"):
        vars(module).pop(name, None)
    if hasattr(module, "__path__"):
        module.__path__ = []
    if hasattr(module.__loader__, "path"):
        module.__loader__ = None
    spec: Any = module.__spec__
    if spec is not None and spec.origin != "built-in":
        spec.origin = spec.loader = spec.loader_state = spec.cached = None
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations = []


def _shorten_file_names(functions: list[types.FunctionType], folders: list[str]) -> None:
    """Remove the folder from the file name of every function and every running frame, which tracebacks show."""
    codes = [function.__code__ for function in functions]
    frame: types.FrameType | None = sys._getframe()  # noqa: SLF001 - the only way
    while frame is not None:
        codes.append(frame.f_code)
        frame = frame.f_back
    for code in codes:
        for folder in folders:
            if code.co_filename.startswith(folder + os.sep):
                _imp._fix_co_filename(code, code.co_filename[len(folder) + 1 :])  # type: ignore[attr-defined]  # noqa: SLF001 - importlib does so
                break
