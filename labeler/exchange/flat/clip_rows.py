"""Clips as rows: everything known about each, without where this machine keeps its video."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from labeler.core.clip import Clip, ClipId, ClipTags, View, is_clip_id
from labeler.core.finding import Finding, Level
from labeler.core.track import PoseTrack

CLIP_SCHEMA = pa.schema(
    {
        "clip_id": pa.string(),
        "file_name": pa.string(),
        "athlete": pa.string(),
        "movement": pa.string(),
        "view": pa.string(),
        "session": pa.string(),
        "width_px": pa.int32(),
        "height_px": pa.int32(),
        "n_frames": pa.int32(),
        "duration_s": pa.float64(),
        "fps_median": pa.float64(),
        "fps_jitter_ratio": pa.float64(),
        "start_offset_s": pa.float64(),
        "rotation_deg": pa.int32(),
        "detected_ratio": pa.float64(),
        "ingested_at": pa.string(),
        "findings": pa.string(),
        "pose_made_by": pa.string(),
        "filmed_fps": pa.float64(),
        "time_scale": pa.float64(),
        "is_synthetic": pa.bool_(),
    }
)

LATER_COLUMNS = ("filmed_fps", "time_scale", "is_synthetic")
"""Up to the third format nobody could tell slow motion, up to the fifth nothing was made up."""


def clip_schema_for(names: Sequence[str]) -> pa.Schema:
    """The schema of a table with these columns."""
    return pa.schema([f for f in CLIP_SCHEMA if f.name in names or f.name not in LATER_COLUMNS])


def clip_table(clips: Iterable[Clip], tracks: Mapping[ClipId, PoseTrack]) -> pa.Table:
    """One row per clip; findings and what made the pose are JSON texts."""
    rows = [_row(clip, tracks[clip.clip_id]) for clip in clips]
    return pa.Table.from_pylist(rows, schema=CLIP_SCHEMA)


def clips_of(table: pa.Table) -> tuple[Clip, ...]:
    """The clips of a table: without a video, and in the order of their rows."""
    return tuple(_clip(row) for row in table.to_pylist())


def made_by_of(table: pa.Table) -> dict[ClipId, dict[str, str]]:
    """What made each clip's pose: model, versions and settings."""
    return {_clip_id(row): dict(json.loads(row["pose_made_by"])) for row in table.to_pylist()}


def tag_values(tags: ClipTags) -> dict[str, str | None]:
    """What a person said about a clip, as cells."""
    return {
        "athlete": tags.athlete,
        "movement": tags.movement,
        "view": None if tags.view is None else tags.view.value,
        "session": tags.session,
    }


def as_json(value: object) -> str:
    """One text for one value, whatever the order of its keys."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _row(clip: Clip, track: PoseTrack) -> dict[str, Any]:
    return {
        "clip_id": clip.clip_id,
        "file_name": clip.file_name,
        **tag_values(clip.tags),
        "width_px": clip.width_px,
        "height_px": clip.height_px,
        "n_frames": clip.n_frames,
        "duration_s": _missing_for_nan(clip.duration_s),
        "fps_median": _missing_for_nan(clip.fps_median),
        "fps_jitter_ratio": _missing_for_nan(clip.fps_jitter_ratio),
        "start_offset_s": clip.start_offset_s,
        "rotation_deg": clip.rotation_deg,
        "detected_ratio": _missing_for_nan(clip.detected_ratio),
        "ingested_at": clip.ingested_at,
        "findings": as_json([asdict(finding) for finding in clip.findings]),
        "pose_made_by": as_json(dict(track.made_by)),
        "filmed_fps": clip.filmed_fps,
        "time_scale": clip.time_scale,
        "is_synthetic": clip.is_synthetic,
    }


def _clip_id(row: Mapping[str, Any]) -> ClipId:
    """The id of a row; files are named after it, so that nothing else may stand there."""
    if not is_clip_id(row["clip_id"]):
        raise ValueError(f"clip_id: expected 64 hexadecimal digits, got {row['clip_id']!r}")
    return ClipId(row["clip_id"])


def _clip(row: Mapping[str, Any]) -> Clip:
    view = row["view"]
    return Clip(
        clip_id=_clip_id(row),
        file_name=row["file_name"],
        tags=ClipTags(
            row["athlete"], row["movement"], None if view is None else View(view), row["session"]
        ),
        width_px=row["width_px"],
        height_px=row["height_px"],
        n_frames=row["n_frames"],
        duration_s=_nan_for_missing(row["duration_s"]),
        fps_median=_nan_for_missing(row["fps_median"]),
        fps_jitter_ratio=_nan_for_missing(row["fps_jitter_ratio"]),
        start_offset_s=row["start_offset_s"],
        rotation_deg=row["rotation_deg"],
        detected_ratio=_nan_for_missing(row["detected_ratio"]),
        source_path=None,
        ingested_at=row["ingested_at"],
        findings=tuple(_finding(finding) for finding in json.loads(row["findings"])),
        is_video_present=False,
        filmed_fps=row.get("filmed_fps"),
        time_scale=row.get("time_scale", 1.0),
        is_synthetic=row.get("is_synthetic", False),
    )


def _finding(values: Mapping[str, str]) -> Finding:
    return Finding(
        values["code"], values["message"], level=Level(values["level"]), hint=values["hint"]
    )


def _missing_for_nan(value: float) -> float | None:
    return None if math.isnan(value) else value


def _nan_for_missing(value: float | None) -> float:
    return math.nan if value is None else value
