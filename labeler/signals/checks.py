"""What a person should know about a pose track before trusting its signals."""

from collections.abc import Mapping, Sequence

import numpy as np

from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.clip import View
from labeler.core.finding import Finding, Level
from labeler.core.landmarks import Landmark
from labeler.core.track import PoseTrack
from labeler.signals.angles import trunk_length
from labeler.signals.body import feet_ahead_px
from labeler.signals.clean import CleanTrack
from labeler.signals.gaps import MAX_GAP_S
from labeler.signals.robust import median
from labeler.signals.view import PAIRS

MAX_UNSEEN_RATIO = 0.1
"""A joint that is lost in more of the frames than this is named."""

MAX_DROPPED_RATIO = 0.05
"""A joint that leaps away in more of the frames than this is named."""

MIN_FACING_S = 0.5
"""Feet that point either way for less than this, all together, are a step or a wrong pose."""

MIN_FOOT_RATIO = 0.15
"""Feet point to an edge of the picture by at least this share of the trunk (see `stance`)."""

MIN_DEPTH_RATIO = 0.5
"""Hips and shoulders are turned from the picture by at least 30 degrees: the sine of it."""

MAX_SWAPPED_S = 0.5
"""Left and right exchanged for longer than this, all together, is worth a word."""

MAX_NOISE_DEG = 1.0
"""The error of an angle, after filtering, for which the limits of detection were worked out."""

STEADY = ("trunk_incl_deg", "thigh_incl_deg")
"""The angles that are asked for it."""

CUT_TRUNKS = 0.5
"""The usual landmark leaps by this share of the trunk from frame to frame: no body does that."""


def pose_findings(
    track: PoseTrack, cleaned: CleanTrack, used: Sequence[Landmark], view: View | None
) -> tuple[Finding, ...]:
    """Findings about what was seen, in the order in which they matter."""
    asked = (
        _cuts(track),
        _unseen(cleaned, used),
        _jumping(cleaned, used),
        _swapped(cleaned, used),
        _swapped_for_long(cleaned),
        *(() if view in (View.FRONT, View.REAR) else (_turning(cleaned), _reversed(cleaned))),
    )
    return tuple(found for found in asked if found is not None)


def _cuts(track: PoseTrack) -> Finding | None:
    step_px = np.diff(track.xy_px, axis=0)
    leap = np.square(step_px[..., 0]) + np.square(step_px[..., 1])
    is_far = leap > (CUT_TRUNKS * trunk_length(track.xy_px)) ** 2
    is_usual = is_far.sum(axis=1) > np.isfinite(leap).sum(axis=1) / 2.0  # as their median would be
    is_next = np.diff(track.times.pts_s) <= MAX_GAP_S  # over a hole in the clock anybody can move
    is_cut = is_next & is_usual
    if not is_cut.any():
        return None
    at_s = track.times.pts_s[1:][is_cut]
    return Finding(
        "cut_in_clip",
        f"The whole body leaps from one picture to the next at {at_s[0]:.1f} s"
        + (f" and {len(at_s) - 1} more times." if len(at_s) > 1 else "."),
        hint="Repetitions across a cut mean nothing: take them out, or bring the parts in alone.",
    )


def _unseen(cleaned: CleanTrack, used: Sequence[Landmark]) -> Finding | None:
    is_somebody = np.isfinite(cleaned.visibility).any(axis=1)
    is_lost = np.isnan(cleaned.xy_px[:, used, 0])[is_somebody]
    if not (words := _named(is_lost, used, MAX_UNSEEN_RATIO)):
        return None
    return Finding(
        "unseen",
        f"Not seen for part of the clip: {words}.",
        hint="Film the whole body, feet included, with nothing in front of it.",
    )


def _jumping(cleaned: CleanTrack, used: Sequence[Landmark]) -> Finding | None:
    if not (words := _named(cleaned.is_dropped[:, used], used, MAX_DROPPED_RATIO)):
        return None
    return Finding(
        "jumping",
        f"The pose leaps: {words}.",
        hint="More light and tight clothes help; look at the skeleton before trusting numbers.",
    )


