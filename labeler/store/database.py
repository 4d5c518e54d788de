"""One SQLite file, for many threads and processes: transactions in, clear errors out."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from labeler.core.errors import StorageError, StoreError

BUSY_TIMEOUT_S: Final = 30.0
"""How long a writer waits for the others before it gives up."""

_WRITES: Final = "labeler_writes"

_PRAGMAS: Final = (
    "PRAGMA synchronous = FULL",  # what was acknowledged survives a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # so that INSERT OR REPLACE meets the triggers too
)

_CAUSES: Final = {
    sqlite3.SQLITE_FULL: (
        "expected room for one more change, got a full disk",
        "Free some space and try again; everything saved before is intact.",
    ),
    sqlite3.SQLITE_IOERR: (
        "expected a disk that reads and writes, got an error of it",
        "See that the disk is connected and has room; everything saved before is intact.",
    ),
    sqlite3.SQLITE_READONLY: (
        "expected a writable file, got a read-only one",
        "Change the permissions of the dataset's folder, or choose another one.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "expected a file that can be opened, got a refusal",
        "Check the permissions of the dataset's folder.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "expected a SQLite database, got something else",
        "Restore the file from a copy, or choose another folder.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "expected an intact database, got a damaged one",
        "Restore the file from a copy; `sqlite3 labels.db .recover` may save what is readable.",
    ),
    sqlite3.SQLITE_BUSY: (
        f"expected its turn to write within {BUSY_TIMEOUT_S:.0f} s, got none",
        "Another program holds the dataset; close it and try again.",
    ),
}


class Database:
    """Transactions on one SQLite file.

    Connections are pooled and used by one thread at a time, so one object serves all threads of
    a process. Another process opens its own.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._reader = create_engine(
            URL.create("sqlite", database=str(file)),
            connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
        )
        event.listen(self._reader, "connect", _configure)
        event.listen(self._reader, "begin", _begin)
        self._writer = self._reader.execution_options(**{_WRITES: True})

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the dataset, whatever others write meanwhile."""
        with _clear_errors(self.file), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that has the dataset to itself; kept whole, or not at all on an error."""
        with _clear_errors(self.file), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close the pooled connections; the last one out folds the write-ahead log in."""
        self._reader.dispose()


def use_write_ahead_log(file: Path) -> None:
    """Let readers and one writer work at the same time; the file remembers the setting."""
    with _clear_errors(file):
        connection = sqlite3.connect(file, timeout=BUSY_TIMEOUT_S)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()


def copy_database(source: Path, target: Path) -> None:
    """Copy a database with everything that its write-ahead log still holds."""
    with _clear_errors(source):
        connections = sqlite3.connect(source), sqlite3.connect(target)
        try:
            connections[0].backup(connections[1])
        finally:
            for connection in connections:
                connection.close()


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # _begin opens transactions, not the driver
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    """Open a transaction; a writer queues at its begin, where waiting is safe from deadlock."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _clear_errors(file: Path) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise _explained(file, error.orig) from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise _explained(file, error) from error
    except UnicodeEncodeError as error:
        raise StoreError(
            f"text: expected characters that can be stored, got {error.object!r}.",
            hint="Rename the file, or type the text again.",
        ) from error


def _explained(file: Path, error: BaseException | None) -> StoreError:
    code = getattr(error, "sqlite_errorcode", None) or 0
    primary = code & 0xFF  # the higher bits say how, the lowest eight what
    what, hint = _CAUSES.get(
        primary, (f"expected the database to answer, got: {error}", "Run `labeler doctor`.")
    )
    kind = StorageError if primary in _CAUSES else StoreError
    return kind(f"{file}: {what}.", hint=hint)
