"""One clip's pose as a table: a row per frame, its time, and six columns per landmark.

A pose with an outline of the trunk has columns more: how far the body reaches at each station.

The numbers are float32, as they are stored; missing is an empty cell. Times are float64 seconds.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa

from labeler.core.arrays import AnyArray, Float32Array, FloatArray
from labeler.core.clip import FrameTimes
from labeler.core.contour import N_STATIONS, TrunkContour
from labeler.core.landmarks import N_LANDMARKS, Landmark
from labeler.core.track import PoseTrack

VALUES = ("x_px", "y_px", "visibility", "world_x_m", "world_y_m", "world_z_m")
"""What is kept of each landmark, in the order of the columns."""

POSE_SCHEMA = pa.schema(
    [
        pa.field("frame", pa.int32()),
        pa.field("pts_s", pa.float64()),
        *(
            pa.field(f"{landmark.name.lower()}_{value}", pa.float32())
            for landmark in Landmark
            for value in VALUES
        ),
    ]
)

SIDES = ("left", "right")
"""Of somebody upright in the picture, as in `TrunkContour`."""

CONTOUR_SCHEMA = pa.schema(
    [
        *POSE_SCHEMA,
        *(
            pa.field(f"outline_{side}_{station:02d}_px", pa.float32())
            for side in SIDES
            for station in range(N_STATIONS)
        ),
        pa.field("outline_area_px", pa.float32()),
    ]
)


def schema_for(names: Sequence[str]) -> pa.Schema:
    """The schema of a table with these columns: with the outline, or without it."""
    return CONTOUR_SCHEMA if CONTOUR_SCHEMA.names[-1] in names else POSE_SCHEMA


def pose_table(track: PoseTrack) -> pa.Table:
    """The table of a track; NaN becomes missing."""
    visibility = track.visibility[:, :, np.newaxis]
    values = np.concatenate([track.xy_px, visibility, track.world_m], axis=2).astype(np.float32)
    flat = values.reshape(track.n_frames, -1)
    columns = [
        pa.array(np.arange(track.n_frames, dtype=np.int32)),
        pa.array(track.times.pts_s),
        *_columns(flat),
    ]
    if track.contour is None:
        return pa.table(columns, schema=POSE_SCHEMA)
    return pa.table([*columns, *_contour_columns(track.contour)], schema=CONTOUR_SCHEMA)


def pose_track(
    table: pa.Table,
    *,
    start_offset_s: float,
    size_px: tuple[int, int],
    made_by: Mapping[str, str],
) -> PoseTrack:
    """The track of a table; what the table does not hold comes from the clip's own row."""
    n_pose = len(POSE_SCHEMA)
    columns = [_float64(column) for column in table.columns[2:n_pose]]
    flat = np.stack(columns, axis=1).reshape(table.num_rows, N_LANDMARKS, len(VALUES))
    return PoseTrack(
        times=FrameTimes(_float64(table["pts_s"]), start_offset_s),
        xy_px=np.ascontiguousarray(flat[:, :, 0:2]),
        visibility=np.ascontiguousarray(flat[:, :, 2]),
        world_m=np.ascontiguousarray(flat[:, :, 3:6]),
        size_px=size_px,
        made_by=made_by,
        contour=_contour([_float64(column) for column in table.columns[n_pose:]]),
    )


def _contour_columns(contour: TrunkContour) -> Iterator[pa.Array]:
    flat = contour.offset_px.reshape(contour.n_frames, -1)
    return _columns(np.column_stack([flat, contour.area_px]).astype(np.float32))


def _contour(columns: Sequence[FloatArray]) -> TrunkContour | None:
    if not columns:
        return None
    *offsets_px, area_px = columns
    shape = (len(area_px), len(SIDES), N_STATIONS)
    return TrunkContour(np.stack(offsets_px, axis=1).reshape(shape), area_px)


def _columns(flat: Float32Array) -> Iterator[pa.Array]:
    """One column per second axis; NaN becomes missing."""
    return (pa.array(column, from_pandas=True) for column in np.ascontiguousarray(flat.T))


def _float64(column: pa.ChunkedArray) -> FloatArray:
    values: AnyArray = column.to_numpy()  # missing becomes NaN
    return values.astype(np.float64)
