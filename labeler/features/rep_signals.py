"""What a feature sees of one repetition: slices of the clip's signals, and who is how far."""

import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np

from labeler.catalog.spec import Movement, RepKind
from labeler.core.arrays import BoolArray, FloatArray, IntArray
from labeler.core.rep import Rep
from labeler.core.units import Unit
from labeler.reps.holds import MIN_PRESS_RATIO, REACH
from labeler.signals.gaps import MAX_GAP_S, TIME_EPS_S
from labeler.signals.lowpass import DEFAULT_LOWPASS_HZ
from labeler.signals.robust import median, median_of_last_axis
from labeler.signals.series import ClipSignals

P = ParamSpec("P")
R = TypeVar("R")

HIP = "hip_progress_ratio"
TORSO = "torso_progress_ratio"
"""Progress of the movement's hip and torso channel: 0 at the start of the rep, 1 at its turn."""

HIP_COURSE = "hip_course"
TORSO_COURSE = "torso_course"
"""The channels themselves, + into the effort, in their own unit: also where start and turn are
alike, so that there is no progress from one to the other."""

OF_MOVEMENT = frozenset({HIP, TORSO, HIP_COURSE, TORSO_COURSE})
"""What is made of the channels that the movement names: seen where those are seen."""

FALLING = frozenset({"hip_angle_deg", "knee_angle_deg", "pelvis_x_legs"})
"""Channels that fall as the body goes into the effort: joints close, hips go back."""

GENERIC_CHANNELS = ("hip_angle_deg", "trunk_incl_deg")
"""Hip and torso channel of a movement that was not told."""

LEVEL_S = 0.1
"""The levels at start and turn are medians of this long on the near side of either."""

LEVEL_STEPS = 9
"""And are read at so many moments."""

LEVEL_RATIO = 0.1
"""And of no more than this share of the descent: a fast rep has left its start by then."""

LEAD_RATIO = 0.1
"""A rep is cut where the body as a whole begins to move, and a course that leads has gone some of
its way by then: where it rested is read this share of the descent before the start."""

MAX_LEAD_RATIO = 0.1
"""And no more than this share of its way is given back: the smoothest course (minimum jerk) has
done so much when it leads by a quarter of the descent. Who sways before a rep moves further, and a
clip that begins there could not tell."""

LEVEL_FRAMES = 3
"""The very first and last posture: medians of so many frames."""

MIN_DESCENT_S = 0.2
"""A shorter descent was not seen whole: nothing is said about who goes first."""

