"""One clip's pose as a table: a row per frame, its time, and six columns per landmark.

The numbers are float32, as they are stored; missing is an empty cell. Times are float64 seconds.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from labeler.core.arrays import AnyArray, FloatArray
from labeler.core.clip import FrameTimes
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


def pose_table(track: PoseTrack) -> pa.Table:
    """The table of a track; NaN becomes missing."""
    visibility = track.visibility[:, :, np.newaxis]
    values = np.concatenate([track.xy_px, visibility, track.world_m], axis=2).astype(np.float32)
    flat = values.reshape(track.n_frames, -1)
    columns = [
        pa.array(np.arange(track.n_frames, dtype=np.int32)),
        pa.array(track.times.pts_s),
        *(pa.array(column, from_pandas=True) for column in np.ascontiguousarray(flat.T)),
    ]
    return pa.table(columns, schema=POSE_SCHEMA)


def pose_track(
    table: pa.Table,
    *,
    start_offset_s: float,
    size_px: tuple[int, int],
    made_by: Mapping[str, str],
) -> PoseTrack:
    """The track of a table; what the table does not hold comes from the clip's own row."""
    columns = [_float64(column) for column in table.columns[2:]]
    flat = np.stack(columns, axis=1).reshape(table.num_rows, N_LANDMARKS, len(VALUES))
    return PoseTrack(
        times=FrameTimes(_float64(table["pts_s"]), start_offset_s),
        xy_px=np.ascontiguousarray(flat[:, :, 0:2]),
        visibility=np.ascontiguousarray(flat[:, :, 2]),
        world_m=np.ascontiguousarray(flat[:, :, 3:6]),
        size_px=size_px,
        made_by=made_by,
    )


def _float64(column: pa.ChunkedArray) -> FloatArray:
    values: AnyArray = column.to_numpy()  # missing becomes NaN
    return values.astype(np.float64)
