"""Whether a track is a person: MediaPipe sees people in waves and rocks, with high confidence.

Four things tell a person from a dream, and none of them is the network's own confidence: a size
that can be seen, limbs as long as people's, staying where one was from frame to frame for longer
than a moment, and smooth movement.
"""

import dataclasses
from itertools import pairwise

import numpy as np

from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.errors import NoPersonError
from labeler.core.finding import Finding, Level
from labeler.core.landmarks import Landmark
from labeler.core.track import PoseTrack
from labeler.pose.body import body_length, centre, has_human_limbs
from labeler.pose.people import PERSON_MIN_RATIO

STEP_MAX_BODIES = 0.3
STEP_MAX_BODIES_PER_S = 10.0
"""A body's centre moves at most so far from frame to frame; the faster sprinters run about 10 m/s,
which is 8 lengths of trunk plus leg per second. The first number is for short frame times, where
the network's own noise counts more."""
RESIZE_MAX_LOG = 0.3
RESIZE_MAX_LOG_PER_S = 6.0
"""A body's length in the picture changes at most by so much (natural logarithm): bending towards
the camera reaches 2 per second, a dream's median is near 3."""
RUN_MIN_S = 0.4
"""People stay: a plausible stretch shorter than this is none. The longest stretch of dreams seen
was 0.29 s, the shortest of a person 1.1 s."""
JITTER_MAX_BODIES = 0.04
JITTER_FRAME_S = 1 / 30
"""Median second difference of the landmarks from frame to frame, in body lengths: below 0.014 for
people at 30 to 60 frames per second, above 0.044 for dreams. With longer frame times it grows with
their square, and so does the limit."""
PERSON_MIN_FRAMES_RATIO = 0.1
"""A clip with a person in less than this share of its frames is no recording of an exercise."""

LOST_MAX_RATIO = 0.1
LOW_VISIBILITY_RATIO = 0.5
"""Below this median visibility, the hips, knees or shoulders of the nearer side are guesses."""
VFR_JITTER_RATIO = 0.1
LOW_FPS = 23.5
"""Below it (film's 23.976 is not) a lag of a tenth of a second is less than 2.4 frames."""

