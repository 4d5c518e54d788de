"""The standard error of each lag is the scatter that noise makes of it."""

import math

import numpy as np
import pytest

from labeler.catalog.spec import RepKind
from labeler.core.rep import Rep
from labeler.features import sequencing
from labeler.features.rep_signals import (
    HIP,
    HIP_COURSE,
    TORSO,
    TORSO_COURSE,
    RepSignals,
    into_effort,
    progress,
)
from labeler.signals.lowpass import lowpass

ROM_DEG = 60.0
N_REPS = 150
PAD_S = 1.0
COURSES = (HIP_COURSE, TORSO_COURSE)
CHANNELS = {HIP: "thigh_incl_deg", TORSO: "trunk_incl_deg"}


def minimum_jerk(share):
    x = np.clip(share, 0.0, 1.0)
    return x**3 * (10.0 - 15.0 * x + 6.0 * x**2)


class Trial:
    """There and back with the torso 30 ms late, seen again and again with other noise."""

    def __init__(
        self,
        *,
        down_s,
        fps,
        lowpass_hz,
        rest_s=0.3,
        held_s=0.3,
        noise_deg=1.0,
        kind=RepKind.CYCLIC,
        seed=5,
    ):
        self.kind = kind
        self.down_s, self.rest_s, self.held_s = down_s, rest_s, held_s
        self.fps, self.lowpass_hz, self.noise_deg = fps, lowpass_hz, noise_deg
        self.rng = np.random.default_rng(seed)
        self.end_s = 2 * (down_s + rest_s) + held_s
        n_frames = round((self.end_s + 2 * PAD_S) * fps)
        self.times_s = np.arange(n_frames) / fps - PAD_S
        kept = min(lowpass_hz / fps, 0.4) * 2.0
        self.left_deg = noise_deg * math.sqrt(kept)

    def course(self, late_s):
        t = self.times_s - self.rest_s - late_s
        return ROM_DEG * (
            minimum_jerk(t / self.down_s)
            - minimum_jerk((t - self.down_s - self.held_s) / self.down_s)
        )

    def rep(self, *, is_noisy=True):
        inside = (self.times_s >= 0) & (self.times_s < self.end_s)
        times_s = self.times_s[inside]
        values = {}
        for name, late_s in ((HIP, 0.0), (TORSO, 0.03)):
            noise = self.rng.normal(0.0, self.noise_deg * is_noisy, len(self.times_s))
            seen = lowpass(self.course(late_s) + noise, self.times_s, self.lowpass_hz)
            values[CHANNELS[name]] = seen[inside]
        values["shoulder_height_legs"] = -values[CHANNELS[HIP]]
        turn = int(np.searchsorted(times_s, self.rest_s + self.down_s + self.held_s / 2))
        rep = RepSignals(
            rep=Rep(0, turn, len(times_s), 0.0, times_s[turn], self.end_s),
            values=values,
            times_s=times_s,
            turn=turn,
            visibility=np.ones(len(times_s)),
            is_interpolated=np.zeros(len(times_s), bool),
            fps=self.fps,
            progress_se={
                **dict.fromkeys(CHANNELS, self.left_deg / ROM_DEG),
                **dict.fromkeys(COURSES, self.left_deg),
            },
            kind=self.kind,
            channels=tuple(CHANNELS.values()),
            lowpass_hz=self.lowpass_hz,
        )
        for name, channel in CHANNELS.items():
            values[name] = progress(rep, channel)
        for name, channel in zip(COURSES, CHANNELS.values(), strict=True):
            values[name] = into_effort(rep, channel)
        return rep


SLOW = {"down_s": 1.2, "fps": 30.0, "lowpass_hz": 4.0}
QUICK = {
    "down_s": 0.4,
    "fps": 60.0,
    "lowpass_hz": 6.0,
    "rest_s": 0.02,
    "held_s": 0.1,
    "noise_deg": 0.3,
}
THROW = {
    "down_s": 0.22,
    "fps": 240.0,
    "lowpass_hz": 10.0,
    "rest_s": 0.02,
    "held_s": 0.06,
    "noise_deg": 0.3,
    "kind": RepKind.ALTERNATING,
}
ALWAYS = ("t20", "t50", "t80", "area", "centroid", "xcorr", "comb", "changepoint")
CASES = [
    *((name, SLOW) for name in ALWAYS),
    *((name, QUICK) for name in (*ALWAYS, "onset5", "onset10")),
    *((name, THROW) for name in (*ALWAYS, "onset5", "onset10", "peak")),
]
_SEEN = {}


def reps_of(trial):
    """The same noisy reps for every lag: making them takes longer than measuring them."""
    key = tuple(trial.items())
    if key not in _SEEN:
        made = Trial(**trial)
        _SEEN[key] = [made.rep() for _ in range(N_REPS)]
    return _SEEN[key]


@pytest.mark.parametrize(
    ("name", "trial"), CASES, ids=[f"{name}, {trial['down_s']} s" for name, trial in CASES]
)
def test_the_error_told_is_the_scatter_found(name, trial):
    reps = reps_of(trial)
    found_ms = np.array([sequencing.lag_ms(rep, f"lag_{name}") for rep in reps])
    told_ms = np.array([sequencing.lag_se_ms(rep, f"lag_{name}") for rep in reps])
    assert np.isfinite(found_ms).all()
    assert np.isfinite(told_ms).all()
    assert np.median(told_ms) == pytest.approx(np.std(found_ms), rel=0.3)
    if name != "changepoint":  # a course that starts gently has no bend: only its scatter is told
        assert np.mean(found_ms) == pytest.approx(30.0, abs=max(1.0, 0.35 * np.std(found_ms)))
