"""Where uploaded files wait until they are ingested, each server's own apart from another's."""

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

from labeler.store.files import lock_file


class UploadFolder:
    """Received files on disk until they are ingested, each in its own folder with what was told.

    A file appears under its name only when it is whole; what a broken upload wrote is removed. It
    belongs to one server at a time, by a lock that the system drops when that server ends, however
    it ends: another server on the same dataset takes only what nobody has any more.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mine: dict[Path, ExitStack] = {}

    async def receive(self, name: str, chunks: AsyncIterator[bytes], *, told: str) -> Path:
        """Write the chunks to disk as they come; where the file is, once it is whole."""
        folder = self._folder / secrets.token_hex(16)
        path = folder / safe_name(name)
        await asyncio.to_thread(folder.mkdir, parents=True)
        try:
            self._take(folder)
            await asyncio.to_thread((folder / _TOLD).write_text, told, encoding="utf-8")
            with await asyncio.to_thread((folder / _PART).open, "xb") as file:
                async for chunk in chunks:
                    await asyncio.to_thread(file.write, chunk)
            await asyncio.to_thread((folder / _PART).replace, path)
        except BaseException:  # a cancelled request too
            self.drop(path)
            raise
        return path

    def waiting(self) -> list[tuple[Path, str]]:
        """Whole files of this server or of none that lives, with what was told; oldest first.

        What a server had received in part when it was killed stays where it is.
        """
        notes = sorted(self._folder.glob(f"*/{_TOLD}"), key=lambda note: note.stat().st_mtime)
        return [
            (path, note.read_text(encoding="utf-8"))
            for note in notes
            if self._take(note.parent)
            for path in note.parent.iterdir()
            if path.name not in (_TOLD, _PART, _LOCK)
        ]

    def drop(self, path: Path) -> None:
        """Remove what is left of a received file, once it is ingested or has failed."""
        if held := self._mine.pop(path.parent, None):
            held.close()
        shutil.rmtree(path.parent, ignore_errors=True)

    def close(self) -> None:
        """Leave what waits to the next server."""
        for held in self._mine.values():
            held.close()
        self._mine.clear()

    def _take(self, folder: Path) -> bool:
        """Whether a file's folder is this server's, or was nobody's and is now."""
        if folder in self._mine:
            return True
        with ExitStack() as held:
            if not held.enter_context(lock_file(folder / _LOCK, is_waiting=False)):
                return False
            self._mine[folder] = held.pop_all()
        return True


_PART, _TOLD, _LOCK = ".part", ".told", ".lock"
"""A file until it is whole, what was told about it, and what its server holds; `safe_name` never
gives such names."""

MAX_NAME_BYTES = 200
"""Longest file name kept from an upload, in UTF-8; file systems allow 255."""


def safe_name(name: str) -> str:
    """The last part of `name` without what could leave its folder or break a file system."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c if c.isprintable() and c not in '<>:"|?*' else "_" for c in last).strip(". ")
    stem, dot, suffix = kept.rpartition(".")
    room = MAX_NAME_BYTES - len(f"{dot}{suffix}".encode())
    if not stem or room <= 0:
        return kept.encode()[:MAX_NAME_BYTES].decode(errors="ignore") or "video"
    return stem.encode()[:room].decode(errors="ignore") + dot + suffix
