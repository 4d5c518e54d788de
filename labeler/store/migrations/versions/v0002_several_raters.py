"""Several raters: who is to rate what, blind repeats, and how disputes were settled."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Every answer so far was a first one; nobody was assigned, nothing settled."""
    op.add_column(
        "label_event",
        sa.Column("round_number", sa.Integer, nullable=False, server_default="1"),
    )
    _create_assignment_table()
    _create_decision_table()
    for table in ("assignment_event", "decision_event"):
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _create_assignment_table() -> None:
    op.create_table(
        "assignment_event",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("action_number", sa.Integer, sa.ForeignKey("action.number"), nullable=False),
        sa.Column("rater", sa.String, nullable=False),
        sa.Column("is_assigned", sa.Boolean, nullable=False),
        sa.Column("repeat_ratio", sa.Float, nullable=False),
        sa.CheckConstraint("repeat_ratio BETWEEN 0 AND 1", name="share_of_repeats"),
    )
    op.create_index("assignment_of_action", "assignment_event", ["action_number"])


def _create_decision_table() -> None:
    op.create_table(
        "decision_event",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("action_number", sa.Integer, sa.ForeignKey("action.number"), nullable=False),
        sa.Column("rep_id", sa.String, nullable=False),
        sa.Column("fault", sa.String, nullable=False),
        sa.Column("answer", sa.String),
        sa.Column("reason", sa.String, nullable=False),
        sa.CheckConstraint("answer IN ('0', '1', '2', '3', 'NV')", name="known_decision"),
    )
    op.create_index("decision_in_force", "decision_event", ["rep_id", "fault", "number"])
    op.create_index("decision_of_action", "decision_event", ["action_number"])
