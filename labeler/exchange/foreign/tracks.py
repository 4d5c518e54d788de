"""From the points of another tool to a pose track like our own: units, axes, clock and names."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.clip import FrameTimes, View
from labeler.core.errors import ExchangeError
from labeler.core.finding import Finding
from labeler.core.landmarks import N_LANDMARKS, Landmark
from labeler.core.track import PoseTrack
from labeler.exchange.foreign.name_map import NameMap, middle
from labeler.exchange.foreign.plausible import require_body_size, require_upright, require_within
from labeler.exchange.foreign.points import METRES_PER, ForeignPoints, Unit, Up
from labeler.exchange.joints import MARGIN_PX, track_from_metres, track_from_pixels

FPS_AGREES_RATIO = 0.01
"""A told rate that differs by more than this share from the file's own contradicts it."""

NEEDED = ("shoulder", "hip", "knee", "ankle")
"""Joints without which most signals stay missing; one side of each is enough from the side."""

TURNED_UP: Mapping[Up, tuple[tuple[int, int, int], tuple[int, int, int]]] = {
    Up.Z: ((0, 1, 2), (1, 1, 1)),
    Up.Y: ((0, 2, 1), (1, -1, 1)),
    Up.MINUS_Y: ((0, 2, 1), (1, 1, -1)),
}
"""Which axes, with which signs, become x, y and z (up); all rotations, so that left stays left."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the user says about a file, which counts more than what the file says of itself.

    Parameters
    ----------
    fps : float | None
        For files without times and without a rate; refused where the file says otherwise.
    size_px : tuple[int, int] | None
        Width and height of the picture.
    times : FrameTimes | None
        Of the video that the poses were made from.
    unit : Unit | None
        What the coordinates are measured in.
    up : Up | None
        Which axis of space points up.
    heading : tuple[float, float] | None
        The way the athlete faces on the floor, once z is up.
    view : View | None
        Where the camera stands; for joints in space the camera is put there, else at the side.
    """

    fps: float | None = None
    size_px: tuple[int, int] | None = None
    times: FrameTimes | None = None
    unit: Unit | None = None
    up: Up | None = None
    heading: tuple[float, float] | None = None
    view: View | None = None


def foreign_track(found: ForeignPoints, names: NameMap, told: Told) -> PoseTrack:
    """The track of a file; landmarks that it does not name are NaN throughout.

    Raises
    ------
    ExchangeError
        If the times, the unit, the picture's size or the athlete's heading are neither in the file
        nor told, or if no point has a known name.
    """
    places = names.find(found)
    times = _times(found, told)
    padded = _padded(found, times.n_frames)
    unit = _unit(found, told)
    if found.is_in_space:
        track = _track_in_space(padded, places, times, unit=unit, told=told)
    else:
        track = _flat_track(padded, places, times, unit=unit, told=told)
    return _with_confidence(track, padded, places)


def findings_of(
    found: ForeignPoints, track: PoseTrack, *, is_turn: bool = False
) -> tuple[Finding, ...]:
    """What a person should know: somebody else in the file, joints that it does not have.

    Parameters
    ----------
    is_turn : bool
        Whether the movement is one of turns, which flat points do not show.
    """
    findings = []
    if found.is_crowded:
        findings.append(
            Finding(
                "two_people",
                "The file holds two or more people; the most prominent one over the clip was "
                "taken.",
                hint="Check on the skeleton that it is the athlete.",
            )
        )
    if missing := missing_joints(track):
        findings.append(
            Finding(
                "joints_missing",
                f"The file has no {', no '.join(missing)}, so signals that need it stay missing.",
                hint="Say with --names which point it is, if there is one.",
            )
        )
    if is_turn and not np.isfinite(track.world_m).any():
        findings.append(
            Finding(
                "no_depth",
                "The file has flat points only, so turns about the body's own axis stay missing.",
                hint="Write world landmarks out too, if the tool that made it has them.",
            )
        )
    return tuple(findings)


def missing_joints(track: PoseTrack) -> tuple[str, ...]:
    """Which of the joints that most signals need are nowhere in the track."""
    is_known: BoolArray = np.asarray(np.isfinite(track.xy_px[..., 0]).any(axis=0))
    return tuple(
        joint
        for joint in NEEDED
        if not any(is_known[Landmark[f"{side}_{joint.upper()}"]] for side in ("LEFT", "RIGHT"))
    )


# --------------------------------------------------------------------------- clock


def _times(found: ForeignPoints, told: Told) -> FrameTimes:
    if told.times is not None:
        return _video_times(found, told.times)
    if found.times_s is not None:
        pts_s = found.times_s
    else:
        fps = found.fps or told.fps
        if fps is None:
            raise ExchangeError(
                "times: expected them, or a rate, in the file, got neither.",
                hint="Tell the rate with --fps, or the video with --video.",
            )
        pts_s = np.arange(found.n_frames) / fps
    _require_agreement(found, pts_s, told.fps)
    is_later: BoolArray = np.asarray(np.diff(pts_s) > 0)
    if not pts_s.size or not np.isfinite(pts_s[0]) or not is_later.all():
        raise ExchangeError(
            "times: expected each frame later than the one before, got otherwise after frame "
            f"{int(np.argmin(is_later)) if is_later.size else 0}.",
            hint="Correct the times in the file, or leave them out and tell the rate with --fps.",
        )
    return FrameTimes(pts_s - pts_s[0], float(pts_s[0]))


def _video_times(found: ForeignPoints, times: FrameTimes) -> FrameTimes:
    """The video's own times; only poses numbered like its frames may end before it does."""
    fits = found.n_frames <= times.n_frames if found.is_numbered else False
    if found.n_frames != times.n_frames and not fits:
        raise ExchangeError(
            f"frames: expected {times.n_frames}, as in the video, got {found.n_frames}.",
            hint="Name the video that the poses were made from, or leave --video out.",
        )
    return times


