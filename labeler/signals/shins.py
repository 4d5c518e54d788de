"""Shins that end where no foot can be: behind a plate, a bench or a rack the pose ends them early.

The network is sure of such points, and a shin that ends too early leans: a bar on the floor would
turn every pull into knees over toes. Bones do not get shorter, so that their length tells.
"""

from collections.abc import Mapping

import numpy as np

from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.clip import View
from labeler.core.finding import Finding
from labeler.core.landmarks import Landmark
from labeler.core.track import PoseTrack
from labeler.signals.body import Side
from labeler.signals.clean import gate
from labeler.signals.steps import Step

MIN_SHIN_RATIO = 0.7
"""A shin keeps this share of its usual length in a picture from the side: one that leans 45 degrees
out of the picture has 0.71, and none does in a movement that is filmed from there."""

USUAL_PERCENTILE = 90.0
"""Its usual length is that of the longer frames: hidden ones are shorter, and none is longer."""

SHIN_SIGNALS = (
    "shank_incl_deg",
    "knee_angle_deg",
    "leg_bend_deg",
    "lean_minus_shank_deg",
    "shank_incl_world_deg",
    "knee_angle_world_deg",
)
"""What tells the direction of the shin. Heights and travel keep the ankle: they err by a part of a
leg, while a short shin may point anywhere."""

STEP = "short_shins"
SAYS = (
    "from the side angles of shin and knee left out: shin below "
    f"{MIN_SHIN_RATIO:g} of its usual length"
)
"""What this step does."""


def without_shins(values: Mapping[str, FloatArray], is_hidden: BoolArray) -> dict[str, FloatArray]:
    """The signals by name, with those in `SHIN_SIGNALS` NaN where the shin is hidden."""
    return {
        name: np.where(is_hidden, np.nan, array) if name in SHIN_SIGNALS else array
        for name, array in values.items()
    }


def hidden_shins(track: PoseTrack, side: Side, view: View | None) -> BoolArray:
    """Frames in which the shin in use ends too early, and the gaps that these would fill.

    From the side only: from elsewhere a shin may well point at the camera. Shape (n_frames,).
    """
    if view is not View.SIDE or side is Side.BOTH:
        return np.zeros(track.n_frames, dtype=bool)
    seen_px = gate(track)
    knee, ankle = (Landmark[f"{side.name}_{joint}"] for joint in ("KNEE", "ANKLE"))
    shin_px = seen_px[:, knee] - seen_px[:, ankle]
    is_short = is_too_short(shin_px)
    is_unknown: BoolArray = np.asarray(np.isnan(shin_px[:, 0]))
    return with_gaps(is_short, is_unknown)


def is_too_short(shin_px: FloatArray) -> BoolArray:
    """Which frames of a shin, shape (n_frames, 2), are far below its usual length; NaN is not."""
    lengths_px = np.linalg.norm(shin_px, axis=1)
    known_px = lengths_px[np.isfinite(lengths_px)]
    if not known_px.size:
        return np.zeros(len(shin_px), dtype=bool)
    usual_px = float(np.percentile(known_px, USUAL_PERCENTILE))
    return np.asarray(lengths_px < MIN_SHIN_RATIO * usual_px)


def with_gaps(is_short: BoolArray, is_unknown: BoolArray) -> BoolArray:
    """Short frames, and stretches of short and unknown ones that hold a short one."""
    is_suspect = is_short | is_unknown
    begins = np.flatnonzero(np.diff(is_suspect, prepend=False, append=False))
    found = np.zeros(len(is_short), dtype=bool)
    for start, stop in zip(begins[::2], begins[1::2], strict=True):
        found[start:stop] = is_short[start:stop].any()
    return found


def shin_step(is_hidden: BoolArray, view: View | None) -> Step:
    """What was left out, for people to read."""
    if view is not View.SIDE:
        return Step(STEP, "short shins not looked for: the camera is not at the side")
    return Step(STEP, SAYS, int(is_hidden.sum()), float(is_hidden.mean()) if len(is_hidden) else 0)


def shin_findings(is_hidden: BoolArray) -> tuple[Finding, ...]:
    """Said where it happens at all: it is mostly at the turn that a plate hides the foot."""
    if not is_hidden.any():
        return ()
    return (
        Finding(
            "feet_hidden",
            f"In {is_hidden.mean():.0%} of the frames the pose ends the shin too early, as behind "
            "a plate: angles of shin and knee are left out there.",
            hint="Film with the feet in free view, for instance with the weight on blocks.",
        ),
    )
