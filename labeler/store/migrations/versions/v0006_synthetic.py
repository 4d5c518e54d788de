"""Whether a clip shows a made-up athlete: so far nobody could make one."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Every clip that is there was recorded."""
    told = sa.Column("is_synthetic", sa.Boolean, nullable=False, server_default="0")
    op.add_column("clip", told)
