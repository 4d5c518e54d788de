"""Made-up clips to measure the speed of features on: hinges in space, as a phone would see them."""

from dataclasses import replace

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.clip import Clip, ClipId, ClipTags, FrameTimes, View
from labeler.core.contour import N_SIDES, N_STATIONS, STATIONS, TrunkContour
from labeler.core.landmarks import Landmark
from labeler.core.track import PoseTrack
from labeler.exchange.joints import PX_PER_M, track_from_metres

FPS = 30.0
REP_S = 3.0
DOWN_S, HOLD_S, UP_S = 1.2, 0.2, 1.0
"""The rest of the rep is spent standing."""
EDGE_S = 1.0
"""Somebody stands this long before the first rep and after the last."""

SHANK_M, THIGH_M, TRUNK_M, NECK_M, ARM_M = 0.43, 0.44, 0.52, 0.20, 0.30
THICK_M = 0.12
HIP_HALF_M, SHOULDER_HALF_M = 0.12, 0.19
NOISE_M = 0.004
"""Each landmark is off by this much (standard deviation): two pixels of the picture."""
NOISE_MEMORY = 0.6
"""What an error keeps of the one before it."""
OUTLIER_RATIO, OUTLIER_M = 0.003, 0.12
LOST_RATIO, LOST_FRAMES = 0.005, 4
"""Landmarks leap now and then, and are lost for a moment."""
LOST_STATIONS_RATIO = 0.01
"""Of the stations of the trunk's outline."""


def made_up_clip(number: int, *, n_reps: int) -> tuple[Clip, PoseTrack]:
    """Hinges of one athlete, from the side and at 45 degrees in turn; the same for each number."""
    rng = np.random.default_rng(number)
    times = FrameTimes(np.arange(round((n_reps * REP_S + 2 * EDGE_S) * FPS)) / FPS)
    lag_s = rng.normal(0.0, 0.05)
    hips, trunk = _course(times.pts_s, n_reps), _course(times.pts_s - lag_s, n_reps)
    joints = _joints_m(
        trunk_rad=np.radians(rng.normal(65.0, 5.0) * trunk),
        thigh_rad=np.radians(rng.normal(28.0, 3.0) * hips),
        twist_rad=np.radians(rng.normal(6.0, 2.0) * trunk),
    )
    view = (View.SIDE, View.OBLIQUE)[number % 2]
    seen = {landmark: _as_seen(path, rng) for landmark, path in joints.items()}
    track = track_from_metres(seen, times, view=view, made_by={"pose": "made up"})
    return _clip(number, times, view), replace(
        _with_losses(track, rng), contour=_outline(times.n_frames, trunk, rng)
    )


def _course(times_s: FloatArray, n_reps: int) -> FloatArray:
    """Progress from standing (0) to deepest (1) and back, rep after rep."""
    course = np.zeros_like(times_s)
    for rep in range(n_reps):
        start_s = EDGE_S + rep * REP_S
        down = _minimum_jerk((times_s - start_s) / DOWN_S)
        up = _minimum_jerk((times_s - start_s - DOWN_S - HOLD_S) / UP_S)
        course += down - up
    return course


def _minimum_jerk(share: FloatArray) -> FloatArray:
    x = np.clip(share, 0.0, 1.0)
    return np.asarray(x**3 * (10.0 - 15.0 * x + 6.0 * x**2))