def _swapped(cleaned: CleanTrack, used: Sequence[Landmark]) -> Finding | None:
    swapped_s = float(cleaned.is_swapped[:, used].any(axis=1).sum()) * cleaned.times.frame_s
    if not swapped_s > MAX_SWAPPED_S:
        return None
    return Finding(
        "swapped",
        f"Left and right changed places for {swapped_s:.1f} s and were put back.",
        Level.INFO,
        hint="Look at the skeleton; from straight at the side the far leg is often mistaken.",
    )


def _swapped_for_long(cleaned: CleanTrack) -> Finding | None:
    at_s = cleaned.lasting_swaps_s
    if not len(at_s):
        return None
    return Finding(
        "swapped",
        f"Left and right change places at {at_s[0]:.1f} s"
        + (f" and {len(at_s) - 1} more times" if len(at_s) > 1 else "")
        + ", for long: which is right cannot be told.",
        hint="Look at the skeleton there; numbers of one side may be those of the other.",
    )


def _turning(cleaned: CleanTrack) -> Finding | None:
    """Somebody who faces the right edge for a part of the clip and the left edge for another.

    Which way is forward is one sign for the whole clip: where the athlete turns around, every lean
    has the wrong sign for a part of it.
    """
    limit_px = MIN_FOOT_RATIO * trunk_length(cleaned.xy_px)
    feet_px = feet_ahead_px(cleaned.xy_px)
    right_s, left_s = (
        float(np.sum(sign * feet_px > limit_px)) * cleaned.times.frame_s for sign in (1, -1)
    )
    if not min(right_s, left_s) >= MIN_FACING_S:
        return None
    return Finding(
        "wrong_facing",
        f"The athlete turns around: {right_s:.1f} s facing the right edge of the picture, "
        f"{left_s:.1f} s the left.",
        hint="Bring in the part that faces one way alone: a lean has one sign for a whole clip.",
    )


def _reversed(cleaned: CleanTrack) -> Finding | None:
    """Depth that denies the feet: who faces the right edge has the left side further away."""
    facing = np.sign(median(feet_ahead_px(cleaned.xy_px)))  # NaN without feet: nothing is told
    turned = [facing * _usual_depth_ratio(cleaned.world_m, *ends) for ends in PAIRS]
    if not all(ratio < -MIN_DEPTH_RATIO for ratio in turned):
        return None
    return Finding(
        "wrong_facing",
        "Left and right do not fit the way the feet point: they seem to be exchanged throughout.",
        hint="Look at the skeleton; the far side may have been measured for the near one.",
    )


def _usual_depth_ratio(world_m: FloatArray, left: Landmark, right: Landmark) -> float:
    """How much further away the left end of a line is than the right one, over its length."""
    across_m = world_m[:, left] - world_m[:, right]
    length_m = np.linalg.norm(across_m, axis=1)
    return median(across_m[:, 2] / np.where(length_m > 0, length_m, np.nan))


def noise_findings(noise: Mapping[str, float]) -> tuple[Finding, ...]:
    """A pose that trembles by more than the published detection limits allow for."""
    worst_deg = max((noise[name] for name in STEADY if noise[name] > MAX_NOISE_DEG), default=None)
    if worst_deg is None:
        return ()
    return (
        Finding(
            "jitter",
            f"The pose trembles by {worst_deg:.1f}° even after smoothing: small differences in "
            "timing cannot be told.",
            hint="Film closer, with more light and in tight clothes.",
        ),
    )


def _named(is_bad: BoolArray, used: Sequence[Landmark], limit: float) -> str:
    """Joints that are bad too often, each with its share."""
    shares = is_bad.sum(axis=0) / max(1, len(is_bad))
    return ", ".join(
        f"{landmark.name.lower().replace('_', ' ')} {share:.0%}"
        for landmark, share in zip(used, shares, strict=True)
        if share > limit
    )
