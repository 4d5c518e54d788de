"""Every signal with its unit, needs, views and source.

To add one: describe it here, compute it in the module of its plane, raise `SIGNALS_VERSION`, and
print the documentation pages again. Computing what is not described, or describing what is not
computed, fails a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from labeler.core.clip import View
from labeler.core.units import Unit

SIGNALS_VERSION = 5
"""Raised whenever the same pose track would give other numbers."""

ANY_VIEW = tuple(View)
SAGITTAL = (View.SIDE, View.OBLIQUE)
"""Lean and bend show from the side, and with a larger error at 45 degrees."""
FRONTAL = (View.FRONT, View.REAR)
AXIAL = (View.FRONT, View.REAR, View.OBLIQUE)
"""From the side one shoulder hides the other, and a turn cannot be told from noise in depth."""

IMAGE_SOURCE = "Sports2D conventions for sagittal image angles, from image pixels"
WORLD_SOURCE = "the same angle in the athlete's own sagittal plane, from world landmarks"
LEG_SOURCE = "in-house: two joints sink the hips in a squat, and their errors partly cancel"
LINE_SOURCE = "in-house: slope of the line in the picture"
AXIAL_SOURCE = "angular velocity of the line about the trunk's long axis, integrated"
BACK_SOURCE = "outline of the back in the mask, smoothed along it, beyond its standing shape"
LIMB_SOURCE = "in-house: places in the picture, to cut by and for no feature"
YAW_SOURCE = "ground-plane heading of the line, from world landmarks; for comparison"

_TRUNK = ("shoulder", "hip")
_LEG = ("hip", "knee", "ankle")


@dataclass(frozen=True, slots=True)
class Signal:
    """One number per frame; NaN where it cannot be told.

    Parameters
    ----------
    name : str
        Ends in its unit.
    summary : str
        What it says and which way is +.
    needs : tuple[str, ...]
        Landmarks, without their side.
    views : tuple[View, ...]
        Views that show it; from any other it is NaN. A view not told gets the benefit of doubt,
        but for the frontal ones: a forward lean would pass for a side bend.
    source : str
        Where the definition comes from.
    """

    name: str
    summary: str
    needs: tuple[str, ...]
    views: tuple[View, ...]
    source: str

    @property
    def unit(self) -> Unit:
        """The unit that its name ends in."""
        return max((unit for unit in Unit if unit.ends(self.name)), key=len)

    def is_shown_by(self, view: View | None) -> bool:
        """Whether a camera there shows it."""
        return view is None or view in self.views


def _sagittal(name: str, summary: str, *needs: str) -> Signal:
    """Given from every view, because repetitions are cut by it; features gate it by theirs."""
    return Signal(name, summary, needs, ANY_VIEW, IMAGE_SOURCE)


def _world(name: str, summary: str, *needs: str) -> Signal:
    return Signal(name, summary, needs, ANY_VIEW, WORLD_SOURCE)


def _back(name: str, summary: str) -> Signal:
    """From the side the mask ends at the back; from elsewhere at a flank."""
    return Signal(name, summary, _TRUNK, (View.SIDE,), BACK_SOURCE)


_ALL = (
    _sagittal("trunk_incl_deg", "lean of the hip to shoulder line; 0 upright, + forward", *_TRUNK),
    _sagittal(
        "thigh_incl_deg",
        "swing of the thigh; 0 hanging straight down, + knee in front of the hip",
        "hip",
        "knee",
    ),
    _sagittal(
        "shank_incl_deg", "lean of the ankle to knee line; 0 upright, + forward", "knee", "ankle"
    ),
    _sagittal("hip_angle_deg", "angle of shoulder, hip and knee; 180 straight", *_TRUNK, "knee"),
    _sagittal("knee_angle_deg", "angle of hip, knee and ankle; 180 straight", *_LEG),
    Signal(
        "leg_bend_deg",
        "mean of the thigh's swing and of the knee's bend; 0 straight, + the hips go down",
        _LEG,
        ANY_VIEW,
        LEG_SOURCE,
    ),
    _sagittal(
        "neck_angle_deg",
        "shoulder to ear line against the trunk line; + is looking up",
        "ear",
        *_TRUNK,
    ),
    _sagittal(
        "lean_minus_shank_deg", "lean of the trunk beyond that of the shank", *_TRUNK, *_LEG[1:]
    ),
    _sagittal(
        "pelvis_x_legs", "hip before (+) or behind (-) the ankle, in leg lengths", "hip", "ankle"
    ),
    _sagittal(
        "hip_height_legs",
        "hip above the ankle, in leg lengths; to cut reps, never for sequencing",
        "hip",
        "ankle",
    ),
    _sagittal(
        "shoulder_height_legs", "shoulder above the ankle, in leg lengths", "shoulder", "ankle"
    ),
    _sagittal(
        "trunk_length_ratio", "hip to shoulder distance over its length when standing", *_TRUNK
    ),
    Signal(
        "ear_line_ratio",
        "ear before (+) or behind (-) the hip to shoulder line, in standing trunk lengths",
        ("ear", *_TRUNK),
        SAGITTAL,
        IMAGE_SOURCE,
    ),
    Signal(
        "rib_offset_ratio",
        "shoulder before (+) or behind (-) the hip beyond where it stands, in trunk lengths",
        _TRUNK,
        SAGITTAL,
        IMAGE_SOURCE,
    ),
    _world("trunk_incl_world_deg", "lean of the trunk; 0 upright, + forward", *_TRUNK),
    _world("thigh_incl_world_deg", "swing of the thigh; + knee in front", "hip", "knee"),
    _world("shank_incl_world_deg", "lean of the shank; + forward", "knee", "ankle"),
    _world("hip_angle_world_deg", "angle of shoulder, hip and knee", *_TRUNK, "knee"),
    _world("knee_angle_world_deg", "angle of hip, knee and ankle", *_LEG),
    Signal(
        "lateral_bend_deg",
        "lean of the trunk to the athlete's left",
        _TRUNK,
        FRONTAL,
        "trunk line against the vertical, seen from the front",
    ),
    Signal(
        "shoulder_obliquity_deg",
        "slope of the shoulder line; + left shoulder higher",
        ("shoulder",),
        FRONTAL,
        LINE_SOURCE,
    ),
    Signal(
        "pelvis_obliquity_deg",
        "slope of the hip line; + left hip higher",
        ("hip",),
        FRONTAL,
        LINE_SOURCE,
    ),
    Signal(
        "knee_width_ratio",
        "distance of the knees over that of the ankles",
        ("knee", "ankle"),
        FRONTAL,
        "in-house: knees against ankles in the picture",
    ),
    Signal(
        "pelvis_shift_legs",
        "hips to the athlete's left (+) of where they stand, in leg lengths",
        ("hip", "ankle"),
        FRONTAL,
        "in-house: sideways travel of the hips",
    ),
    Signal(
        "shoulder_width_ratio",
        "width of the shoulder line over its widest; less as the shoulders turn",
        ("shoulder",),
        AXIAL,
        "flat fallback for a turn: width is as the cosine; blind within 20 degrees of the front",
    ),
    Signal(
        "pelvis_width_ratio",
        "width of the hip line over its widest; less as the pelvis turns",
        ("hip",),
        AXIAL,
        "flat fallback for a turn: width is as the cosine; blind within 20 degrees of the front",
    ),
    Signal(
        "pelvis_axial_deg",
        "turn of the pelvis; + to the athlete's left",
        _TRUNK,
        AXIAL,
        AXIAL_SOURCE,
    ),
    Signal(
        "thorax_axial_deg",
        "turn of the thorax; + to the athlete's left",
        _TRUNK,
        AXIAL,
        AXIAL_SOURCE,
    ),
    Signal(
        "separation_deg",
        "turn of the thorax beyond that of the pelvis",
        _TRUNK,
        AXIAL,
        AXIAL_SOURCE,
    ),
    Signal(
        "pelvis_axial_deg_per_s",
        "turning speed of the hip line about the trunk; + to the athlete's left",
        _TRUNK,
        AXIAL,
        AXIAL_SOURCE,
    ),
    Signal(
        "thorax_axial_deg_per_s",
        "turning speed of the shoulder line about the trunk; + to the athlete's left",
        _TRUNK,
        AXIAL,
        AXIAL_SOURCE,
    ),
    Signal("pelvis_yaw_deg", "heading of the hip line", ("hip",), AXIAL, YAW_SOURCE),
    Signal("thorax_yaw_deg", "heading of the shoulder line", ("shoulder",), AXIAL, YAW_SOURCE),
    Signal(
        "separation_yaw_deg",
        "heading of the shoulder line beyond that of the hip line; never compare it with norms of "
        "thorax markers",
        _TRUNK,
        AXIAL,
        YAW_SOURCE,
    ),
    Signal(
        "wrist_reach_ratio",
        "middle of the wrists from the middle of the shoulders, in trunk lengths",
        ("wrist", *_TRUNK),
        ANY_VIEW,
        "in-house: arms pressed out or at the chest, from world landmarks",
    ),
    Signal(
        "wrist_height_legs",
        "lower wrist above the ankle, in leg lengths; to tell fetching a load from reps",
        ("wrist", *_LEG),
        ANY_VIEW,
        LIMB_SOURCE,
    ),
    Signal(
        "feet_off_legs",
        "ankle off its usual place in the picture, in leg lengths; to tell walking from reps",
        _LEG,
        ANY_VIEW,
        LIMB_SOURCE,
    ),
    _back(
        "back_sag_ratio",
        "furthest that the back is off its own chord, hip to shoulder, in trunk lengths",
    ),
    _back(
        "back_lumbar_curvature_ratio",
        "mean curvature of the lower back, times the trunk length; + bulges outwards",
    ),
    _back(
        "back_thoracic_curvature_ratio",
        "mean curvature of the upper back, times the trunk length; + bulges outwards",
    ),
    _back(
        "back_tangent_deg",
        "angle between upper and lower back; + the upper is bent forward against the lower",
    ),
    _back(
        "back_hollow_ratio",
        "depth of the lower back below the chord; + a hollow, in trunk lengths",
    ),
    _back("back_seen_ratio", "share of the outline of the back that was seen; no standing value"),
)

SIGNALS: Mapping[str, Signal] = {one.name: one for one in _ALL}
"""Every signal by name, in the order of the documentation."""
