"""What a feature sees of one repetition: slices of the clip's signals, and who is how far."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from labeler.catalog.spec import Movement, RepKind
from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.rep import Rep
from labeler.core.units import Unit
from labeler.signals.robust import median
from labeler.signals.series import ClipSignals

HIP = "hip_progress_ratio"
TORSO = "torso_progress_ratio"
"""Progress of the movement's hip and torso channel: 0 at the start of the rep, 1 at its turn."""

GENERIC_CHANNELS = ("hip_angle_deg", "trunk_incl_deg")
"""Hip and torso channel of a movement that was not told."""

LEVEL_S = 0.1
"""The levels at start and turn are medians of this long on the near side of either."""

LEVEL_RATIO = 0.1
"""And of no more than this share of the descent: a fast rep has left its start by then."""

LEVEL_FRAMES = 3
"""The very first and last posture: medians of so many frames."""

MIN_DESCENT_S = 0.2
"""A shorter descent was not seen whole: nothing is said about who goes first."""

SEEN_DESCENT_RATIO = 0.5
"""The shoulders sink by at least this share of what they rise, or the rep began bent."""

MIN_TRAVEL: Mapping[str, float] = {Unit.DEGREE.value: 8.0, Unit.LEG_LENGTH.value: 0.04}
"""Less travel than this, by the channel's unit, is noise: its progress is unknown."""


@dataclass(frozen=True, slots=True, eq=False)
class RepSignals:
    """The signals of one rep, by name; every array has shape (n_frames,) of the rep.

    Parameters
    ----------
    rep : Rep
        Where it is in the clip.
    values : Mapping[str, FloatArray]
        The clip's signals within the rep, and `HIP` and `TORSO`.
    times_s : FloatArray
        The frames' own times.
    turn : int
        The turning point, counted from the rep's first frame.
    fps : float
        Median frame rate of the clip.
    progress_se : Mapping[str, float]
        Standard error of one value of `HIP` and of `TORSO`, as a share of the way; NaN where the
        noise of the channel is not known.
    is_cyclic : bool
        Whether the body sinks and rises; in a turn or a hold it does not.
    """

    rep: Rep
    values: Mapping[str, FloatArray]
    times_s: FloatArray
    turn: int
    visibility: FloatArray
    is_interpolated: BoolArray
    fps: float
    progress_se: Mapping[str, float] = field(default_factory=dict)
    is_cyclic: bool = True

    def __getitem__(self, name: str) -> FloatArray:
        """The signal of that name."""
        return self.values[name]

    @property
    def descent(self) -> slice:
        """Frames from the start to the turn, both included."""
        return slice(0, self.turn + 1)

    @property
    def ascent(self) -> slice:
        """Frames from the turn to the end."""
        return slice(self.turn, None)

    @property
    def has_descent(self) -> bool:
        """Whether the way to the turn was seen whole, and not only its end before a pull."""
        if not self.is_cyclic:
            return self.descent_s >= MIN_DESCENT_S
        height = self["shoulder_height_legs"]
        turn = self.turn_level("shoulder_height_legs")
        risen = median(height[-LEVEL_FRAMES:]) - turn
        sunk = median(height[:LEVEL_FRAMES]) - turn
        return self.descent_s >= MIN_DESCENT_S and not sunk < SEEN_DESCENT_RATIO * risen

    @property
    def descent_s(self) -> float:
        """Time from start to turn."""
        return self.rep.turn_s - self.rep.start_s

    def start_level(self, name: str) -> float:
        """Median of a signal as the rep begins."""
        return median(self[name][self.times_s <= self.times_s[0] + self._level_s])

    def turn_level(self, name: str) -> float:
        """Median of a signal around the turn."""
        return median(self[name][np.abs(self.times_s - self.times_s[self.turn]) <= self._level_s])

    @property
    def _level_s(self) -> float:
        return min(LEVEL_S, LEVEL_RATIO * self.descent_s)


def rep_signals(signals: ClipSignals, rep: Rep, movement: Movement | None) -> RepSignals:
    """Cut one rep out of a clip's signals."""
    frames = slice(rep.start_frame, rep.stop_frame)
    values = {name: array[frames] for name, array in signals.values.items()}
    progress_se: dict[str, float] = {}
    seen = RepSignals(
        rep=rep,
        values=values,
        times_s=signals.times.pts_s[frames],
        turn=rep.turn_frame - rep.start_frame,
        visibility=signals.visibility[frames],
        is_interpolated=signals.is_interpolated[frames],
        fps=signals.times.fps_median,
        progress_se=progress_se,
        is_cyclic=movement is None or movement.rep_kind is RepKind.CYCLIC,
    )
    hip, torso = channels_of(movement)
    for name, channel in ((HIP, hip), (TORSO, torso)):
        values[name] = progress(seen, channel)
        way = abs(seen.turn_level(channel) - seen.start_level(channel))
        progress_se[name] = signals.noise.get(channel, math.nan) / way if way > 0 else math.nan
    return seen


def channels_of(movement: Movement | None) -> tuple[str, str]:
    """The hip and the torso signal that are compared."""
    return GENERIC_CHANNELS if movement is None else (movement.hip_signal, movement.torso_signal)


def progress(rep: RepSignals, name: str) -> FloatArray:
    """How far a signal has come: 0 at its level at the start, 1 at its level at the turn.

    NaN throughout when the signal is not known, the descent was not seen whole, or the signal
    hardly moves. Single unknown frames are bridged.
    """
    unknown = np.full(len(rep.times_s), np.nan)
    if name not in rep.values or not rep.has_descent:
        return unknown
    start, turn = rep.start_level(name), rep.turn_level(name)
    least = MIN_TRAVEL[name.rsplit("_", 1)[-1]]
    if not abs(turn - start) >= least:  # NaN too
        return unknown
    known = np.isfinite(rep[name])
    share = (rep[name][known] - start) / (turn - start)
    return np.interp(rep.times_s, rep.times_s[known], share)
