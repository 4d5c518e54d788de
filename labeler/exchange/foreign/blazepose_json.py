"""Poses as JSON, as MediaPipe, BlazePose and their relatives in browsers are written out.

Understood are ``{"frames": [{"keypoints" or "landmarks": [...]}]}`` with whatever `metadata` says,
a plain list of such frames, and ``{"positions": {frame: {name: [x, y, z]}}}``. A point is
``{x, y, visibility or score, name}`` or a list ``[x, y, z, visibility]``. Its z is a guess in
units of the picture, no metres, and is left out; world landmarks are kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.exchange.foreign.json_points import Json, first_of, load_json, number_of
from labeler.exchange.foreign.name_map import map_of
from labeler.exchange.foreign.people import follow_athlete
from labeler.exchange.foreign.points import (
    ForeignPoints,
    Unit,
    Up,
    frame_places,
    tick_s,
    unit_of,
    wrong_file,
)

FLAT_KEYS = ("keypoints", "landmarks", "poseLandmarks", "pose_landmarks")
WORLD_KEYS = (
    "worldLandmarks",
    "world_landmarks",
    "poseWorldLandmarks",
    "pose_world_landmarks",
    "keypoints3D",
)
SURE_KEYS = ("visibility", "score", "confidence")
FPS_KEYS = ("fps", "frameRate", "frame_rate")
NUMBER_KEYS = ("frameIndex", "frame_index", "frameNumber", "frame_number", "frame")
WIDTH_KEYS = ("videoWidth", "video_width", "width", "imageWidth", "image_width")
HEIGHT_KEYS = ("videoHeight", "video_height", "height", "imageHeight", "image_height")
MADE_BY_KEYS = (
    "model",
    "modelVersion",
    "modelVariant",
    "sourceVideoName",
    "sourceVideoHash",
    "comment",
)

TIME_KEYS: tuple[tuple[tuple[str, ...], float | None], ...] = (
    (("videoTime", "video_time", "time_s", "pts_s"), 1.0),
    (("timestamp_ms", "timestampMs", "time_ms"), 1e-3),
    (("timestamp", "time"), None),
)
"""Where frames tell their time, and in how many seconds; None is told by the steps themselves."""

N_VALUES = 4
"""x, y, z and confidence are read of each point."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """One frame: its people, flat and in the world, and everything else that it says."""

    flat: Sequence[Json]
    world: Sequence[Json]
    told: Json


def read_blazepose(path: Path) -> ForeignPoints:
    """Read a JSON file of poses.

    Raises
    ------
    ExchangeError
        If it is no JSON, or holds no frames, or no points in them.
    """
    content = load_json(path)
    told = first_of(content, ("metadata", "meta")) or content
    frames = _in_place(_frames(path, content))
    names = _names(path, frames)
    flat = _stacked([frame.flat for frame in frames], names)
    world = _stacked([frame.world for frame in frames], names)
    if not flat.shape[1]:
        return _in_space(names, frames, world, told)
    athlete = follow_athlete(flat[..., :2])
    values = athlete.of(flat)
    times_s = _times_s(frames)
    return ForeignPoints(
        names,
        values[..., :2],
        unit=unit_of(values[..., :2]),
        times_s=times_s,
        fps=_fps(told),
        confidence=values[..., 3],
        world_m=athlete.of(world)[..., :3] if world.shape[:2] == flat.shape[:2] else None,
        size_px=_size_px(told),
        made_by=_made_by(told),
        is_numbered=times_s is None,
        is_crowded=athlete.is_crowded,
    )


def _in_space(
    names: tuple[str, ...], frames: Sequence[_Frame], world: FloatArray, told: Json
) -> ForeignPoints:
    """World landmarks alone: joints in space, in metres, y down."""
    athlete = follow_athlete(world[..., :3])
    values = athlete.of(world)
    return ForeignPoints(
        names,
        values[..., :3],
        unit=Unit.METRE,
        times_s=_times_s(frames),
        fps=_fps(told),
        confidence=values[..., 3],
        up=Up.MINUS_Y,
        made_by=_made_by(told),
        is_crowded=athlete.is_crowded,
    )


def _frames(path: Path, content: Json) -> list[_Frame]:
    """The frames in order, however the file holds them."""
    positions = first_of(content, ("positions",))
    if isinstance(positions, Mapping):
        return [
            _Frame([_named(points)], [], {NUMBER_KEYS[0]: number})
            for number, points in zip(_counted(list(positions)), positions.values(), strict=True)
        ]
    listed = content if isinstance(content, list) else first_of(content, ("frames",))
    if not isinstance(listed, list) or not listed:
        raise wrong_file(path, "a list of frames", "none")
    return [
        _Frame(_people(first_of(told, FLAT_KEYS)), _people(first_of(told, WORLD_KEYS)), told)
        for told in listed
    ]


def _counted(names: Sequence[str]) -> list[float]:
    """Numbers of frames from their names, from 0 on; NaN where a name is no number."""
    try:
        numbers = [float(name) for name in names]
    except ValueError:
        return [np.nan] * len(names)
    return [number - numbers[0] for number in numbers]


def _in_place(frames: list[_Frame]) -> list[_Frame]:
    """Frames that tell no times, put where their numbers say: what is left out is nobody."""
    if _times_s(frames) is not None:
        return frames
    numbers = np.array([number_of(first_of(frame.told, NUMBER_KEYS)) for frame in frames])
    if (places := frame_places(numbers)) is None:
        return frames
    found = [_Frame([], [], {})] * (int(places[-1]) + 1)
    for place, frame in zip(places, frames, strict=True):
        found[place] = frame
    return found


def _named(points: Json) -> list[Json]:
    """Points by name as points that have a name."""
    pairs = points.items() if isinstance(points, Mapping) else ()
    return [{"name": name, **_as_keys(values)} for name, values in pairs]


def _people(points: Json) -> list[Json]:
    """The people of a frame: a list of points is one person, a list of lists of points several."""
    if not isinstance(points, list) or not points:
        return []
    is_several = isinstance(points[0], list) and bool(points[0]) and _is_point(points[0][0])
    return points if is_several else [points]


def _is_point(value: Json) -> bool:
    return isinstance(value, Mapping | list)


def _names(path: Path, frames: Sequence[_Frame]) -> tuple[str, ...]:
    """The names of the first person's points; those of a known order where they have none."""
    for frame in frames:
        for points in (*frame.flat, *frame.world):
            named = [first_of(point, ("name", "part")) for point in points]
            if all(isinstance(name, str) for name in named):
                return tuple(named)
            return _ordered(path, len(points))
    raise wrong_file(path, "points in some frame", "none")


