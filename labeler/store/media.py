"""The videos and pictures of clips: one folder per clip, put in place whole."""

import errno
import os
import shutil
from pathlib import Path
from typing import Final

from labeler.core.clip import SHORT_ID_DIGITS, ClipId
from labeler.core.errors import StoreError
from labeler.store.files import Scratch, disk_errors, flush_to_disk, move_into_place, name_of

PROXY_NAME: Final = "proxy.mp4"
THUMB_NAME: Final = "thumb.jpg"
SOURCE_STEM: Final = "source"


class MediaFiles:
    """``media/<clip_id>/``: the proxy that is played, a thumbnail, and an uploaded original."""

    def __init__(self, folder: Path, scratch: Scratch) -> None:
        self._folder = folder
        self._scratch = scratch

    def folder(self, clip_id: ClipId) -> Path:
        """Where a clip's files are, or would be; StoreError for what is no clip id."""
        return self._folder / name_of(clip_id)

    def proxy(self, clip_id: ClipId) -> Path:
        """The video that the browser plays."""
        return self._existing(clip_id, PROXY_NAME)

    def thumb(self, clip_id: ClipId) -> Path:
        """A small picture of the clip."""
        return self._existing(clip_id, THUMB_NAME)

    def source(self, clip_id: ClipId) -> Path | None:
        """The original, if it was uploaded; None when it stayed where it was."""
        return next(self.folder(clip_id).glob(f"{SOURCE_STEM}.*"), None)

    def is_whole(self, clip_id: ClipId) -> bool:
        """Whether a clip's proxy and thumbnail are there."""
        folder = self.folder(clip_id)
        return all((folder / name).is_file() for name in (PROXY_NAME, THUMB_NAME))

    def new_folder(self) -> Path:
        """An empty folder to ingest into; give it to `adopt`, or to `discard` after a failure."""
        return self._scratch.new_folder()

    def discard(self, folder: Path) -> None:
        """Remove a folder from `new_folder` with all that is in it."""
        self._scratch.discard(folder)

    def adopt(self, folder: Path, clip_id: ClipId) -> bool:
        """Make a filled folder the clip's own, in one step that others see whole or not at all.

        Returns
        -------
        bool
            False when the clip has a folder already (another ingest was first): its files stay,
            those that it lacks are moved in, and `folder` is removed.
        """
        target = self.folder(clip_id)
        with disk_errors(folder):
            for file in folder.iterdir():
                flush_to_disk(file)
            flush_to_disk(folder)
            is_adopted = _rename_unless_there(folder, target)
            if not is_adopted:
                _fill_up(folder, target)
            flush_to_disk(self._folder)
        self._scratch.discard(folder)
        return is_adopted

    def keep_source(self, file: Path, clip_id: ClipId) -> Path:
        """Move an uploaded original beside the clip's proxy; where it is now."""
        target = self.folder(clip_id) / f"{SOURCE_STEM}{file.suffix.lower() or '.bin'}"
        with disk_errors(file):
            try:
                move_into_place(file, target)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                self._copy_across_disks(file, target)
                file.unlink()
        return target

    def _copy_across_disks(self, file: Path, target: Path) -> None:
        folder = self.new_folder()
        try:
            move_into_place(Path(shutil.copyfile(file, folder / target.name)), target)
        finally:
            self.discard(folder)

    def _existing(self, clip_id: ClipId, name: str) -> Path:
        path, short_id = self.folder(clip_id) / name, clip_id[:SHORT_ID_DIGITS]
        if not path.is_file():
            raise StoreError(
                f"clip {short_id}: expected {name} in the dataset, got no such file.",
                hint="Ingest the original video again to make it.",
            )
        return path


def _rename_unless_there(folder: Path, target: Path) -> bool:
    try:
        os.rename(folder, target)  # noqa: PTH104 - beside os.replace, whose difference matters
    except OSError:
        if target.is_dir():
            return False
        raise
    return True


def _fill_up(folder: Path, target: Path) -> None:
    for file in folder.iterdir():
        if not (target / file.name).exists():
            move_into_place(file, target / file.name)
