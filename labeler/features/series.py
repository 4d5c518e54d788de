"""The courses of every repetition on one clock: what a model of whole movements learns from.

A repetition is stretched to a hundred steps, the way to the turn and the way back to fifty each, so
that the same place in the movement is the same column; how long it took is a feature of its own.
Values keep their units: a course that is scaled by repetition has lost how far it went.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from labeler.catalog.spec import Movement, RepKind
from labeler.core.arrays import AnyArray, Float32Array, FloatArray
from labeler.core.clip import Clip
from labeler.core.errors import ShapeError
from labeler.core.rep import Rep, RepQuality, RepRecord
from labeler.features.posture import FEATURE_NAMES, POSTURE_SIGNALS
from labeler.features.registry import Feature, all_features
from labeler.features.rep_signals import rep_signals
from labeler.features.shown import is_shown, why_hidden
from labeler.signals.registry import SIGNALS, WORLD_SOURCE, YAW_SOURCE
from labeler.signals.series import ClipSignals

N_STEPS_PER_PHASE = 50
"""Steps from the start to the turn, and as many from there to the end."""

N_POINTS = 2 * N_STEPS_PER_PHASE + 1

TOLD_TWICE = (WORLD_SOURCE, YAW_SOURCE)
"""Sources of signals that tell an angle of the picture, or a turn, once more in space: a model
that reads several courses at once would only count it twice."""

CHANNELS = tuple(name for name in POSTURE_SIGNALS if SIGNALS[name].source not in TOLD_TWICE)
"""The signals whose courses are kept, in the order of their registry."""


@dataclass(frozen=True, slots=True, eq=False)
class RepSeries:
    """The courses of repetitions.

    Parameters
    ----------
    names : tuple[str, ...]
        Of the channels; each ends in its unit.
    values : Float32Array
        Shape (n_reps, n_channels, `N_POINTS`), in the channels' own units; NaN where the body was
        not seen or the view cannot show it. Halves of a number's bits do: no signal is known to
        seven digits.
    """

    names: tuple[str, ...]
    values: Float32Array

    def __post_init__(self) -> None:
        expected = (len(self.values), len(self.names), N_POINTS)
        if self.values.shape != expected:
            raise ShapeError("series", expected, self.values.shape)

    def __len__(self) -> int:
        return len(self.values)

    def take(self, rows: AnyArray) -> "RepSeries":
        """Some of the repetitions, by number or by mask."""
        return RepSeries(self.names, self.values[rows])

    def channels(self, names: Sequence[str]) -> Float32Array:
        """The channels of those names in that order; NaN throughout where there is none."""
        places = {name: place for place, name in enumerate(self.names)}
        missing = np.full((len(self), 1, N_POINTS), np.nan, dtype=np.float32)
        with_missing = np.concatenate([self.values, missing], axis=1)
        chosen: Float32Array = with_missing[:, [places.get(name, -1) for name in names]]
        return chosen


def rep_series(
    signals: ClipSignals, reps: Sequence[RepRecord], *, clip: Clip, movement: Movement | None
) -> RepSeries:
    """The courses of every repetition of one clip, as `labeler.features.table` has its features.

    Returns
    -------
    RepSeries
        Channels `CHANNELS`. A repetition of bad quality, and a channel that the view cannot show
        or was measured to show nothing of, is NaN throughout; between two frames of which one is
        not known, so is the point. A hold has one phase.
    """
    fps = signals.times.fps_median
    shown = [n for n, one in enumerate(_gates()) if _is_shown(one, clip, movement, fps=fps)]
    courses = np.stack([signals[CHANNELS[n]] for n in shown]) if shown else np.empty((0, 0))
    values = np.full((len(reps), len(CHANNELS), N_POINTS), np.nan, dtype=np.float32)
    for row, record in enumerate(reps):
        if shown and record.rep.quality is not RepQuality.BAD:
            at_s = clock_s(record.rep, is_hold=_is_hold(signals, record.rep, movement))
            values[row, shown] = read_at(courses, signals.times.pts_s, at_s)
    return RepSeries(CHANNELS, values)


def no_series() -> RepSeries:
    """Every channel and no repetition."""
    return RepSeries(CHANNELS, np.empty((0, len(CHANNELS), N_POINTS), dtype=np.float32))


def joined(parts: Iterable[RepSeries]) -> RepSeries:
    """The repetitions of several clips, one after the other.

    Channels that a part lacks are NaN in it; their order is that of the first part that has them.
    """
    told = list(parts)
    names = tuple(dict.fromkeys(name for part in told for name in part.names))
    if not names:
        return no_series()
    return RepSeries(names, np.concatenate([part.channels(names) for part in told]))


def clock_s(rep: Rep, *, is_hold: bool = False) -> FloatArray:
    """The moments at which a repetition is read, shape (`N_POINTS`,).

    The turn is the point in the middle, whatever time it took to get there; a hold is read evenly.
    """
    if is_hold:
        return np.linspace(rep.start_s, rep.stop_s, N_POINTS)
    there_s = np.linspace(rep.start_s, rep.turn_s, N_STEPS_PER_PHASE + 1)
    back_s = np.linspace(rep.turn_s, rep.stop_s, N_STEPS_PER_PHASE + 1)
    return np.concatenate([there_s, back_s[1:]])


def read_at(values: FloatArray, times_s: FloatArray, at_s: FloatArray) -> FloatArray:
    """Read signals between frames, by lines; shape (n_signals, n_frames) to (n_signals, n_points).

    NaN where a frame that is needed is not known; beyond the clip its nearest frame counts.
    """
    at = np.interp(at_s, times_s, np.arange(len(times_s)))
    before, after = np.floor(at).astype(int), np.ceil(at).astype(int)
    part = at - before
    read: FloatArray = (1.0 - part) * values[:, before] + part * values[:, after]
    return read


def _gates() -> list[Feature]:
    """Per channel a feature that is hidden where the channel is: how far it is at the turn."""
    known = {one.name: one for one in all_features()}
    return [known[FEATURE_NAMES[name][2]] for name in CHANNELS]


def _is_shown(one: Feature, clip: Clip, movement: Movement | None, *, fps: float) -> bool:
    view = clip.tags.view
    return is_shown(one, view, movement) and not why_hidden(one, movement, view, fps)


def _is_hold(signals: ClipSignals, rep: Rep, movement: Movement | None) -> bool:
    """Whether nothing turns in it; a press of the arms does."""
    if movement is None or movement.rep_kind is not RepKind.HOLD:
        return False
    return rep_signals(signals, rep, movement).is_hold
