"""The trusted process that forks locked children. A script: `python -s -P -S -X utf8 zygote.py DESCRIPTOR`.

It imports the part of the standard library that tools may use, locks itself, and from then on does four things: it
forks a child for a socket that the host passes, kills a child on the host's order, kills a child that computes without
a request, and reports a child's exit on that child's socket. It never executes a tool. It ends with the host.
"""

from __future__ import annotations

import gc
import importlib
import io
import json
import mmap
import os
import platform
import re
import select
import signal
import socket
import sys
import sysconfig
import time
import types
import warnings
from functools import partial
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

_METER_SECONDS: Final = 0.2
_IDLE_SECONDS: Final = 0.1
"""CPU time that a child may use besides its calls, for starting and waiting."""
_NOT_LOADED: Final = re.compile(r"_?tests?(_|$)|testing$|conftest$|__main__$|setup$|this$")
"""Modules of packages that no tool needs."""


class _NoOtherModule:
    """A module finder that refuses to import modules that are not loaded.

    Args:
        allowed: The modules to suggest.
    """

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self._allowed = ", ".join(allowed)

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        """Raise `ModuleNotFoundError`."""
        raise ModuleNotFoundError(
            f"no module named {name!r} here: a tool may import only these: {self._allowed}", name=name
        )


def _reach_own_package(folder: str) -> None:
    """Let `langchain_latm.sandbox...` be imported without running `langchain_latm/__init__.py`.

    That file belongs to the host and would load LangChain.
    """
    for name, path in (("langchain_latm", os.path.dirname(folder)), ("langchain_latm.sandbox", folder)):  # noqa: PTH120
        package = types.ModuleType(name)
        package.__path__ = [path]
        sys.modules[name] = package


def _seal_imports(allowed: tuple[str, ...], out_of_reach: tuple[str, ...]) -> None:
    """Allow imports only of loaded modules, without those that are out of reach."""
    for name in list(sys.modules):
        if name.partition(".")[0] in out_of_reach or name == "__main__":
            del sys.modules[name]
    sys.meta_path[:] = [_NoOtherModule(allowed)]
    sys.path.clear()
    sys.path_hooks.clear()
    sys.path_importer_cache.clear()


def _readable(site: str) -> list[str]:
    """Return the folders that loading packages reads: of packages, the standard library and shared libraries."""
    paths = sysconfig.get_paths()
    system = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache")
    return [site, paths["stdlib"], paths["platstdlib"], *system]


def _name_no_machine() -> None:
    """Reveal only the architecture to packages that ask for the system while they are loaded, as many do."""
    told = os.uname_result(("Linux", "", "5.13", "", os.uname().machine))
    os.uname = lambda: told
    vars(platform)["_uname_cache"] = platform.uname_result(*told)


def _load_packages(site: str, names: tuple[str, ...], later: list[str]) -> None:
    """Import packages with all their modules, since no file can be opened afterwards. This process is already locked.

    Args:
        site: Their folder.
        names: The modules that tools may import.
        later: Modules of the standard library that packages import when they are called.

    Raises:
        ImportError: One of them cannot be imported.
    """
    sys.path.append(site)
    # Libraries of linear algebra start a thread for each processor, which a child cannot.
    os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
    kept = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = io.StringIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for name in names:
                try:
                    importlib.import_module(name)
                except BaseException as error:  # noqa: BLE001 - whatever it raises, it cannot be used
                    raise ImportError(f"{name} cannot be imported: {type(error).__name__}: {error}") from None
                _load_inner(sys.modules[name])
            for name in later:
                _try_import(name)
    finally:
        sys.stdout, sys.stderr = kept
    os.environ.clear()
    os.environ["TZ"] = "UTC0"


def _load_inner(package: types.ModuleType) -> None:
    """Import the modules of a package except for its tests; skip modules whose dependencies are missing."""
    import pkgutil  # noqa: PLC0415 - only packages need it

    for _, name, _ in pkgutil.iter_modules(getattr(package, "__path__", ())):
        whole = f"{package.__name__}.{name}"
        if not _NOT_LOADED.match(name) and (inner := _try_import(whole)) is not None:
            _load_inner(inner)


def _try_import(name: str) -> types.ModuleType | None:
    try:
        return importlib.import_module(name)
    except BaseException:  # noqa: BLE001 - a script may end the process
        return None


