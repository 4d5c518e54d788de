"""Files that appear whole or not at all, and locks that die with their process."""

import errno
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from labeler.core.clip import ClipId, is_clip_id
from labeler.core.errors import StoreError

_LOCK_SUFFIX: Final = ".lock"


class Scratch:
    """A folder for work in progress: what a killed process leaves here is swept later.

    Each piece of work has a folder and a locked file beside it. The operating system drops the
    lock when the process ends, however it ends, so that nobody sweeps the work of the living.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks: dict[Path, IO[bytes]] = {}

    def new_folder(self) -> Path:
        """An empty folder that stays until `discard` or `close`."""
        folder = self._folder / f"{os.getpid()}-{secrets.token_hex(6)}"
        with disk_errors(self._folder):
            lock = _lock_of(folder).open("ab")
            _try_lock(lock, is_waiting=True)
            self._locks[folder] = lock
            folder.mkdir()
        return folder

    def discard(self, folder: Path) -> None:
        """Remove a folder with what is still in it; one that was moved away is fine too."""
        shutil.rmtree(folder, ignore_errors=True)
        if lock := self._locks.pop(folder, None):
            lock.close()  # which unlocks
            _remove_lock(_lock_of(folder))

    def close(self) -> None:
        """Remove every folder of this object."""
        for folder in list(self._locks):
            self.discard(folder)

    def sweep(self) -> int:
        """Remove what killed processes left; the number of folders removed."""
        n_swept = 0
        for lock in self._folder.glob(f"*{_LOCK_SUFFIX}"):
            with lock_file(lock, is_waiting=False) as is_abandoned:
                if is_abandoned:
                    shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
            if is_abandoned:
                _remove_lock(lock)
                n_swept += 1
        return n_swept


@contextmanager
def lock_file(file: Path, *, is_waiting: bool = True) -> Iterator[bool]:
    """Hold a lock across threads and processes; yields whether it was obtained."""
    with file.open("ab") as stream:  # closing it unlocks
        yield _try_lock(stream, is_waiting=is_waiting)


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses into errors that say what to do."""
    try:
        yield
    except OSError as error:
        raise _explained(Path(error.filename or path), error) from error


def name_of(clip_id: ClipId) -> str:
    """A clip's id as part of a path; refuses what could lead out of the dataset.

    Raises
    ------
    StoreError
        If it is not 64 lower-case hexadecimal digits.
    """
    if not is_clip_id(clip_id):
        raise StoreError(
            f"clip id: expected 64 hexadecimal digits, got {clip_id!r}.",
            hint="Name the clip by its id, as `labeler clips` shows it.",
        )
    return clip_id


def move_into_place(source: Path, target: Path) -> None:
    """Put a finished file where others read it: flushed to disk, then renamed over `target`."""
    flush_to_disk(source)
    os.replace(source, target)  # noqa: PTH105 - named for what it does: replaces on every system
    flush_to_disk(target.parent)


def flush_to_disk(path: Path) -> None:
    """Make the content of a file, or the entries of a folder, survive a power cut."""
    if sys.platform == "win32" and path.is_dir():  # pragma: no cover
        return  # Windows has no such call for folders
    access = os.O_RDWR if sys.platform == "win32" else os.O_RDONLY  # what each asks for here
    descriptor = os.open(path, access)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _explained(path: Path, error: OSError) -> StoreError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreError(
            f"{path}: expected room on the disk, got a full one.",
            hint="Free some space and try again; nothing half-written is kept.",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StoreError(
            f"{path}: expected a writable folder, got a refusal ({error.strerror}).",
            hint="Change its permissions, or choose another dataset folder.",
        )
    return StoreError(
        f"{path}: expected to read and write here, got: {error.strerror or error}.",
        hint="Check the path and the disk.",
    )


def _remove_lock(lock: Path) -> None:
    with suppress(PermissionError):  # Windows: somebody looks at it now; a later sweep gets it
        lock.unlink(missing_ok=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + _LOCK_SUFFIX)


if sys.platform == "win32":  # pragma: no cover - coverage is measured elsewhere
    import msvcrt

    def _try_lock(stream: IO[bytes], *, is_waiting: bool) -> bool:
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK if is_waiting else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(stream: IO[bytes], *, is_waiting: bool) -> bool:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | (0 if is_waiting else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True
