"""What the arms do in each exercise, and what they hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.synthetic.athlete import Athlete
from labeler.synthetic.geometry import MAX_REACH_RATIO, Limb, axes_along, pitch, reaching, turned
from labeler.synthetic.posture import Angles, Grip
from labeler.synthetic.trunk import SIDES, Trunk

BAR_AHEAD_M = 0.12
"""A bar travels straight up over the middle of the foot, so far before the ankles."""

BAR_HALF_M, GRIP_HALF_M = 1.0, 0.25
"""Half of a bar, and of the distance between the hands on it: outside the knees."""

PLATE_RADIUS_M = 0.225
"""Of a full plate: how high a bar lies on the floor."""

FLOOR_AHEAD_M = 0.22
"""Where a kettlebell or ball lies before the ankles until it is taken up."""

BELL_M = 0.14
"""Handle to middle of a kettlebell."""

BELL_HANDLE_M = 0.10 + BELL_M
"""Height of the handle of a bell on the floor, where hands take it up."""

DOWEL_M = 1.30
"""Length of a dowel: from below the sacrum to above the head."""

DOWEL_BEHIND_RATIOS = (0.065, 0.060)
"""A dowel behind sacrum and mid-back, over body height: half the depth of the trunk there."""

CABLE_ANCHOR_M = (1.6, 1.15, 0.3)
"""Where the band of a press is tied: at the athlete's left, at the height of the chest."""

STRAIGHT_RATIO = 0.985
"""Arms that carry a load hang almost straight."""

Goals = Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class Above:
    """What the arms hang on: who it is, the posture, and the trunk in it."""

    athlete: Athlete
    angles: Angles
    trunk: Trunk

    @property
    def size_m(self) -> float:
        """Body height."""
        return self.athlete.height_m

    @property
    def chest(self) -> FloatArray:
        """Axes of the upper thorax, (n, 3, 3)."""
        return self.trunk.axes[-1]

    @property
    def reach_m(self) -> float:
        """Shoulder to wrist of an arm that carries."""
        lengths = self.athlete.lengths_m
        return STRAIGHT_RATIO * (lengths["upper_arm"] + lengths["forearm"])


@dataclass(frozen=True, slots=True, eq=False)
class Arms:
    """Both arms, and the axes of the hands."""

    limbs: Mapping[str, Limb]
    hand_axes: Mapping[str, FloatArray]

    @property
    def hands_m(self) -> FloatArray:
        """Between the wrists, shape (n, 3)."""
        return np.asarray((self.limbs["left"].end_m + self.limbs["right"].end_m) / 2.0)


@dataclass(frozen=True, slots=True, eq=False)
class Implement:
    """What is held: its two ends, (n, 2, 3).

    A kettlebell reaches from its handle to its middle, a ball has both ends in its middle, a band
    reaches from the hands to where it is tied; empty hands have NaN.
    """

    kind: str
    ends_m: FloatArray


Ends = tuple[str, FloatArray]
"""What is held, and its two ends (n, 2, 3)."""


@dataclass(frozen=True, slots=True)
class Held:
    """What holds something: the body and its arms."""

    above: Above
    arms: Arms

    @property
    def hand_m(self) -> FloatArray:
        """Between the palms, shape (n, 3)."""
        hand_m = self.above.athlete.lengths_m["hand"]
        palms = [
            self.arms.limbs[side].end_m + turned(self.arms.hand_axes[side], 0.0, -hand_m, 0.0)
            for side, _sign in SIDES
        ]
        return np.asarray((palms[0] + palms[1]) / 2.0)


def arms_of(athlete: Athlete, angles: Angles, trunk: Trunk) -> Arms:
    """Arms that reach where the grip wants the wrists; they hang while the load is on the floor."""
    above = Above(athlete, angles, trunk)
    goals, hanging = _GOALS[angles.grip](above), _hanging(above)
    held = angles.load_ratio[:, None]
    bones_m = (athlete.lengths_m["upper_arm"], athlete.lengths_m["forearm"])
    limbs, hand_axes = {}, {}
    for side, sign in SIDES:
        goal_m = held * goals[side] + (1.0 - held) * hanging[side]
        pole = turned(trunk.axes[-1], *_POLES.get(angles.grip, _POLES[Grip.HANG])(sign))
        limb = reaching(trunk.shoulders_m[side], goal_m, bones_m, pole)
        limbs[side] = limb
        hand_axes[side] = _hand_axes(limb, trunk, angles.grip)
    return Arms(limbs, hand_axes)


