"""What the way an athlete stands says about the camera."""

from labeler.core.clip import View
from labeler.core.finding import Finding
from labeler.signals.angles import incline_deg, joint_deg
from labeler.signals.body import Body, is_standing, trunk_px
from labeler.signals.robust import median

MAX_TILT_DEG = 5.0
"""A body that stands further off the picture's vertical than this hints at a tilted camera."""

MIN_STRAIGHT_DEG = 165.0
"""A hip angle that shows a straight stance, and not the start of a pull."""

MAX_FOOT_RATIO = 0.15
"""Feet that point sideways by more than this share of the trunk: not seen from the front.

A foot is about half as long as the trunk (0.152 and 0.288 of the height), so this is a turn of
some 17 degrees, from which a deep forward lean already looks like a side bend of as much.
"""

IMAGE_RIGHT = 1
"""The way to face so that a lean to the right edge counts as +."""

NOT_FRONTAL = Finding(
    code="not_frontal",
    message="The feet point sideways: the camera is not straight in front or behind.",
    hint="Tell the view as 45°; a side bend cannot be told from a forward lean here.",
)


def is_frontal(body: Body, view: View | None) -> bool:
    """Whether the camera stands straight in front or behind, as told and as the feet show."""
    return view in (View.FRONT, View.REAR) and not _is_turned(body)


def stance_findings(body: Body, view: View | None) -> tuple[Finding, ...]:
    """A view that the feet deny, a camera that is not level."""
    is_denied = view in (View.FRONT, View.REAR) and _is_turned(body)
    tilt_deg = _tilt_deg(body)
    return (
        *((NOT_FRONTAL,) if is_denied else ()),
        *((_tilted(tilt_deg),) if abs(tilt_deg) > MAX_TILT_DEG else ()),
    )


def _is_turned(body: Body) -> bool:
    return abs(body.foot_px) > MAX_FOOT_RATIO * median(trunk_px(body)[is_standing(body)])


def _tilt_deg(body: Body) -> float:
    """Lean of the straight stance to the right edge; NaN for who never stands straight."""
    tilt = incline_deg(body.ankle_px, body.shoulder_px, facing=IMAGE_RIGHT)
    hip = joint_deg(body.shoulder_px, body.hip_px, body.knee_px)
    return median(tilt[is_standing(body) & (hip >= MIN_STRAIGHT_DEG)])


def _tilted(tilt_deg: float) -> Finding:
    return Finding(
        code="camera_tilt",
        message=f"The athlete stands {abs(tilt_deg):.0f}° off the picture's vertical.",
        hint="Hold the camera level; every lean is measured against the picture's edge.",
    )
