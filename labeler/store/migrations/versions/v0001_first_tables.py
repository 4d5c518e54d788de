"""The first tables: clips, their frame times, and the append-only journal."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables, and the triggers that keep the journal as it was written."""
    _create_clip_tables()
    _create_action_table()
    _create_label_event_table()
    _create_rep_event_table()
    for table in ("action", "label_event", "rep_event"):
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _create_clip_tables() -> None:
    op.create_table(
        "clip",
        sa.Column(
            "clip_id", sa.String, sa.CheckConstraint("length(clip_id) = 64"), primary_key=True
        ),
        sa.Column("file_name", sa.String, nullable=False),
        sa.Column("athlete", sa.String),
        sa.Column("movement", sa.String),
        sa.Column("view", sa.String),
        sa.Column("session", sa.String),
        sa.Column("width_px", sa.Integer, nullable=False),
        sa.Column("height_px", sa.Integer, nullable=False),
        sa.Column("n_frames", sa.Integer, nullable=False),
        sa.Column("duration_s", sa.Float, nullable=False),
        sa.Column("fps_median", sa.Float),
        sa.Column("fps_jitter_ratio", sa.Float),
        sa.Column("detected_ratio", sa.Float),
        sa.Column("start_offset_s", sa.Float, nullable=False),
        sa.Column("rotation_deg", sa.Integer, nullable=False),
        sa.Column("source_path", sa.String),
        sa.Column("ingested_at", sa.String, nullable=False),
        sa.Column("findings", sa.JSON, nullable=False),
        sa.Column("is_video_present", sa.Boolean, nullable=False),
    )
    op.create_table(
        "frame_times",
        sa.Column("clip_id", sa.String, sa.ForeignKey("clip.clip_id"), primary_key=True),
        sa.Column("pts_s", sa.LargeBinary, nullable=False),
    )


def _create_action_table() -> None:
    op.create_table(
        "action",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("action_id", sa.String, nullable=False, unique=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("clip_id", sa.String, sa.ForeignKey("clip.clip_id"), nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("at_utc", sa.String, nullable=False),
        sa.Column("client", sa.String, nullable=False),
        sa.Column("target", sa.String, sa.ForeignKey("action.action_id")),
    )
    op.create_index("action_of_clip", "action", ["clip_id", "number"])


def _create_label_event_table() -> None:
    op.create_table(
        "label_event",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("action_number", sa.Integer, sa.ForeignKey("action.number"), nullable=False),
        sa.Column("rep_id", sa.String, nullable=False),
        sa.Column("fault", sa.String, nullable=False),
        sa.Column("rater", sa.String, nullable=False),
        sa.Column("answer", sa.String),
        sa.Column("confidence", sa.Float),
        sa.Column("note", sa.String),
        sa.CheckConstraint("answer IN ('0', '1', '2', '3', 'NV')", name="known_answer"),
    )
    op.create_index("label_in_force", "label_event", ["rep_id", "fault", "rater", "number"])
    op.create_index("label_of_action", "label_event", ["action_number"])


def _create_rep_event_table() -> None:
    op.create_table(
        "rep_event",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("action_number", sa.Integer, sa.ForeignKey("action.number"), nullable=False),
        sa.Column("rep_id", sa.String, nullable=False),
        sa.Column("start_frame", sa.Integer),
        sa.Column("turn_frame", sa.Integer),
        sa.Column("stop_frame", sa.Integer),
        sa.Column("start_s", sa.Float),
        sa.Column("turn_s", sa.Float),
        sa.Column("stop_s", sa.Float),
        sa.Column("quality", sa.String),
        sa.Column("reasons", sa.JSON(none_as_null=True)),
        sa.CheckConstraint(
            "start_frame IS NULL OR (0 <= start_frame AND start_frame <= turn_frame"
            " AND turn_frame < stop_frame AND start_s <= turn_s AND turn_s <= stop_s)",
            name="ordered_frames",
        ),
    )
    op.create_index("rep_in_force", "rep_event", ["rep_id", "number"])
    op.create_index("rep_of_action", "rep_event", ["action_number"])