def implement_of(athlete: Athlete, angles: Angles, trunk: Trunk, arms: Arms) -> Implement:
    """The thing in the hands, or on the floor until it is taken up."""
    kind, ends_m = _IMPLEMENTS[angles.grip](Held(Above(athlete, angles, trunk), arms))
    on_floor = _FLOOR.get(kind)
    if on_floor is not None:
        held = angles.load_ratio[:, None, None]
        ends_m = held * ends_m + (1.0 - held) * np.array(on_floor)
    return Implement(kind, ends_m)


def _hanging(above: Above) -> Goals:
    """Straight down from the shoulders, a little out and ahead, as arms hang."""
    reach_m = 0.97 * above.reach_m
    return {
        side: above.trunk.shoulders_m[side] + reach_m * np.array([0.10 * sign, -0.985, 0.10])
        for side, sign in SIDES
    }


def _bar(above: Above) -> Goals:
    """On the straight path of the bar, as far down as the arms hang."""
    ahead_m = above.angles.walk_m + BAR_AHEAD_M * above.size_m / 1.75
    goals = {}
    for side, sign in SIDES:
        shoulder_m = above.trunk.shoulders_m[side]
        aside_m = np.full(above.angles.n_times, sign * GRIP_HALF_M)
        across_sq = (aside_m - shoulder_m[:, 0]) ** 2 + (ahead_m - shoulder_m[:, 2]) ** 2
        down_m = np.sqrt(np.maximum(above.reach_m**2 - across_sq, 0.0))
        goals[side] = np.stack([aside_m, shoulder_m[:, 1] - down_m, ahead_m], axis=-1)
    return goals


def _fixed(x: float, y: float, z: float) -> Callable[[Above], Goals]:
    """A place before the chest, over body height, in the axes of the upper thorax."""

    def goals(above: Above) -> Goals:
        size = above.size_m
        return {
            side: above.trunk.mid_shoulder_m
            + turned(above.chest, sign * x * size, y * size, z * size)
            for side, sign in SIDES
        }

    return goals


def _pressed(above: Above) -> Goals:
    """Both hands before the breastbone, from the chest out to straight arms."""
    size, half_m = above.size_m, above.athlete.lengths_m["shoulder_half_width"]
    drop_m, in_m = 0.055 * size, 0.02 * size
    out_m = np.sqrt(above.reach_m**2 - (half_m - in_m) ** 2 - drop_m**2)
    at_m = 0.13 * size + above.angles.press_ratio * (out_m - 0.13 * size)
    axes = above.chest
    return {
        side: above.trunk.mid_shoulder_m
        + turned(axes, sign * in_m, -drop_m, 0.0)
        + axes[:, :, 2] * at_m[:, None]
        for side, sign in SIDES
    }


def _behind_head(above: Above) -> Goals:
    size = above.size_m
    return {
        side: above.trunk.head_m
        + turned(above.trunk.head_axes, sign * 0.045 * size, -0.025 * size, -0.060 * size)
        for side, sign in SIDES
    }


def _on_dowel(above: Above) -> Goals:
    """The left hand holds the dowel behind the neck, the right one behind the lower back."""
    size = above.size_m
    return {
        "left": above.trunk.mid_shoulder_m
        + turned(above.chest, 0.030 * size, 0.045 * size, -0.070 * size),
        "right": above.trunk.nodes_m[:, 1]
        + turned(above.trunk.axes[1], -0.030 * size, 0.0, -0.080 * size),
    }


def _swung(above: Above) -> Goals:
    """Both hands on one handle, straight arms that swing in the sagittal plane."""
    apart_m = above.athlete.lengths_m["shoulder_half_width"] - 0.04
    reach_m = np.sqrt(above.reach_m**2 - apart_m**2)
    way = np.stack(
        [
            np.zeros(above.angles.n_times),
            -np.cos(above.angles.arm_rad),
            np.sin(above.angles.arm_rad),
        ],
        axis=-1,
    )
    middle_m = above.trunk.mid_shoulder_m + reach_m * way
    return {side: middle_m + np.array([sign * 0.04, 0.0, 0.0]) for side, sign in SIDES}


_GOALS: Mapping[Grip, Callable[[Above], Goals]] = {
    Grip.HANG: _hanging,
    Grip.BAR: _bar,
    Grip.DOWEL: _on_dowel,
    Grip.GOBLET: _fixed(0.025, -0.115, 0.125),
    Grip.BALL: _fixed(0.065, -0.095, 0.215),
    Grip.PRESS: _pressed,
    Grip.BEHIND_HEAD: _behind_head,
    Grip.KETTLEBELL: _swung,
}