def _ordered(path: Path, n_points: int) -> tuple[str, ...]:
    orders = map_of("blazepose").orders
    for order in orders.values():
        if len(order) == n_points:
            return order
    known = " or ".join(str(len(order)) for order in orders.values())
    raise wrong_file(path, f"points with names, or {known} of them", f"{n_points} without names")


def _stacked(frames: Sequence[Sequence[Json]], names: tuple[str, ...]) -> FloatArray:
    """Everybody's points, shape (n_frames, most people in a frame, n_points, 4); NaN is missing."""
    n_people = max((len(people) for people in frames), default=0)
    values = np.full((len(frames), n_people, len(names), N_VALUES), np.nan)
    place_of = {name: place for place, name in enumerate(names)}
    for frame, people in enumerate(frames):
        for person, points in enumerate(people):
            for number, point in enumerate(points):
                told = _as_keys(point)
                place = place_of.get(str(told.get("name")), number)
                if place < len(names):
                    values[frame, person, place] = _values(told)
    return values


def _as_keys(point: Json) -> dict[str, Json]:
    """A point as keys; a list is x, y, z, visibility."""
    if isinstance(point, Mapping):
        return dict(point)
    values = point if isinstance(point, list) else []
    return dict(zip(("x", "y", "z", "visibility"), values, strict=False))


def _values(told: Mapping[str, Json]) -> list[float]:
    """x, y, z, confidence; a point in the corner in which nobody believes is a missing one."""
    x, y, z = (number_of(told.get(axis)) for axis in "xyz")
    confidence = number_of(first_of(told, SURE_KEYS))
    if x == y == 0.0 and confidence == 0.0:
        return [np.nan] * N_VALUES
    return [x, y, z, confidence]


def _times_s(frames: Sequence[_Frame]) -> FloatArray | None:
    """When each frame is; None where any of them does not say."""
    for keys, second in TIME_KEYS:
        ticks = np.array([number_of(first_of(frame.told, keys)) for frame in frames])
        if np.isfinite(ticks).all():
            return ticks * (second or tick_s(ticks))
    return None


def _fps(told: Json) -> float | None:
    fps = number_of(first_of(told, FPS_KEYS))
    return fps if fps > 0 else None


def _size_px(told: Json) -> tuple[int, int] | None:
    width_px, height_px = (
        number_of(first_of(told, WIDTH_KEYS)),
        number_of(first_of(told, HEIGHT_KEYS)),
    )
    is_known = width_px >= 1 and height_px >= 1
    return (round(width_px), round(height_px)) if is_known else None


def _made_by(told: Json) -> Mapping[str, str]:
    known = {key: first_of(told, (key,)) for key in MADE_BY_KEYS}
    return {key: str(value) for key, value in known.items() if value is not None}
