"""MediaPipe's own smoothing of a followed person, undone: it makes points come late.

A One-Euro filter (Casiez, Roussel and Vogel 2012) keeps points that rest still and lets fast ones
pass, and it looks back only. In made-up athletes hips came 15 to 34 ms late and shoulders 8 to 17,
by movement: a lag between them of the filter's own making. The signals have a filter without lag.
"""

from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.landmarks import Landmark

SPEED_CUTOFF_HZ = 1.0
"""Of the speed by which the filter chooses its cut-off (`pose_landmarks_detector_graph.cc`)."""

REACH_MARGIN = 1.05
"""The network's circle about the hips holds the whole person; its furthest landmark, nose or toe,
is this much short of it. With it the shoulders of made-up athletes come 4 ms late at most."""

REGION_PER_REACH = 2.0 * 1.25 * REACH_MARGIN
"""Side of the square in which the next picture is looked at, over the reach from mid-hip: the
circle's diameter with a quarter more. MediaPipe measures speeds in such sides."""


@dataclass(frozen=True, slots=True)
class Smoothing:
    """Constants of MediaPipe's filter: its cut-off at rest, and how much speed raises it.

    Parameters
    ----------
    min_cutoff_hz : float
        At rest.
    hz_per_speed : float
        Per unit of speed: sizes of the person per second, or metres per second.
    """

    min_cutoff_hz: float
    hz_per_speed: float


IN_PICTURE = Smoothing(min_cutoff_hz=0.05, hz_per_speed=80.0)
IN_SPACE = Smoothing(min_cutoff_hz=0.1, hz_per_speed=40.0)
"""Of landmarks in the picture and of world landmarks (`pose_landmarks_detector_graph.cc`)."""


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """What the filter remembers of the frame before."""

    at_s: float
    smooth: FloatArray
    raw: FloatArray
    step: FloatArray
    speed: FloatArray


class Unsmoother:
    """Gives back what went into the filter; frames in order.

    The filter's output lies between its last output and the input, by a share that depends on the
    input alone, everything before being known: an equation of the second degree for each
    coordinate. Where several inputs would have made the same output, the one is taken that is
    nearest to going on as before.
    """

    def __init__(self, smoothing: Smoothing) -> None:
        self._smoothing = smoothing
        self._last: _State | None = None

    def forget(self) -> None:
        """Begin anew: the filter does, where nobody was seen."""
        self._last = None

    def raw(self, smooth: FloatArray, at_s: float, *, size: float = 1.0) -> FloatArray:
        """The points before the filter.

        Parameters
        ----------
        smooth : FloatArray
            Behind the filter; any shape, the same in every frame.
        at_s : float
            As the filter was told; must increase.
        size : float
            Of the person, in the unit of the points.
        """
        last = self._last
        if last is None:
            nothing = np.zeros_like(smooth)
            self._last = _State(at_s, smooth, smooth, nothing, nothing)
            return smooth
        step_s = at_s - last.at_s
        kept = _share(SPEED_CUTOFF_HZ, step_s)
        gain = kept / (step_s * size)
        rest = (1.0 - kept) * last.speed + gain * (last.smooth - last.raw)
        expected = last.raw + last.step - last.smooth
        w = _per_step(self._smoothing, step_s)
        went = _went(smooth - last.smooth, rest, gain, expected, w)
        raw = last.smooth + went
        self._last = _State(at_s, smooth, raw, raw - last.raw, rest + gain * went)
        return raw


class PersonUnsmoother:
    """Undoes the smoothing of one person's points, in the picture and in space; frames in order."""

    def __init__(self) -> None:
        self._in_picture, self._in_space = Unsmoother(IN_PICTURE), Unsmoother(IN_SPACE)

    def forget(self) -> None:
        """Nobody was seen: in the picture the filter begins anew with whoever comes next.

        That in space does not: it hears of no frame without a person.
        """
        self._in_picture.forget()

    def raw(
        self, xy_px: FloatArray, world_m: FloatArray, at_s: float
    ) -> tuple[FloatArray, FloatArray]:
        """The person's points before the filter, (33, 2) in pixels and (33, 3) in metres."""
        size_px = _size(xy_px)
        return self._in_picture.raw(xy_px, at_s, size=size_px), self._in_space.raw(world_m, at_s)


def _size(xy: FloatArray) -> float:
    """Side of the square in which the network looks for a person, from its 33 points."""
    hips = (xy[Landmark.LEFT_HIP] + xy[Landmark.RIGHT_HIP]) / 2.0
    return REGION_PER_REACH * float(np.linalg.norm(xy - hips, axis=-1).max())


def _share(cutoff_hz: float, step_s: float) -> float:
    """Share of the new value in the output of a first-order filter."""
    turn = 2.0 * np.pi * cutoff_hz * step_s
    return turn / (1.0 + turn)


def _per_step(smoothing: Smoothing, step_s: float) -> tuple[float, float]:
    """Cut-off at rest, and its rise with speed, as angles per step."""
    turn = 2.0 * np.pi * step_s
    return turn * smoothing.min_cutoff_hz, turn * smoothing.hz_per_speed


def _went(
    moved: FloatArray, rest: FloatArray, gain: float, expected: FloatArray, w: tuple[float, float]
) -> FloatArray:
    """How far the input is from the filter's last output, where that moved by `moved`.

    With z the answer and s = rest + gain z the speed, the output moves by w / (1 + w) of z, where
    w = w0 + w1 abs(s): so (w0 + w1 abs(s)) (z - moved) = moved, which is of the second degree for
    either sign of s.
    """
    found = moved.copy()
    distance = np.full(moved.shape, np.inf)
    for sign in (1.0, -1.0):
        a = sign * w[1] * gain
        fixed = w[0] + sign * w[1] * rest
        b, c = fixed - a * moved, -(fixed + 1.0) * moved
        root = np.sqrt(np.maximum(b * b - 4.0 * a * c, 0.0))
        for z in ((-b + root) / (2.0 * a), (-b - root) / (2.0 * a)):
            is_one = (b * b >= 4.0 * a * c) & (sign * (rest + gain * z) >= 0.0)
            is_one &= (moved * z >= 0.0) & (np.abs(z) >= np.abs(moved))
            is_nearer = is_one & (np.abs(z - expected) < distance)
            found = np.where(is_nearer, z, found)
            distance = np.where(is_nearer, np.abs(z - expected), distance)
    return found
