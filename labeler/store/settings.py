"""What each rater set up for themselves, such as keys: no facts, so the newest is all there is."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from labeler.core.errors import StoreError
from labeler.store import schema
from labeler.store.database import Database


class Settings:
    """Values by rater and name; a value is whatever JSON can say, but never null."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, rater: str, name: str) -> Any:  # noqa: ANN401  # whatever JSON can say
        """The value, None where the rater never set one."""
        table = schema.setting.c
        found = select(table.value).where(table.rater == rater, table.name == name)
        with self._database.reading() as db:
            return db.scalar(found)

    def once(self, rater: str, name: str, value: Any) -> Any:  # noqa: ANN401  # whatever JSON can say
        """The value that is kept: `value`, where none was; whoever comes first wins."""
        table = schema.setting.c
        statement = insert(schema.setting).values({"rater": rater, "name": name, "value": value})
        with self._database.writing() as db:
            db.execute(statement.on_conflict_do_nothing())
            return db.scalar(select(table.value).where(table.rater == rater, table.name == name))

    def put(self, rater: str, name: str, value: Any) -> None:  # noqa: ANN401
        """Keep a value in place of the one before; it is on the disk when this returns.

        Raises
        ------
        StoreError
            When the rater has no name.
        """
        if not rater.strip():
            raise StoreError(
                "rater: expected a name to keep settings for, got none.", hint="Give --rater NAME."
            )
        row = {"rater": rater, "name": name, "value": value}
        statement = insert(schema.setting).values(row)
        with self._database.writing() as db:
            db.execute(statement.on_conflict_do_update(set_={"value": value}))
