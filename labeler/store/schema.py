"""The tables of a dataset's ``labels.db``, as they are in the newest revision."""

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005", "0006")
"""Every revision of the schema, oldest first; one module each in ``migrations/versions``."""

JOURNAL_TABLES: Final = (
    "action",
    "label_event",
    "rep_event",
    "assignment_event",
    "decision_event",
    "calibration_event",
)
"""Rows of these are added, never changed and never removed: triggers refuse it."""

metadata = MetaData()

clip = Table(
    "clip",
    metadata,
    Column("clip_id", String, CheckConstraint("length(clip_id) = 64"), primary_key=True),
    Column("file_name", String, nullable=False),
    Column("athlete", String),
    Column("movement", String),
    Column("view", String),
    Column("session", String),
    Column("width_px", Integer, nullable=False),
    Column("height_px", Integer, nullable=False),
    Column("n_frames", Integer, nullable=False),
    Column("duration_s", Float, nullable=False),
    Column("fps_median", Float),  # NULL is NaN, here and in the next ones: SQLite has no NaN
    Column("fps_jitter_ratio", Float),
    Column("detected_ratio", Float),
    Column("start_offset_s", Float, nullable=False),
    Column("rotation_deg", Integer, nullable=False),
    Column("source_path", String),
    Column("ingested_at", String, nullable=False),
    Column("findings", JSON, nullable=False),
    Column("is_video_present", Boolean, nullable=False),
    Column("is_synthetic", Boolean, nullable=False, server_default="0"),
)

frame_times = Table(
    "frame_times",
    metadata,
    Column("clip_id", ForeignKey("clip.clip_id"), primary_key=True),
    Column("pts_s", LargeBinary, nullable=False),  # float64, little endian
)

action = Table(
    "action",
    metadata,
    Column("number", Integer, primary_key=True),  # the order of the journal
    Column("action_id", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("clip_id", ForeignKey("clip.clip_id"), nullable=False),
    Column("author", String, nullable=False),
    Column("at_utc", String, nullable=False),
    Column("client", String, nullable=False),
    Column("target", ForeignKey("action.action_id")),
    Index("action_of_clip", "clip_id", "number"),
)

label_event = Table(
    "label_event",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("action_number", ForeignKey("action.number"), nullable=False),
    Column("rep_id", String, nullable=False),
    Column("fault", String, nullable=False),
    Column("rater", String, nullable=False),  # the action's author, here for the index in_force
    Column("answer", String),  # NULL: back to not rated
    Column("confidence", Float),
    Column("note", String),
    Column("round_number", Integer, nullable=False, server_default="1"),  # 2: a blind repeat
    Column("moment_s", Float),  # on the clock of the file; NULL: not said
    CheckConstraint("answer IN ('0', '1', '2', '3', 'NV')", name="known_answer"),
    Index("label_in_force", "rep_id", "fault", "rater", "number"),
    Index("label_of_action", "action_number"),
)

rep_event = Table(
    "rep_event",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("action_number", ForeignKey("action.number"), nullable=False),
    Column("rep_id", String, nullable=False),
    Column("start_frame", Integer),  # this and all that follows is NULL: the rep was taken out
    Column("turn_frame", Integer),
    Column("stop_frame", Integer),
    Column("start_s", Float),
    Column("turn_s", Float),
    Column("stop_s", Float),
    Column("quality", String),
    Column("reasons", JSON(none_as_null=True)),
    CheckConstraint(
        "start_frame IS NULL OR (0 <= start_frame AND start_frame <= turn_frame"
        " AND turn_frame < stop_frame AND start_s <= turn_s AND turn_s <= stop_s)",
        name="ordered_frames",
    ),
    Index("rep_in_force", "rep_id", "number"),
    Index("rep_of_action", "action_number"),
)

assignment_event = Table(
    "assignment_event",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("action_number", ForeignKey("action.number"), nullable=False),
    Column("rater", String, nullable=False),
    Column("is_assigned", Boolean, nullable=False),
    Column("repeat_ratio", Float, nullable=False),
    CheckConstraint("repeat_ratio BETWEEN 0 AND 1", name="share_of_repeats"),
    Index("assignment_of_action", "action_number"),
)

decision_event = Table(
    "decision_event",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("action_number", ForeignKey("action.number"), nullable=False),
    Column("rep_id", String, nullable=False),
    Column("fault", String, nullable=False),
    Column("answer", String),  # NULL: the decision is taken back
    Column("reason", String, nullable=False),
    CheckConstraint("answer IN ('0', '1', '2', '3', 'NV')", name="known_decision"),
    Index("decision_in_force", "rep_id", "fault", "number"),
    Index("decision_of_action", "action_number"),
)

setting = Table(
    "setting",
    metadata,
    Column("rater", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("value", JSON, nullable=False),
)

calibration_event = Table(
    "calibration_event",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("action_number", ForeignKey("action.number"), nullable=False),
    Column("filmed_fps", Float),  # NULL: as the file plays
    CheckConstraint("filmed_fps > 0", name="positive_rate"),
    Index("calibration_of_action", "action_number"),
)
