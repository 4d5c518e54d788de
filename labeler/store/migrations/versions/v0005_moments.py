"""The moment of a fault: when it is to be seen, beside the answer."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Nobody could tell a moment so far; what refuses changes of the table stays as it is."""
    op.add_column("label_event", sa.Column("moment_s", sa.Float))