_POLES: Mapping[Grip, Callable[[float], tuple[float, float, float]]] = {
    Grip.HANG: lambda sign: (0.3 * sign, 0.0, -1.0),
    Grip.DOWEL: lambda sign: (1.0 * sign, 0.6 * sign, -0.2),
    Grip.GOBLET: lambda sign: (0.6 * sign, -1.0, -0.1),
    Grip.BALL: lambda sign: (0.8 * sign, -1.0, -0.2),
    Grip.PRESS: lambda sign: (0.8 * sign, -1.0, -0.2),
    Grip.BEHIND_HEAD: lambda sign: (1.0 * sign, 0.1, 0.15),
}
"""To which side the elbows go, in the axes of the upper thorax; as hanging arms where left out."""


def _hand_axes(limb: Limb, trunk: Trunk, grip: Grip) -> FloatArray:
    """Hands go on along the forearms; thumbs forward when they hang, up before the chest."""
    front, up = trunk.axes[-1][:, :, 2], trunk.axes[-1][:, :, 1]
    is_before = grip in (Grip.GOBLET, Grip.BALL, Grip.PRESS, Grip.BEHIND_HEAD)
    return axes_along(limb.joint_m - limb.end_m, up if is_before else front)


def _held_bar(held: Held) -> Ends:
    grip_m = held.hand_m
    return "bar", grip_m[:, None] + np.array([[BAR_HALF_M, 0.0, 0.0], [-BAR_HALF_M, 0.0, 0.0]])


def _held_dowel(held: Held) -> Ends:
    """Along sacrum and mid-back, turned about the mid-back by its tilt: off at the sacrum."""
    low, high = (ratio * held.above.size_m for ratio in DOWEL_BEHIND_RATIOS)
    sacrum_m = held.above.trunk.mid_hip_m + turned(held.above.trunk.hip_axes, 0.0, 0.02, -low)
    back_m = held.above.trunk.nodes_m[:, 3] + turned(held.above.trunk.axes[2], 0.0, 0.0, -high)
    way = (back_m - sacrum_m) / np.linalg.norm(back_m - sacrum_m, axis=-1, keepdims=True)
    tilted = (pitch(held.above.angles.dowel_tilt_rad) @ way[:, :, None])[:, :, 0]
    below_m = np.linalg.norm(back_m - sacrum_m, axis=-1, keepdims=True) + 0.15
    ends_m = [back_m - tilted * below_m, back_m + tilted * (DOWEL_M - below_m)]
    return "dowel", np.stack(ends_m, axis=1)


def _held_bell(held: Held) -> Ends:
    handle_m = held.hand_m
    down = (held.arms.hand_axes["left"][:, :, 1] + held.arms.hand_axes["right"][:, :, 1]) / -2.0
    if held.above.angles.grip is Grip.GOBLET:
        down = np.broadcast_to([0.0, -1.0, 0.0], handle_m.shape)
    along = down / np.linalg.norm(down, axis=-1, keepdims=True)
    return "kettlebell", np.stack([handle_m, handle_m + BELL_M * along], axis=1)


def _held_ball(held: Held) -> Ends:
    middle_m = held.hand_m
    return "ball", np.stack([middle_m, middle_m], axis=1)


def _held_band(held: Held) -> Ends:
    hands_m = held.hand_m
    return "band", np.stack([hands_m, np.broadcast_to(CABLE_ANCHOR_M, hands_m.shape)], axis=1)


def _nothing(held: Held) -> Ends:
    return "none", np.full((held.above.angles.n_times, 2, 3), np.nan)


_IMPLEMENTS: Mapping[Grip, Callable[[Held], Ends]] = {
    Grip.HANG: _nothing,
    Grip.BAR: _held_bar,
    Grip.DOWEL: _held_dowel,
    Grip.GOBLET: _held_bell,
    Grip.BALL: _held_ball,
    Grip.PRESS: _held_band,
    Grip.BEHIND_HEAD: _nothing,
    Grip.KETTLEBELL: _held_bell,
}

_FLOOR: Mapping[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "bar": ((BAR_HALF_M, PLATE_RADIUS_M, BAR_AHEAD_M), (-BAR_HALF_M, PLATE_RADIUS_M, BAR_AHEAD_M)),
    "kettlebell": ((0.0, BELL_HANDLE_M, FLOOR_AHEAD_M), (0.0, 0.10, FLOOR_AHEAD_M)),
    "ball": ((0.0, 0.14, FLOOR_AHEAD_M), (0.0, 0.14, FLOOR_AHEAD_M)),
}
"""Where loads lie until they are taken up."""

__all__ = ["MAX_REACH_RATIO", "Arms", "Implement", "arms_of", "implement_of"]
