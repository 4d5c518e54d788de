"""The clips of a dataset: what is known about each, and when each of its frames is shown."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from sqlalchemy import ColumnElement, RowMapping, insert, or_, select, update

from labeler.core.clip import Clip, ClipId, ClipTags, FrameTimes, View
from labeler.core.errors import ShapeError, StoreError
from labeler.core.finding import Finding, Level
from labeler.core.label import Action
from labeler.store import schema
from labeler.store.database import Database
from labeler.store.rows import AS_STORED, Calibration, read_calibrations
from labeler.store.writer import LIST_CLIPS, JournalWriter, unknown_clip

MIN_PREFIX_DIGITS: Final = 4
"""The shortest beginning of an id that may name a clip."""

_NAN_AS_NULL: Final = ("fps_median", "fps_jitter_ratio", "detected_ratio")
_TIMES: Final = np.dtype("<f8")


class ClipRepository:
    """Clips in, clips out; what people say about their reps is in the journal."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, clip: Clip, times: FrameTimes, *, cut: Action | None = None) -> bool:
        """Make a clip known, with its frame times and the machine's first cut, all or nothing.

        Returns
        -------
        bool
            False when the clip is known already: nothing was changed then.
        """
        if times.n_frames != clip.n_frames:
            raise ShapeError("pts_s", (clip.n_frames,), (times.n_frames,))
        with self._database.writing() as db:
            known = select(schema.clip.c.clip_id).where(schema.clip.c.clip_id == clip.clip_id)
            if db.scalar(known) is not None:
                return False
            db.execute(insert(schema.clip).values(_as_row(clip)))
            pts_s = times.pts_s.astype(_TIMES).tobytes()
            db.execute(insert(schema.frame_times).values(clip_id=clip.clip_id, pts_s=pts_s))
            if cut is not None:
                JournalWriter(db).record(cut)
        return True

    def find(self, clip_id: ClipId) -> Clip | None:
        """A clip by its full id; None when it is not in the dataset."""
        found = self._where(schema.clip.c.clip_id == clip_id)
        return found[0] if found else None

    def get(self, name: str) -> Clip:
        """A clip by its id, its file name, or the beginning of either that no other clip shares.

        Raises
        ------
        StoreError
            When no clip, or more than one, has that name.
        """
        column = schema.clip.c
        found = self._where(or_(column.file_name == name, column.clip_id == name.lower()))
        if name and not found:
            begins = column.clip_id.startswith(name.lower(), autoescape=True)
            is_long_enough = len(name) >= MIN_PREFIX_DIGITS
            is_named_so = column.file_name.startswith(name, autoescape=True)
            found = self._where(or_(is_named_so, begins & is_long_enough))
        if len(found) == 1:
            return found[0]
        if not found:
            raise StoreError(
                f"clip: expected the id, at least {MIN_PREFIX_DIGITS} of its first digits, or the "
                f"file name of a clip in the dataset, or how that begins, got {name!r}.",
                hint=LIST_CLIPS,
            )
        ids = ", ".join(clip.short_id for clip in found)
        raise StoreError(
            f"clip: expected the name of one clip, got {name!r}, which fits {len(found)}: {ids}.",
            hint="Give more of the name, or one of these ids.",
        )

    def has_any(self) -> bool:
        """Whether there is a clip at all."""
        with self._database.reading() as db:
            return db.scalar(select(schema.clip.c.clip_id).limit(1)) is not None

    def all(self) -> list[Clip]:
        """Every clip, in the order of coming in."""
        return self._where(schema.clip.c.clip_id.is_not(None))

    def times(self, clip_id: ClipId) -> FrameTimes:
        """When each frame of a clip was filmed: slow motion that was told is taken out."""
        return self.stored_times(clip_id).scaled(self.time_scale(clip_id))

    def time_scale(self, clip_id: ClipId) -> float:
        """How many real seconds a second of the file lasts; 1 unless slow motion was told."""
        with self._database.reading() as db:
            return read_calibrations(db, clip_id).get(clip_id, AS_STORED).time_scale

    def stored_times(self, clip_id: ClipId) -> FrameTimes:
        """When each frame of a clip is shown by its file: exactly the numbers that came in."""
        table = schema.frame_times.join(schema.clip)
        statement = (
            select(schema.frame_times.c.pts_s, schema.clip.c.start_offset_s)
            .select_from(table)
            .where(schema.clip.c.clip_id == clip_id)
        )
        with self._database.reading() as db:
            row = db.execute(statement).one_or_none()
        if row is None:
            raise unknown_clip(clip_id)
        return FrameTimes(np.frombuffer(row.pts_s, _TIMES).astype(np.float64), row.start_offset_s)

    def set_tags(self, clip_id: ClipId, tags: ClipTags) -> None:
        """Replace what is told about a clip: athlete, movement, view, session."""
        self._update(clip_id, dataclasses.asdict(tags))

    def set_findings(self, clip_id: ClipId, findings: Sequence[Finding]) -> None:
        """Replace what a person should know about a clip, as after a new cut."""
        self._update(clip_id, {"findings": [dataclasses.asdict(f) for f in findings]})

    def set_video_present(self, clip_id: ClipId, *, source_path: str | None) -> None:
        """Say that a clip which came in without its video has it now."""
        self._update(clip_id, {"is_video_present": True, "source_path": source_path})

    def _update(self, clip_id: ClipId, values: Mapping[str, object]) -> None:
        statement = update(schema.clip).where(schema.clip.c.clip_id == clip_id).values(values)
        with self._database.writing() as db:
            if db.execute(statement).rowcount == 0:
                raise unknown_clip(clip_id)

    def _where(self, condition: ColumnElement[bool]) -> list[Clip]:
        order = schema.clip.c.ingested_at, schema.clip.c.clip_id
        statement = select(schema.clip).where(condition).order_by(*order)
        with self._database.reading() as db:
            filmed = read_calibrations(db, None)
            clips = [_as_clip(row) for row in db.execute(statement).mappings()]
        return [_calibrated(clip, filmed.get(clip.clip_id, AS_STORED)) for clip in clips]


def _calibrated(clip: Clip, told: Calibration) -> Clip:
    """A clip as stored, with what was told about its slow motion."""
    if told.filmed_fps is None:
        return clip
    return dataclasses.replace(
        clip,
        filmed_fps=told.filmed_fps,
        time_scale=told.time_scale,
        duration_s=clip.duration_s * told.time_scale,
        fps_median=told.filmed_fps,
    )


def _as_row(clip: Clip) -> dict[str, Any]:
    row = {field.name: getattr(clip, field.name) for field in dataclasses.fields(clip)}
    if row.pop("filmed_fps") is not None or row.pop("time_scale") != 1.0:
        raise ValueError("a clip is added as its file plays; slow motion is told by an action")
    row |= dataclasses.asdict(row.pop("tags"))
    row["findings"] = [dataclasses.asdict(finding) for finding in clip.findings]
    for name in _NAN_AS_NULL:
        row[name] = None if math.isnan(row[name]) else row[name]
    return row


def _as_clip(row: RowMapping) -> Clip:
    facts = dict(row)
    for name in _NAN_AS_NULL:
        facts[name] = math.nan if facts[name] is None else facts[name]
    tags = {field.name: facts.pop(field.name) for field in dataclasses.fields(ClipTags)}
    tags["view"] = None if tags["view"] is None else View(tags["view"])
    findings = tuple(Finding(**f | {"level": Level(f["level"])}) for f in facts.pop("findings"))
    return Clip(tags=ClipTags(**tags), findings=findings, **facts)