def _joints_m(
    *, trunk_rad: FloatArray, thigh_rad: FloatArray, twist_rad: FloatArray
) -> dict[Landmark, FloatArray]:
    """Joints in metres, x forward, y to the left, z up, feet on the floor."""
    zero = np.zeros_like(trunk_rad)

    def up(start: FloatArray, length_m: float, lean_rad: FloatArray) -> FloatArray:
        way = np.stack([np.sin(lean_rad), zero, np.cos(lean_rad)], axis=1)
        return np.asarray(start + length_m * way)

    ankle = np.stack([zero, zero, zero + 0.08], axis=1)
    knee = up(ankle, SHANK_M, zero)
    hip = up(knee, THIGH_M, -thigh_rad)
    shoulder = up(hip, TRUNK_M, trunk_rad)
    elbow = up(shoulder, -ARM_M, zero)
    wrist = up(elbow, -ARM_M, zero)
    ear = up(shoulder, NECK_M, trunk_rad)
    still = np.zeros_like(twist_rad)
    halves = {
        "ANKLE": (ankle, HIP_HALF_M, still),
        "HEEL": (ankle - np.array([0.06, 0.0, 0.06]), HIP_HALF_M, still),
        "FOOT_INDEX": (ankle + np.array([0.18, 0.0, -0.06]), HIP_HALF_M, still),
        "KNEE": (knee, HIP_HALF_M, still),
        "HIP": (hip, HIP_HALF_M, still),
        "SHOULDER": (shoulder, SHOULDER_HALF_M, twist_rad),
        "ELBOW": (elbow, SHOULDER_HALF_M, twist_rad),
        "WRIST": (wrist, SHOULDER_HALF_M, twist_rad),
        "EAR": (ear, HIP_HALF_M / 2, twist_rad),
    }
    joints = {Landmark.NOSE: ear + np.array([0.10, 0.0, 0.0])}
    for name, (middle, half_m, turn_rad) in halves.items():
        left = half_m * np.stack([-np.sin(turn_rad), np.cos(turn_rad), zero], axis=1)
        joints[Landmark[f"LEFT_{name}"]] = middle + left
        joints[Landmark[f"RIGHT_{name}"]] = middle - left
    return joints


def _as_seen(path_m: FloatArray, rng: np.random.Generator) -> FloatArray:
    """With errors that wander a little, and single leaps."""
    error_m = rng.normal(0.0, NOISE_M, path_m.shape)
    for frame in range(1, len(error_m)):
        fresh = np.sqrt(1.0 - NOISE_MEMORY**2) * error_m[frame]
        error_m[frame] = NOISE_MEMORY * error_m[frame - 1] + fresh
    leaps = rng.random(len(path_m)) < OUTLIER_RATIO
    error_m[leaps] += rng.normal(0.0, OUTLIER_M, (int(leaps.sum()), 3))
    return np.asarray(path_m + error_m)


def _with_losses(track: PoseTrack, rng: np.random.Generator) -> PoseTrack:
    """Some landmarks hardly visible for a few frames."""
    visibility = track.visibility.copy()
    starts = np.argwhere(rng.random(visibility.shape) < LOST_RATIO)
    for frame, landmark in starts:
        visibility[frame : frame + LOST_FRAMES, landmark] = 0.1
    return replace(track, visibility=visibility)


def _outline(n_frames: int, bend: FloatArray, rng: np.random.Generator) -> TrunkContour:
    """A trunk as thick as a body, its back bulging a little as it bends; some stations are lost."""
    bulge = np.sin(np.pi * np.clip(STATIONS, 0.0, 1.0))
    thick = THICK_M * (1.0 + 0.2 * bend[:, None, None] * bulge)
    offset_m = thick + rng.normal(0.0, NOISE_M, (n_frames, N_SIDES, N_STATIONS))
    offset_m[rng.random(offset_m.shape) < LOST_STATIONS_RATIO] = np.nan
    return TrunkContour(PX_PER_M * offset_m, np.full(n_frames, 1e5))


def _clip(number: int, times: FrameTimes, view: View) -> Clip:
    return Clip(
        clip_id=ClipId(f"{number:064x}"),
        file_name=f"{number}.mp4",
        tags=ClipTags(athlete=f"A{number:02}", movement="hinge", view=view, session=None),
        width_px=720,
        height_px=1280,
        n_frames=times.n_frames,
        duration_s=float(times.pts_s[-1]),
        fps_median=FPS,
        fps_jitter_ratio=0.0,
        start_offset_s=0.0,
        rotation_deg=0,
        detected_ratio=1.0,
        source_path=None,
        ingested_at="2026-01-01T00:00:00.000Z",
    )