def _require_agreement(found: ForeignPoints, pts_s: FloatArray, fps: float | None) -> None:
    """Refuse a told rate that the file contradicts: one of the two is a mistake."""
    own = found.fps
    if found.times_s is not None and pts_s.size > 1:
        own = 1.0 / float(np.median(np.diff(pts_s)))
    if fps is None or own is None or abs(fps - own) <= FPS_AGREES_RATIO * own:
        return
    raise ExchangeError(
        f"fps: expected the file's own {own:.4g}, got {fps:.4g}.",
        hint="Leave --fps out: the file tells its times.",
    )


def _padded(found: ForeignPoints, n_frames: int) -> ForeignPoints:
    """With rows of NaN up to the video's last frame."""
    n_more = n_frames - found.n_frames

    def longer(values: FloatArray | None) -> FloatArray | None:
        if values is None:
            return None
        blank = np.full((n_more, *values.shape[1:]), np.nan)
        padded: FloatArray = np.concatenate([values, blank])
        return padded

    if n_more <= 0:
        return found
    points = np.concatenate([found.points, np.full((n_more, *found.points.shape[1:]), np.nan)])
    return dataclasses.replace(
        found,
        points=points,
        confidence=longer(found.confidence),
        world_m=longer(found.world_m),
        times_s=None,
    )


# --------------------------------------------------------------------------- place


def _unit(found: ForeignPoints, told: Told) -> Unit:
    unit = told.unit or found.unit
    kind = tuple(METRES_PER) if found.is_in_space else (Unit.PIXEL, Unit.RATIO)
    if unit is None or unit not in kind:
        listed = ", ".join(known.value for known in kind)
        got = "none" if unit is None else unit.value
        raise ExchangeError(
            f"unit: expected one of {listed} in the file, got {got}.", hint="Tell it with --unit."
        )
    return unit


def _flat_track(
    found: ForeignPoints,
    places: Mapping[Landmark, tuple[int, ...]],
    times: FrameTimes,
    *,
    unit: Unit,
    told: Told,
) -> PoseTrack:
    size_px = told.size_px or found.size_px
    points = found.points
    if unit is Unit.RATIO:
        if size_px is None:
            raise ExchangeError(
                "size: expected the picture's width and height for coordinates that are shares "
                "of it, got none in the file.",
                hint="Tell it with --size 1920x1080, or the video with --video.",
            )
        points = points * np.array(size_px, dtype=np.float64)
    joints = {landmark: middle(points, place) for landmark, place in places.items()}
    if size_px is not None:
        require_within(joints, size_px, unit)
    shown_px = size_px or _smallest_picture(points)
    track = track_from_pixels(joints, times, size_px=shown_px, made_by=found.made_by)
    if found.world_m is None:
        return track
    world_m = np.full((times.n_frames, N_LANDMARKS, 3), np.nan)
    for landmark, place in places.items():
        world_m[:, landmark] = middle(found.world_m, place)
    return dataclasses.replace(track, world_m=world_m)


def _smallest_picture(points: FloatArray) -> tuple[int, int]:
    """Width and height that hold every point, where nobody tells how large the picture was."""
    known = points[np.isfinite(points).all(axis=-1)]
    far = known.max(axis=0, initial=0.0) + MARGIN_PX
    return int(np.ceil(far[0])), int(np.ceil(far[1]))


def _track_in_space(
    found: ForeignPoints,
    places: Mapping[Landmark, tuple[int, ...]],
    times: FrameTimes,
    *,
    unit: Unit,
    told: Told,
) -> PoseTrack:
    up = told.up or found.up or Up.Z
    axes, signs = TURNED_UP[up]
    points_m = found.points[..., axes] * np.array(signs) * METRES_PER[unit]
    joints = {landmark: middle(points_m, place) for landmark, place in places.items()}
    require_body_size(joints, unit)
    if told.up is None:
        require_upright(joints, up)
    heading = told.heading or hips_heading(joints)
    view = told.view or View.SIDE
    return track_from_metres(joints, times, view=view, made_by=found.made_by, heading=heading)


def hips_heading(joints: Mapping[Landmark, FloatArray]) -> tuple[float, float]:
    """The way the athlete faces on the floor, by the hips over all frames.

    Raises
    ------
    ExchangeError
        If the two hips are never known together, or are one point.
    """
    hips = [joints.get(hip) for hip in (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)]
    if hips[0] is not None and hips[1] is not None:
        across = (hips[0] - hips[1])[:, :2]
        known = across[np.isfinite(across).all(axis=1)]
        left_x, left_y = np.median(known, axis=0) if len(known) else (0.0, 0.0)
        if np.hypot(left_x, left_y) > 0:
            return float(left_y), -float(left_x)
    raise ExchangeError(
        "heading: expected both hips in some frame, to tell which way the athlete faces, got none.",
        hint="Tell it with --heading X,Y, or say with --names which points are the hips.",
    )


def _with_confidence(
    track: PoseTrack, found: ForeignPoints, places: Mapping[Landmark, tuple[int, ...]]
) -> PoseTrack:
    """The track with the file's own confidence as visibility, for points that are known."""
    if found.confidence is None:
        return track
    visibility = track.visibility.copy()
    for landmark, place in places.items():
        sure = found.confidence[:, list(place)].min(axis=1)
        is_told = np.isfinite(sure) & (visibility[:, landmark] > 0)
        visibility[is_told, landmark] = np.clip(sure[is_told], 0.0, 1.0)
    return dataclasses.replace(track, visibility=visibility)
