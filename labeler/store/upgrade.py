"""Bring a ``labels.db`` to the newest schema revision, or say why that cannot be."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Final

from sqlalchemy import Connection, text

from labeler.core.errors import StoreError
from labeler.store.database import Database, copy_database, use_write_ahead_log
from labeler.store.schema import REVISIONS

MIGRATIONS: Final = Path(__file__).parent / "migrations"

_ALEMBIC_TURN: Final = Lock()  # Alembic keeps the migration at work in a global variable


def prepare(
    database: Database, *, migrations: Path = MIGRATIONS, revisions: Sequence[str] = REVISIONS
) -> None:
    """Create the tables in an empty file; upgrade an older one after copying it aside.

    Parameters
    ----------
    database : Database
        The file; the caller makes sure that nobody else prepares it at the same time.
    migrations : Path
        Alembic's folder of steps.
    revisions : Sequence[str]
        The known revisions, oldest first.

    Raises
    ------
    StoreError
        When the file was made by a newer version, or by another program.
    """
    found = find_revision(database)
    if found not in (None, *revisions):
        raise StoreError(
            f"{database.file}: expected schema revision {revisions[-1]} or older, got {found}.",
            hint="A newer labeler made this dataset: update labeler and open it again.",
        )
    use_write_ahead_log(database.file)
    if found == revisions[-1]:
        return
    if found is not None:
        copy_database(database.file, backup_path(database.file, found))
    with _ALEMBIC_TURN, database.writing() as connection:
        _migrate(connection, migrations)


def find_revision(database: Database) -> str | None:
    """The schema revision of a file; None for one without any table."""
    with database.reading() as connection:
        tables = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type='table'")))
        if not tables:
            return None
        if "alembic_version" in tables:
            return str(connection.scalar(text("SELECT version_num FROM alembic_version")))
    raise StoreError(
        f"{database.file}: expected a dataset of labeler, got a database with other tables.",
        hint="Choose another folder; this file was left as it is.",
    )


def backup_path(file: Path, revision: str) -> Path:
    """Where the copy goes that is made before an upgrade from `revision`."""
    return file.with_name(f"{file.stem}.revision-{revision}{file.suffix}")


def _migrate(connection: Connection, migrations: Path) -> None:
    from alembic import command  # here, because opening an up-to-date dataset must be quick
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
