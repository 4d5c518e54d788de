"""Pose tracks on disk: one float32 NPZ per clip, the same bytes for the same content."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from labeler.core.arrays import AnyArray, FloatArray
from labeler.core.clip import ClipId, FrameTimes
from labeler.core.contour import TrunkContour
from labeler.core.errors import StoreError
from labeler.core.track import PoseTrack
from labeler.store.files import Scratch, disk_errors, move_into_place, name_of

TRACK_FORMAT: Final = 2
"""Raised when the content of the files changes; readers of older ones stay. Format 1 had no outline
of the trunk."""

_CONTOUR: Final = ("contour_offset_px", "contour_area_px")
"""Arrays that only a track with an outline has."""

_FLOAT: Final = np.dtype("<f4")
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)
_ZIP_UNIX: Final = 3


@dataclass(frozen=True, slots=True)
class _Meta:
    size_px: tuple[int, int]
    made_by: Mapping[str, str]


class TrackFiles:
    """``poses/<clip_id>.npz``, each with what made it."""

    def __init__(self, folder: Path, scratch: Scratch) -> None:
        self._folder = folder
        self._scratch = scratch

    def path(self, clip_id: ClipId) -> Path:
        """Where a clip's track is, or would be; StoreError for what is no clip id."""
        return self._folder / f"{name_of(clip_id)}.npz"

    def save(self, clip_id: ClipId, track: PoseTrack) -> None:
        """Write a track, replacing an older one; readers see the old or the new, whole.

        Equal tracks give equal bytes, on every system. Numbers are kept as float32.
        """
        content = npz_bytes(
            {
                "meta": np.array(_meta(track)),
                "xy_px": _as_float32(track.xy_px),
                "visibility": _as_float32(track.visibility),
                "world_m": _as_float32(track.world_m),
                **_contour_arrays(track.contour),
            }
        )
        folder = self._scratch.new_folder()
        try:
            with disk_errors(folder):
                unfinished = folder / "track.npz"
                unfinished.write_bytes(content)
                move_into_place(unfinished, self.path(clip_id))
        finally:
            self._scratch.discard(folder)

    def load(self, clip_id: ClipId, times: FrameTimes) -> PoseTrack:
        """Read a track back as float64; `times` are the clip's own.

        Raises
        ------
        StoreError
            When the file is missing, damaged, of a newer format, or of other frames.
        """
        path = self.path(clip_id)
        text, *arrays = _read(path, "meta", "xy_px", "visibility", "world_m")
        meta = _read_meta(path, text)
        xy_px, visibility, world_m = (array.astype(np.float64) for array in arrays)
        if len(xy_px) != times.n_frames:
            raise StoreError(
                f"{path}: expected {times.n_frames} frames, got {len(xy_px)}.",
                hint="Ingest the video again to make a new track.",
            )
        return PoseTrack(
            times, xy_px, visibility, world_m, meta.size_px, meta.made_by, _read_contour(path)
        )

    def made_by(self, clip_id: ClipId) -> Mapping[str, str]:
        """What produced a track, without reading the rest of it; errors as in `load`."""
        path = self.path(clip_id)
        (text,) = _read(path, "meta")
        return _read_meta(path, text).made_by

    def pose_bytes(self, clip_id: ClipId) -> bytes:
        """What the player draws: float32 little endian, (n_frames, n_landmarks, 3).

        The last axis is x_px, y_px, visibility; NaN where missing.
        """
        xy_px, visibility = _read(self.path(clip_id), "xy_px", "visibility")
        drawn: AnyArray = np.concatenate([xy_px, visibility[..., None]], axis=2)
        return drawn.astype(_FLOAT, copy=False).tobytes()


def npz_bytes(arrays: Mapping[str, AnyArray]) -> bytes:
    """An uncompressed NPZ archive whose bytes depend on the arrays alone.

    `numpy.savez` leaves traces of the system that wrote it, and compressed bytes depend on the
    version of zlib.
    """
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as members:
        for name, array in arrays.items():
            member = zipfile.ZipInfo(f"{name}.npy", date_time=_ZIP_TIME)
            member.create_system = _ZIP_UNIX
            with members.open(member, "w", force_zip64=True) as stream:
                np.save(stream, array, allow_pickle=False)
    return archive.getvalue()


def _meta(track: PoseTrack) -> str:
    meta = {
        "format": TRACK_FORMAT,
        "size_px": list(track.size_px),
        "made_by": dict(track.made_by),
    }
    return json.dumps(meta, sort_keys=True, ensure_ascii=True)


def _contour_arrays(contour: TrunkContour | None) -> Mapping[str, AnyArray]:
    if contour is None:
        return {}
    arrays = (contour.offset_px, contour.area_px)
    return {name: _as_float32(array) for name, array in zip(_CONTOUR, arrays, strict=True)}


def _read_contour(path: Path) -> TrunkContour | None:
    """The outline, as float64; None in a track without one."""
    if not _holds(path, _CONTOUR[0]):
        return None
    offset_px, area_px = (array.astype(np.float64) for array in _read(path, *_CONTOUR))
    return TrunkContour(offset_px, area_px)


def _as_float32(array: FloatArray) -> AnyArray:
    """Little endian, C order, and one bit pattern for every NaN."""
    small = np.ascontiguousarray(array, dtype=_FLOAT)
    return np.where(np.isnan(small), _FLOAT.type(np.nan), small)


def _read(path: Path, *names: str) -> list[AnyArray]:
    """The named arrays of an archive, each checked against its checksum."""
    try:
        with zipfile.ZipFile(path) as members:
            contents = [io.BytesIO(members.read(f"{name}.npy")) for name in names]
        return [np.load(content, allow_pickle=False) for content in contents]
    except FileNotFoundError as error:
        raise StoreError(
            f"{path}: expected the clip's pose track, got no such file.",
            hint="Ingest the video again to make it.",
        ) from error
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise _damaged(path, error) from error


def _holds(path: Path, name: str) -> bool:
    """Whether an archive that was read before has an array of that name."""
    with zipfile.ZipFile(path) as members:
        return f"{name}.npy" in members.namelist()


def _read_meta(path: Path, meta: AnyArray) -> _Meta:
    try:
        content = json.loads(str(meta))
        _require_format(path, content["format"])
        width_px, height_px = content["size_px"]
        return _Meta((width_px, height_px), dict(content["made_by"]))
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> StoreError:
    return StoreError(
        f"{path}: expected a whole pose track, got a damaged file ({error}).",
        hint="Remove the file and ingest the video again.",
    )


def _require_format(path: Path, found: object) -> None:
    if not isinstance(found, int) or not 1 <= found <= TRACK_FORMAT:
        raise StoreError(
            f"{path}: expected track format 1 to {TRACK_FORMAT}, got {found}.",
            hint="A newer labeler wrote it: update labeler and try again.",
        )
