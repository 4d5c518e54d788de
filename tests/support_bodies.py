"""Made-up pose tracks with known angles and lags, for tests of signals, reps and features."""

from collections.abc import Callable

import numpy as np

from labeler.core.clip import FrameTimes
from labeler.core.landmarks import LEFT_RIGHT, N_LANDMARKS, Landmark
from labeler.core.track import PoseTrack

SHANK_PX, THIGH_PX, TRUNK_PX, NECK_PX, FOOT_PX = 150.0, 160.0, 180.0, 50.0, 40.0
SIZE_PX = (1280, 720)
ANKLE_PX = (640.0, 650.0)

Course = Callable[[np.ndarray], np.ndarray]


def minimum_jerk(share: np.ndarray) -> np.ndarray:
    """Smoothest way from 0 to 1; 0 before and 1 after."""
    x = np.clip(share, 0.0, 1.0)
    return x**3 * (10.0 - 15.0 * x + 6.0 * x**2)


def cycles(
    times_s: np.ndarray,
    *,
    n_reps: int,
    down_s: float = 1.0,
    hold_s: float = 0.2,
    rest_s: float = 0.6,
    first_s: float = 1.0,
    delay_s: float = 0.0,
) -> np.ndarray:
    """Progress 0 (rest) to 1 (effort) of `n_reps` reps, each down, hold, up, rest."""
    t = times_s - delay_s
    period_s = 2 * down_s + hold_s + rest_s
    course = np.zeros_like(t)
    for rep in range(n_reps):
        start_s = first_s + rep * period_s
        up_s = start_s + down_s + hold_s
        course += minimum_jerk((t - start_s) / down_s) - minimum_jerk((t - up_s) / down_s)
    return course


def steady_times(duration_s: float, fps: float) -> FrameTimes:
    """Frame times of a steady clock."""
    return FrameTimes(np.arange(round(duration_s * fps)) / fps)


def uneven_times(duration_s: float, fps: float, *, seed: int = 0) -> FrameTimes:
    """Frame times that jitter by up to a third of a frame, and skip a frame now and then."""
    rng = np.random.default_rng(seed)
    frames = np.arange(round(duration_s * fps))
    kept = frames[(rng.random(frames.size) > 0.03) | (frames == 0)]
    jitter = rng.uniform(-1 / 3, 1 / 3, kept.size)
    jitter[0] = 0.0
    return FrameTimes((kept + jitter) / fps)


def side_body(
    times: FrameTimes,
    *,
    trunk_deg: np.ndarray,
    thigh_deg: np.ndarray,
    shank_deg: np.ndarray | float = 0.0,
    neck_deg: np.ndarray | float = 0.0,
    size_px: tuple[int, int] = SIZE_PX,
    foot_px: float = FOOT_PX,
) -> PoseTrack:
    """A body from its right side, facing the right edge, with segments at the given angles.

    Signs as in the signals: trunk and shank lean forward +, the thigh's knee in front of the hip +,
    the neck looking up +. All visible; the left side lies a little behind the right one.
    With `foot_px` 0 the feet are those of a body that faces the camera.
    """
    xy_px = np.full((times.n_frames, N_LANDMARKS, 2), np.nan)

    def up(start: np.ndarray, length_px: float, lean_deg: np.ndarray | float) -> np.ndarray:
        lean = np.radians(np.broadcast_to(lean_deg, times.pts_s.shape))
        return start + length_px * np.stack([np.sin(lean), -np.cos(lean)], axis=-1)

    ankle = np.broadcast_to(np.array(ANKLE_PX), (times.n_frames, 2))
    knee = up(ankle, SHANK_PX, shank_deg)
    hip = up(knee, THIGH_PX, -np.asarray(thigh_deg))
    shoulder = up(hip, TRUNK_PX, trunk_deg)
    ear = up(shoulder, NECK_PX, trunk_deg - np.asarray(neck_deg))
    joints = {"ANKLE": ankle, "KNEE": knee, "HIP": hip, "SHOULDER": shoulder, "EAR": ear}
    joints["HEEL"] = ankle + np.array([-foot_px / 3, FOOT_PX / 2])
    joints["FOOT_INDEX"] = ankle + np.array([foot_px, FOOT_PX / 2])
    for name, path in joints.items():
        xy_px[:, Landmark[f"RIGHT_{name}"]] = path
        xy_px[:, Landmark[f"LEFT_{name}"]] = path + np.array([3.0, -2.0])
    xy_px[:, Landmark.NOSE] = ear + np.array([20.0, 0.0])
    return track_of(xy_px, times, size_px=size_px)


def track_of(
    xy_px: np.ndarray, times: FrameTimes, *, size_px: tuple[int, int] = SIZE_PX
) -> PoseTrack:
    """A pose track whose finite points are fully visible."""
    is_known = np.isfinite(xy_px[..., 0])
    return PoseTrack(
        times=times,
        xy_px=xy_px,
        visibility=np.where(is_known, 1.0, np.nan),
        world_m=np.full((*xy_px.shape[:2], 3), np.nan),
        size_px=size_px,
        made_by={"pose": "made up"},
    )


def empty_track(times: FrameTimes) -> PoseTrack:
    """A pose track in which nobody was found."""
    return track_of(np.full((times.n_frames, N_LANDMARKS, 2), np.nan), times)


def hinge(
    times: FrameTimes, *, lag_s: float = 0.0, n_reps: int = 4, trunk_rom_deg: float = 70.0
) -> PoseTrack:
    """Hip hinges: thigh -25 degrees, trunk +70; the trunk follows the hips by `lag_s`."""
    hips = cycles(times.pts_s, n_reps=n_reps)
    trunk = cycles(times.pts_s, n_reps=n_reps, delay_s=lag_s)
    return side_body(
        times, trunk_deg=2.0 + trunk_rom_deg * trunk, thigh_deg=25.0 * hips, shank_deg=0.0 * hips
    )


def mirrored(track: PoseTrack) -> PoseTrack:
    """The same athlete in a mirror: x flipped, left and right exchanged."""
    xy_px = track.xy_px.copy()
    visibility = track.visibility.copy()
    for left, right in LEFT_RIGHT:
        xy_px[:, [left, right]] = xy_px[:, [right, left]]
        visibility[:, [left, right]] = visibility[:, [right, left]]
    xy_px[..., 0] = track.size_px[0] - xy_px[..., 0]
    return PoseTrack(track.times, xy_px, visibility, track.world_m, track.size_px, track.made_by)
