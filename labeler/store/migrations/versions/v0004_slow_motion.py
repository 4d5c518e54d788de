"""Slow motion: at how many frames per second a clip was filmed, told once."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Every clip so far plays as it was filmed."""
    op.create_table(
        "calibration_event",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("action_number", sa.Integer, sa.ForeignKey("action.number"), nullable=False),
        sa.Column("filmed_fps", sa.Float),
        sa.CheckConstraint("filmed_fps > 0", name="positive_rate"),
    )
    op.create_index("calibration_of_action", "calibration_event", ["action_number"])
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER calibration_event_no_{change.lower()} BEFORE {change} "
            "ON calibration_event "
            "BEGIN SELECT RAISE(ABORT, 'calibration_event is append-only'); END"
        )
