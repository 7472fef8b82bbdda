"""A file that is written in pieces, and that a later run of the same job can continue.

The data are in `NAME.part`. `NAME.resume` records how much of them is safely on disk, and for which job. The same job
continues there; another one is rejected. When the job is done, `NAME.part` becomes `NAME` in one step.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

from filelock import FileLock, Timeout

from langchain_latm._core.atomic_file import write_atomically
from langchain_latm.exceptions import LATMError, TableError

_SAVE_SECONDS: Final = 2.0


class PartFile:
    """A file that grows until it is finished.

    Args:
        target: The final file.
        job: Describes the job as JSON data. A run continues only a job with the same description; the error names the
            keys that differ.
        force: Whether an existing target is replaced.
        restart: Whether to delete the data of an earlier run.

    Attributes:
        state: JSON data that the caller keeps with the file, such as a position; empty for a new file.

    Raises:
        TableError: The target exists, or there are data of another job.
        LATMError: The folder cannot be written, or another process writes the file.
    """

    def __init__(self, target: Path, job: Mapping[str, Any], *, force: bool = False, restart: bool = False) -> None:
        self.target = target
        self.part = target.with_name(f"{target.name}.part")
        self._record = target.with_name(f"{target.name}.resume")
        self._lock = FileLock(target.with_name(f".{target.name}.lock"))
        self._job = dict(job)
        self.state: dict[str, Any] = {}
        self._sure = (0, "{}")
        self._saved = time.monotonic()
        if target.exists() and not force:
            raise TableError(f"{target} already exists; choose another file or add --force")
        if target.exists() and not target.is_file():
            raise TableError(f"{target} is not a file")
        if not target.parent.is_dir():
            raise LATMError(f"{target} cannot be written: the folder {target.parent} does not exist")
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise LATMError(f"{target}: another process is writing it") from error
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            size = None if restart else self._earlier()
            self._file: IO[bytes] = self.part.open("wb" if size is None else "r+b")
            if size is not None:
                self._file.truncate(size)
                self._file.seek(size)
            self.save()
        except OSError as error:
            self._release()
            raise self._unwritable(error) from error
        except BaseException:
            self._release()
            raise

    def write(self, data: bytes) -> None:
        """Append bytes.

        Raises:
            LATMError: The write failed, for example because the disk is full; what was saved stays.
        """
        try:
            self._file.write(data)
        except OSError as error:
            raise self._unwritable(error) from error

    def save(self, *, now: bool = True) -> None:
        """Make everything written so far, and `state`, survive a crash.

        Args:
            now: Whether to write to disk at once; otherwise this happens within two seconds, or when the file is
                closed.

        Raises:
            LATMError: As for `write`.
        """
        try:
            self._sure = (self._file.tell(), json.dumps(self.state))
            if now or time.monotonic() - self._saved > _SAVE_SECONDS:
                self._record_sure()
        except OSError as error:
            raise self._unwritable(error) from error

    def _record_sure(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        size, state = self._sure
        record = {"job": self._job, "bytes": size, "state": json.loads(state)}
        write_atomically(self._record, json.dumps(record, indent=1) + "\n")
        self._saved = time.monotonic()

    def finish(self, complete: Callable[[Path, Path], object] | None = None) -> None:
        """Turn the part into the target.

        Args:
            complete: Converts the part to the final file; by default the part itself becomes the target.

        Raises:
            LATMError: As for `write`.
        """
        self.save()
        try:
            self._file.close()
            whole = self.part
            if complete is not None:
                whole = self.target.with_name(f".{self.target.name}.whole")
                try:
                    complete(self.part, whole)
                    with whole.open("rb") as file:
                        os.fsync(file.fileno())
                except BaseException:
                    whole.unlink(missing_ok=True)
                    raise
            whole.replace(self.target)
            self.part.unlink(missing_ok=True)
            self._record.unlink(missing_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error
        self._release()

    def close(self) -> None:
        """Close the file; the next run continues after the last `save`."""
        with suppress(OSError):  # the disk may be full; then the last save counts
            if not self._file.closed:
                self._record_sure()
        with suppress(OSError):
            self._file.close()
        self._release()

    def _earlier(self) -> int | None:
        """Return how many bytes an earlier run of the job wrote; None if there was none."""
        if not self._record.exists():
            if self.part.exists():
                raise TableError(f"{self.part} exists, but no {self._record.name}: remove it, or add --restart")
            return None
        try:
            record = json.loads(self._record.read_text(encoding="utf-8"))
            job, size, state = dict(record["job"]), int(record["bytes"]), dict(record["state"])
        except (ValueError, KeyError, TypeError) as error:
            raise TableError(f"{self._record} is damaged: add --restart to start over") from error
        changed = sorted(key for key in job.keys() | self._job.keys() if job.get(key) != self._job.get(key))
        if changed:
            raise TableError(
                f"{self.part} was begun with another {' and another '.join(changed)}: repeat that command, choose "
                "another file, or add --restart to start over"
            )
        if not self.part.exists() or self.part.stat().st_size < size:
            raise TableError(f"{self.part} is shorter than {self._record.name} says: add --restart to start over")
        self.state = state
        return size

    def _release(self) -> None:
        self._lock.release()
        Path(self._lock.lock_file).unlink(missing_ok=True)

    def _unwritable(self, error: OSError) -> LATMError:
        return LATMError(f"{self.target} cannot be written ({error.strerror or error})")