MIN_TURN_FRAMES = 5
"""A throw may take an eighth of a second: of a turn, so many frames must be seen."""

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
    noise : Mapping[str, float]
        Standard error of one value of each signal of the clip, in its own unit.
    kind : RepKind
        How repetitions of the movement follow each other.
    channels : tuple[str, str]
        The signals behind `HIP` and `TORSO`.
    lowpass_hz : float
        Cut-off of the filter that all signals passed.
    view_confidence : float
        How sure it is where the camera stands, 0 to 1; NaN where the athlete never stands.
    findings : frozenset[str]
        Codes of what was found about the clip.
    clip : ClipSignals | None
        What the rep was cut out of, where that is known.
    """

    rep: Rep
    values: Mapping[str, FloatArray]
    times_s: FloatArray
    turn: int
    visibility: FloatArray
    is_interpolated: BoolArray
    fps: float
    progress_se: Mapping[str, float] = field(default_factory=dict)
    noise: Mapping[str, float] = field(default_factory=dict)
    kind: RepKind = RepKind.CYCLIC
    channels: tuple[str, str] = GENERIC_CHANNELS
    lowpass_hz: float = DEFAULT_LOWPASS_HZ
    view_confidence: float = math.nan
    findings: frozenset[str] = frozenset()
    clip: ClipSignals | None = None
    memo: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)
    """What `once_per_rep` remembers."""

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
        """Whether the way to the turn was seen whole, and not only its end before a pull.

        Of a press it is the way out; a hold has none.
        """
        if self.kind is RepKind.HOLD:
            return self.is_press and self.descent_s >= MIN_DESCENT_S
        if self.kind is RepKind.ALTERNATING:
            return self.turn + 1 >= MIN_TURN_FRAMES
        return self.descent_s >= MIN_DESCENT_S and _sinks(self)

    @property
    def is_press(self) -> bool:
        """Whether it belongs to a movement that is held, and the arms go out on the way."""
        if self.kind is not RepKind.HOLD or REACH not in self.values:
            return False
        return self.turn_level(REACH) - self.start_level(REACH) >= MIN_PRESS_RATIO

    @property
    def is_hold(self) -> bool:
        """Whether it is a stretch held still; also where the arms are not seen."""
        return self.kind is RepKind.HOLD and not self.is_press

    @property
    def descent_s(self) -> float:
        """Time from start to turn."""
        return self.rep.turn_s - self.rep.start_s

    def start_level(self, name: str) -> float:
        """Median of a signal as the rep begins; NaN where it is not known."""
        return _start_level(self, name)

    def turn_level(self, name: str) -> float:
        """Median of a signal around the turn; NaN where it is not known."""
        return _turn_level(self, name)

    def turn_levels(self, values: FloatArray) -> FloatArray:
        """The same of many signals in one go; shape (..., n_frames) to (...)."""
        turn_s = self.rep.turn_s
        return levels(self, values, turn_s - self.level_s, turn_s + self.level_s)

    @property
    def level_s(self) -> float:
        """How long the levels at start and turn are read on the near side of either."""
        return min(LEVEL_S, LEVEL_RATIO * self.descent_s)


def once_per_rep(
    compute: Callable[Concatenate[RepSignals, P], R],
) -> Callable[Concatenate[RepSignals, P], R]:
    """Remember what it answers for a rep: several features ask for the same."""

    @wraps(compute)
    def remembered(rep: RepSignals, /, *args: P.args, **kwargs: P.kwargs) -> R:
        key = (compute, args, tuple(kwargs.items())) if kwargs else (compute, args)
        if key not in rep.memo:
            rep.memo[key] = compute(rep, *args, **kwargs)
        found: R = rep.memo[key]
        return found

    return remembered


@once_per_rep
def known_signals(rep: RepSignals) -> frozenset[str]:
    """The signals that are known somewhere in the rep."""
    is_known = np.any(np.isfinite(np.stack(list(rep.values.values()))), axis=1)
    return frozenset(name for name, is_one in zip(rep.values, is_known, strict=True) if is_one)


@once_per_rep
def _reading(rep: RepSignals, from_s: float, to_s: float) -> tuple[IntArray, IntArray, FloatArray]:
    """The frames before and after each moment of a stretch, and the part of the step between."""
    times_s = rep.times_s
    at = np.interp(np.linspace(from_s, to_s, LEVEL_STEPS), times_s, np.arange(len(times_s)))
    before = np.floor(at).astype(int)
    return before, np.ceil(at).astype(int), at - before


def levels(rep: RepSignals, values: FloatArray, from_s: float, to_s: float) -> FloatArray:
    """Median of signals over a stretch of time, read between frames.

    Read at moments, not at frames, so that it changes gradually with where the stretch begins and
    not with the frame rate.

    Parameters
    ----------
    values : FloatArray
        Shape (..., n_frames).

    Returns
    -------
    FloatArray
        Shape (...): NaN where nothing is known; beyond the rep it counts as its nearest frame.
    """
    before, after, part = _reading(rep, from_s, to_s)
    return median_of_last_axis((1.0 - part) * values[..., before] + part * values[..., after])


@once_per_rep
def _start_level(rep: RepSignals, name: str) -> float:
    start_s = rep.rep.start_s
    return float(levels(rep, rep[name], start_s, start_s + rep.level_s))


@once_per_rep
def origin(rep: RepSignals, name: str) -> float:
    """Level that a signal sets out from: at the start, or where it rested shortly before.

    Of both the one that is further from the turn: before a rep that follows at once, the one
    before it was still under way. Further by no more than `MAX_LEAD_RATIO` of the way.
    """
    at_start, turn = rep.start_level(name), rep.turn_level(name)
    if rep.clip is None:
        return at_start
    way = at_start - turn
    further = (_level_before(rep, rep.clip, name) - at_start) * np.sign(way)
    if not further > 0.0:  # NaN too
        return at_start
    return float(at_start + np.sign(way) * min(further, MAX_LEAD_RATIO * abs(way)))


def _level_before(rep: RepSignals, clip: ClipSignals, name: str) -> float:
    """Median of a signal about the moment `LEAD_RATIO` before the start; NaN where not known.

    A clip that begins later counts as its first frame.
    """
    middle_s = rep.rep.start_s - LEAD_RATIO * rep.descent_s
    half_s = rep.level_s / 2.0
    times_s = clip.times.pts_s
    frames = slice(
        max(int(np.searchsorted(times_s, middle_s - half_s)) - 1, 0),
        int(np.searchsorted(times_s, middle_s + half_s)) + 1,
    )
    moments_s = np.linspace(middle_s - half_s, middle_s + half_s, LEVEL_STEPS)
    return median(np.interp(moments_s, times_s[frames], clip[name][frames]))


@once_per_rep
def _turn_level(rep: RepSignals, name: str) -> float:
    return float(rep.turn_levels(rep[name]))


@once_per_rep
def _sinks(rep: RepSignals) -> bool:
    """Whether the shoulders sink to the turn by a good part of what they rise after it."""
    height = rep["shoulder_height_legs"]
    turn = rep.turn_level("shoulder_height_legs")
    risen = median(height[-LEVEL_FRAMES:]) - turn
    sunk = median(height[:LEVEL_FRAMES]) - turn
    return not sunk < SEEN_DESCENT_RATIO * risen


def rep_signals(
    signals: ClipSignals,
    rep: Rep,
    movement: Movement | None,
    *,
    findings: frozenset[str] = frozenset(),
) -> RepSignals:
    """Cut one rep out of a clip's signals; `findings` are codes of what was found about it."""
    frames = slice(rep.start_frame, rep.stop_frame)
    values = {name: array[frames] for name, array in signals.values.items()}
    progress_se: dict[str, float] = {}
    hip, torso = channels_of(movement)
    seen = RepSignals(
        rep=rep,
        values=values,
        times_s=signals.times.pts_s[frames],
        turn=rep.turn_frame - rep.start_frame,
        visibility=signals.visibility[frames],
        is_interpolated=signals.is_interpolated[frames],
        fps=signals.times.fps_median,
        progress_se=progress_se,
        noise=signals.noise,
        kind=RepKind.CYCLIC if movement is None else movement.rep_kind,
        channels=(hip, torso),
        lowpass_hz=DEFAULT_LOWPASS_HZ if movement is None else movement.lowpass_hz,
        view_confidence=math.nan if (told := signals.view_estimate) is None else told.confidence,
        findings=findings,
        clip=signals,
    )
    for name, to, channel in ((HIP, HIP_COURSE, hip), (TORSO, TORSO_COURSE, torso)):
        values[name] = progress(seen, channel)
        values[to] = into_effort(seen, channel)
        progress_se[to] = signals.noise.get(channel, math.nan)
        way = abs(seen.turn_level(channel) - origin(seen, channel))
        progress_se[name] = signals.noise.get(channel, math.nan) / way if way > 0 else math.nan
    return seen


