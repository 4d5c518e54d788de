"""How one quantity goes through time: smooth steps on top of each other, and a slow sway."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from labeler.core.arrays import FloatArray

ONSET_RATIO = 0.0595
"""Share of a minimum-jerk step after which it has 5 % of its highest speed: 16 u²(1-u)² = 0.05."""

_TABLE_U = np.linspace(0.0, 1.0, 2001)


def min_jerk(share: FloatArray) -> FloatArray:
    """Way done, 0 to 1, after a share of the time; the smoothest step (Flash and Hogan 1985)."""
    u = np.clip(share, 0.0, 1.0)
    return np.asarray(u * u * u * (10.0 + u * (6.0 * u - 15.0)))


def min_jerk_time(way: float) -> float:
    """Share of the time after which a minimum-jerk step has done a share of its way, 0 to 1."""
    return float(np.interp(way, min_jerk(_TABLE_U), _TABLE_U))


@dataclass(frozen=True, slots=True)
class Step:
    """A minimum-jerk change by `by` that begins at `start_s` and takes `last_s`."""

    start_s: float
    last_s: float
    by: float


@dataclass(frozen=True, slots=True)
class Sway:
    """A slow oscillation about the course."""

    amplitude: float
    period_s: float
    phase_rad: float


@dataclass(frozen=True, slots=True)
class Course:
    """A level, the steps that change it, and sways; in whatever unit its quantity has."""

    base: float
    steps: tuple[Step, ...] = ()
    sways: tuple[Sway, ...] = ()

    def at(self, times_s: FloatArray) -> FloatArray:
        """The value at each time, shape (n_times,); times must not decrease."""
        jumps = np.zeros(len(times_s) + 1)
        values = np.full(len(times_s), self.base)
        for step in self.steps:
            first, last = np.searchsorted(times_s, (step.start_s, step.start_s + step.last_s))
            jumps[last] += step.by
            values[first:last] += step.by * min_jerk(
                (times_s[first:last] - step.start_s) / step.last_s
            )
        values += np.cumsum(jumps)[:-1]
        for sway in self.sways:
            turn = 2.0 * np.pi * times_s / sway.period_s + sway.phase_rad
            values += sway.amplitude * np.sin(turn)
        return values


@dataclass(slots=True)
class Score:
    """Courses being written, by name; each step begins where the one before it left off."""

    bases: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    levels: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    steps: dict[str, list[Step]] = field(default_factory=lambda: defaultdict(list))
    sways: dict[str, list[Sway]] = field(default_factory=lambda: defaultdict(list))

    def begin(self, name: str, value: float) -> None:
        """The value before any step."""
        self.bases[name] = self.levels[name] = value

    def move_to(self, name: str, start_s: float, last_s: float, value: float) -> None:
        """A step to `value` from wherever the steps so far lead."""
        by = value - self.levels[name]
        if by:
            self.steps[name].append(Step(start_s, last_s, by))
            self.levels[name] = value

    def move_by(self, name: str, start_s: float, last_s: float, by: float) -> None:
        """A step by `by` on top of whatever else moves."""
        self.move_to(name, start_s, last_s, self.levels[name] + by)

    def sway(self, name: str, sway: Sway) -> None:
        """An oscillation that goes on all the time."""
        self.sways[name].append(sway)

    def courses(self) -> Mapping[str, Course]:
        """What was written."""
        names = {*self.bases, *self.steps, *self.sways}
        return {
            name: Course(self.bases[name], tuple(self.steps[name]), tuple(self.sways[name]))
            for name in sorted(names)
        }
