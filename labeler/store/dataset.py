"""A dataset: one folder with a database of facts and, beside it, the files they are about."""

from pathlib import Path
from types import TracebackType
from typing import Final, Self

from labeler.core.errors import StoreError
from labeler.store.clips import ClipRepository
from labeler.store.database import Database
from labeler.store.files import Scratch, disk_errors, lock_file
from labeler.store.journal import Journal
from labeler.store.media import MediaFiles
from labeler.store.settings import Settings
from labeler.store.standing import Standings
from labeler.store.tracks import TrackFiles
from labeler.store.upgrade import prepare

DATABASE_NAME: Final = "labels.db"
MEDIA, POSES, EXPORTS, UPLOADS, SCRATCH = FOLDERS = (
    "media",
    "poses",
    "exports",
    "uploads",
    "tmp",
)
_LOCK_NAME: Final = ".lock"


class Dataset:
    """An open dataset; one object serves all threads of a process, other processes open their own.

    Whoever brings a clip in writes its files first (`tracks.save`, `media.adopt`) and adds it to
    `clips` last, together with its first cut: a clip is in the dataset when its row is. What a
    killed ingest leaves behind is taken over by the next one of the same clip, or swept from
    ``tmp`` when the dataset is opened.
    """

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self._database = database
        self._scratch = Scratch(folder / SCRATCH)
        self._scratch.sweep()
        self.clips = ClipRepository(database)
        self.journal = Journal(database)
        self.standings = Standings(database)
        self.settings = Settings(database)
        self.tracks = TrackFiles(folder / POSES, self._scratch)
        self.media = MediaFiles(folder / MEDIA, self._scratch)

    @classmethod
    def open(cls, folder: Path, *, create: bool = True) -> Self:
        """Open a dataset, upgrading an older one; make it in an empty or new folder if `create`.

        Raises
        ------
        StoreError
            When the folder is not a dataset, cannot be written, was made by a newer version, or
            its database is damaged.
        """
        folder = folder.absolute()
        _require_dataset(folder, create=create)
        database = Database(folder / DATABASE_NAME)
        try:
            with disk_errors(folder):
                folder.mkdir(parents=True, exist_ok=True)
                with lock_file(folder / _LOCK_NAME):
                    prepare(database)
                for name in FOLDERS:
                    (folder / name).mkdir(exist_ok=True)
            return cls(folder, database)
        except BaseException:
            database.close()
            raise

    @property
    def exports(self) -> Path:
        """Where exports go unless told otherwise."""
        return self.folder / EXPORTS

    @property
    def uploads(self) -> Path:
        """Where uploaded files wait for their ingest."""
        return self.folder / UPLOADS

    def close(self) -> None:
        """Close the database and remove unfinished work of this object."""
        self._scratch.close()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _require_dataset(folder: Path, *, create: bool) -> None:
    """Refuse to scatter files into a folder that somebody uses for something else."""
    database = folder / DATABASE_NAME
    if folder.exists() and not folder.is_dir():
        raise StoreError(
            f"{folder}: expected a folder, got a file.", hint="Give the folder of a dataset."
        )
    if database.exists():
        return _require_content(folder)
    if not create:
        raise StoreError(
            f"{folder}: expected a dataset, got "
            f"{f'a folder without {DATABASE_NAME}' if folder.exists() else 'nothing there'}.",
            hint="Check the path, or make one with: labeler ingest VIDEO --dataset FOLDER",
        )
    strangers = sorted(entry.name for entry in _visible(folder) if not _is_ours(entry.name))
    if strangers:
        raise StoreError(
            f"{folder}: expected a dataset or an empty folder, got one with {strangers[0]!r}.",
            hint="Choose a new folder for the dataset.",
        )
    return None


def _require_content(folder: Path) -> None:
    """An empty database beside clips is a lost one, not a new one."""
    is_empty = (folder / DATABASE_NAME).stat().st_size == 0
    if is_empty and any(path for name in (MEDIA, POSES) for path in _visible(folder / name)):
        raise StoreError(
            f"{folder / DATABASE_NAME}: expected a database, got an empty file beside clips.",
            hint="Restore the file from a copy before you go on.",
        )


def _is_ours(name: str) -> bool:
    """Whether a dataset has a file or folder of that name; another process may make one now."""
    return name in FOLDERS or name.startswith(DATABASE_NAME)


def _visible(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if not path.name.startswith(".")]