_JOINT_PAIRS = (
    (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER),
    (Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
    (Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE),
)


def is_person(track: PoseTrack) -> BoolArray:
    """Which frames show a plausible person; shape (n_frames,)."""
    is_human = has_human_limbs(track.world_m)
    body_px = body_length(track.xy_px)
    is_human &= np.nan_to_num(body_px) >= PERSON_MIN_RATIO * min(track.size_px)
    return _long_runs(is_human, _is_joined(track, body_px), track.times.pts_s)


def is_found(track: PoseTrack) -> BoolArray:
    """Which frames have a pose, however few its points are; shape (n_frames,)."""
    return np.asarray(np.isfinite(track.xy_px[..., 0]).any(axis=1))


def detected_ratio(track: PoseTrack) -> float:
    """Share of frames with a pose, 0 to 1."""
    return float(is_found(track).mean())


def keep_person(track: PoseTrack) -> PoseTrack:
    """The track with every implausible frame set to NaN.

    Raises
    ------
    NoPersonError
        If what is left is too little, or moves as no person does.
    """
    is_kept = is_person(track)
    kept = _masked(track, is_kept)
    if is_kept.mean() < PERSON_MIN_FRAMES_RATIO or _is_trembling(kept):
        raise NoPersonError(
            "pose: expected a person in the picture, got none who looks and moves like one: "
            f"something was taken for a body in {detected_ratio(track):.0%} of the pictures.",
            hint="Film the whole body, at least a tenth of the picture tall, from one place.",
        )
    return kept


def findings(track: PoseTrack) -> tuple[Finding, ...]:
    """What a person should know about a track before trusting numbers from it."""
    return (*_lost(track), *_hidden(track), *_clock(track))


def best_frame(track: PoseTrack) -> int:
    """The frame where the athlete is seen largest among those seen well: for a thumbnail."""
    joints = [joint for pair in _JOINT_PAIRS for joint in pair]
    seen = np.nan_to_num(track.visibility[:, joints].mean(axis=1), nan=-1.0)
    body_px = np.nan_to_num(body_length(track.xy_px))
    is_well_seen = seen >= np.median(seen[seen >= 0]) if np.any(seen >= 0) else seen < 0
    return int(np.argmax(np.where(is_well_seen, body_px, -1.0)))


def _is_joined(track: PoseTrack, body_px: FloatArray) -> BoolArray:
    """Whether each frame continues the one before it; shape (n_frames - 1,)."""
    frame_s = np.diff(track.times.pts_s)
    centre_px = centre(track.xy_px)
    step = np.linalg.norm(np.diff(centre_px, axis=0), axis=1) / body_px[1:]
    resize = np.abs(np.diff(np.log(body_px)))
    is_near = step <= np.maximum(STEP_MAX_BODIES, STEP_MAX_BODIES_PER_S * frame_s)
    is_alike = resize <= np.maximum(RESIZE_MAX_LOG, RESIZE_MAX_LOG_PER_S * frame_s)
    return np.asarray(is_near & is_alike)


def _long_runs(is_human: BoolArray, is_joined: BoolArray, pts_s: FloatArray) -> BoolArray:
    """Keep stretches of joined human frames that last at least `RUN_MIN_S`."""
    breaks = ~(is_human[1:] & is_human[:-1] & is_joined)
    edges = np.concatenate(([0], np.flatnonzero(breaks) + 1, [len(is_human)]))
    frame_s = float(np.median(np.diff(pts_s))) if len(pts_s) > 1 else 0.0
    kept = is_human.copy()
    for start, stop in pairwise(edges):
        lasts_s = pts_s[stop - 1] - pts_s[start] + frame_s
        kept[start:stop] &= lasts_s >= RUN_MIN_S
    return kept


def _is_trembling(track: PoseTrack) -> bool:
    """Whether the landmarks jump about as no body does; False where too few are in a row."""
    shape = (track.xy_px - centre(track.xy_px)[:, None]) / body_length(track.xy_px)[:, None, None]
    jitter_bodies = np.linalg.norm(np.diff(shape, n=2, axis=0), axis=-1)
    if not np.isfinite(jitter_bodies).any():
        return False
    slowness = max(1.0, track.times.frame_s / JITTER_FRAME_S)
    return float(np.nanmedian(jitter_bodies)) > JITTER_MAX_BODIES * slowness**2


def _masked(track: PoseTrack, is_kept: BoolArray) -> PoseTrack:
    contour = track.contour
    return dataclasses.replace(
        track,
        xy_px=np.where(is_kept[:, None, None], track.xy_px, np.nan),
        visibility=np.where(is_kept[:, None], track.visibility, np.nan),
        world_m=np.where(is_kept[:, None, None], track.world_m, np.nan),
        contour=None if contour is None else contour.only(is_kept),
    )


def _lost(track: PoseTrack) -> list[Finding]:
    lost_ratio = 1.0 - detected_ratio(track)
    if lost_ratio <= LOST_MAX_RATIO:
        return []
    message = f"The athlete is lost in {lost_ratio:.0%} of the frames."
    hint = "Repetitions in those stretches cannot be measured; keep the athlete in the picture."
    return [Finding("person_lost", message, hint=hint)]


def _hidden(track: PoseTrack) -> list[Finding]:
    if not np.isfinite(track.visibility).any():
        return []
    near_side = [np.nanmedian(track.visibility[:, pair], axis=0).max() for pair in _JOINT_PAIRS]
    if min(near_side) >= LOW_VISIBILITY_RATIO:
        return []
    message = "Shoulders, hips or knees are mostly hidden, so their place is a guess."
    hint = "Film from where the working side is seen whole."
    return [Finding("low_visibility", message, hint=hint)]


def _clock(track: PoseTrack) -> list[Finding]:
    found = []
    times = track.times
    if times.fps_jitter_ratio > VFR_JITTER_RATIO:
        message = f"Frames come unevenly (jitter {times.fps_jitter_ratio:.0%} of a frame)."
        hint = "Nothing to do: every time is the frame's own."
        found.append(Finding("variable_frame_rate", message, Level.INFO, hint))
    if times.fps_median < LOW_FPS:
        message = f"Only {times.fps_median:.0f} frames per second."
        hint = "Film at 30 frames per second or more to tell what moves first."
        found.append(Finding("low_frame_rate", message, hint=hint))
    return found