class Zygote:
    """Forks children, watches them, and reports their exits.

    Args:
        control: Socket to the host; when it is closed, this process ends.
        host: Process id of the host, whose end a pidfd shows.
        busy: Descriptor of the memory in which the host writes the CPU time that each child may have used.
    """

    def __init__(self, control: socket.socket, host: int, busy: int) -> None:
        from langchain_latm.sandbox import _wire  # noqa: PLC0415 - the package is reachable only by now

        self._wire = _wire
        self._control = control
        self._host = host
        self._pids: dict[int, int] = {}
        self._children: dict[int, tuple[int, int]] = {}
        self._shared = mmap.mmap(busy, 0, prot=mmap.PROT_READ)
        self._shared.madvise(mmap.MADV_DONTFORK)  # children do not get this memory
        self._busy = memoryview(self._shared).cast("d")
        self._metered = 0.0
        self._wake, wake_writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(wake_writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def run(self) -> tuple[int, list[int]]:
        """Serve until the host is gone; in each child, return its socket and its limits."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._wake, select.POLLIN)
        # The control socket stays open if a process that the host forked still has a copy of it.
        watched = hasattr(os, "pidfd_open")
        if watched:
            try:
                poll.register(os.pidfd_open(self._host), select.POLLIN)
            except OSError:
                watched = False
        while True:
            for descriptor, _ in poll.poll(_METER_SECONDS * 1000 if self._pids else None if watched else 1_000):
                if descriptor == self._wake:
                    os.read(self._wake, 4096)
                    self._reap()
                elif descriptor == self._control.fileno():
                    child = self._obey()
                    if child is not None:
                        return child
                else:
                    os._exit(0)
            if os.getppid() != self._host:
                os._exit(0)
            self._meter()

    def _obey(self) -> tuple[int, list[int]] | None:
        try:
            message, descriptors, _, _ = socket.recv_fds(self._control, self._wire.ORDER.size, 1)
        except OSError:
            os._exit(0)
        if not message:
            os._exit(0)
        word, serial, *limits = self._wire.ORDER.unpack(message)
        if word == self._wire.SPAWN and descriptors:
            return self._fork(serial, descriptors[0], limits)
        if serial in self._pids:
            os.kill(self._pids[serial], signal.SIGKILL)
        return None

    def _fork(self, serial: int, channel: int, limits: list[int]) -> tuple[int, list[int]] | None:
        try:
            pid = os.fork()
        except OSError:  # the host reads the end of the stream, without an exit report
            os.close(channel)
            return None
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            # Closing these objects later would close descriptors that have other owners by then.
            self._busy.release()
            self._shared.close()
            self._control.close()
            return channel, limits
        self._pids[serial] = pid
        self._children[pid] = (serial, channel)
        return None

    def _meter(self) -> None:
        """Kill children that have used more CPU time than their calls took; an idle child sleeps."""
        now = time.monotonic()
        if now < self._metered + _METER_SECONDS:
            return
        self._metered = now
        for serial, pid in self._pids.items():
            slot = serial % self._wire.SLOTS
            allowed = self._busy[slot]
            if allowed == self._wire.BUSY:
                continue
            clock = ~pid << 3 | 2  # the CPU clock of another process, computed as in `clock_getcpuclockid`
            # The host may have sent a request meanwhile.
            if time.clock_gettime(clock) > allowed + _IDLE_SECONDS and self._busy[slot] == allowed:
                os.kill(pid, signal.SIGKILL)

    def _reap(self) -> None:
        while self._children:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                return
            serial, channel = self._children.pop(pid)
            del self._pids[serial]
            report = self._wire.EXIT_REPORT.pack(self._wire.EXIT_MARK, status, usage.ru_utime + usage.ru_stime)
            with socket.socket(fileno=channel) as end:
                try:
                    end.send(report, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
                except OSError:
                    continue  # the host closed it, or the child filled it: the host reads the end of the stream


def main() -> Callable[[], NoReturn]:
    """Start with the settings, which arrive first on the socket; in each child, return its next step.

    The settings are `{"host": pid, "folder": str, "libraries": [str], "busy": descriptor, "packages": None or {"site":
    str, "imports": [str], "later": [str]}}`. No reference to them is left when this returns.
    """
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = json.loads(control.recv(1 << 16))
    # After the standard library, so that no installed package can shadow a part of it.
    sys.path.extend(settings["libraries"])
    _reach_own_package(settings["folder"])
    # Tools see the same time zone on every machine, and the C library needs no file for it.
    os.environ.clear()  # the interpreter itself may have added a locale
    os.environ["TZ"] = "UTC0"
    time.tzset()
    from langchain_latm.sandbox import modules  # noqa: PLC0415 - not reachable before
    from langchain_latm.sandbox._inside import child, lockdown, traces  # noqa: PLC0415 - the same

    for name in modules.TOOL_MODULES + modules.HIDDEN_MODULES:
        importlib.import_module(name)

    lock_child = lockdown.prepare_lock(control.recv(1 << 16))  # the host has compiled the filter meanwhile
    packages = settings["packages"]
    retire: Callable[[], None] | None = None
    own: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    if packages:
        retire, kept = lockdown.retirement(), modules.KEPT_FOR_PACKAGES
        _name_no_machine()
        layers = lockdown.narrow_for_loading(control.recv(1 << 16), _readable(packages["site"]))
        own = tuple(packages["imports"])
        sys.path[:] = [folder for folder in sys.path if folder not in settings["libraries"]]  # it cannot be read
        _load_packages(packages["site"], own, packages["later"])
        lockdown.read_nothing()
    else:
        layers = lockdown.narrow()
    zygote = Zygote(control, settings["host"], settings["busy"])
    traces.remove_traces()
    _seal_imports(modules.TOOL_MODULES + own, tuple({*modules.OUT_OF_REACH} - {*kept}))
    gc.collect()
    gc.freeze()  # a collection in a child would write to, and so copy, the pages that it shares with this process
    control.send(json.dumps(layers).encode("ascii"))
    channel, (memory, cpu, value, printed) = zygote.run()
    lock_child(channel, memory, cpu)
    return partial(child.serve, value, printed, retire)


if __name__ == "__main__":
    serve = main()
    try:
        serve()
    finally:
        os._exit(1)