def channels_of(movement: Movement | None) -> tuple[str, str]:
    """The hip and the torso signal that are compared."""
    return GENERIC_CHANNELS if movement is None else (movement.hip_signal, movement.torso_signal)


def progress(rep: RepSignals, name: str) -> FloatArray:
    """How far a signal has come: 0 at its level before it moved, 1 at its level at the turn.

    NaN throughout when the signal is not known, the descent was not seen whole, the signal hardly
    moves, or the movement is one in which it should not. Gaps up to `MAX_GAP_S` are bridged; a
    longer one leaves nothing to tell.
    """
    unknown = np.full(len(rep.times_s), np.nan)
    if name not in rep.values or rep.kind is RepKind.HOLD or not rep.has_descent:
        return unknown
    start, turn = origin(rep, name), rep.turn_level(name)
    if not abs(turn - start) >= least_travel(name):  # NaN too
        return unknown
    return (_bridged(rep, name) - start) / (turn - start)


def into_effort(rep: RepSignals, name: str) -> FloatArray:
    """A channel turned so that it rises into the effort, in its own unit.

    A lift goes into the effort as the body bends, whatever this one did; a turn to the side to
    which the hips turn. NaN throughout when the channel does not rise by `MIN_TRAVEL` within the
    descent: a torso that is still, or only leans back, has no lean to be early or late, and the
    phase of what does not move is noise.
    """
    unknown = np.full(len(rep.times_s), np.nan)
    if name not in rep.values or rep.kind is RepKind.HOLD or not rep.has_descent:
        return unknown
    towards = _towards(rep, name)
    risen = towards * (rep[name] - rep.start_level(name))[rep.descent]
    if not np.any(risen >= least_travel(name)):  # NaN too
        return unknown
    return towards * _bridged(rep, name)


def _bridged(rep: RepSignals, name: str) -> FloatArray:
    """A signal with its gaps filled by lines; NaN throughout where one is too long for that."""
    known, times_s = np.isfinite(rep[name]), rep.times_s
    at_s = np.concatenate([times_s[:1], times_s[known], times_s[-1:]])
    if np.diff(at_s).max() - 1.0 / rep.fps > MAX_GAP_S + TIME_EPS_S:
        return np.full(len(times_s), np.nan)
    filled: FloatArray = np.interp(times_s, times_s[known], rep[name][known])
    return filled


def _towards(rep: RepSignals, name: str) -> float:
    if rep.kind is RepKind.CYCLIC:
        return -1.0 if name in FALLING else 1.0
    hips = rep.channels[0]
    return 1.0 if rep.turn_level(hips) >= rep.start_level(hips) else -1.0


def least_travel(name: str) -> float:
    """Travel of a channel, in its own unit, below which it is noise."""
    return MIN_TRAVEL[name.rsplit("_", 1)[-1]]
