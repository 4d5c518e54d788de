"""Smoothness of courses whose numbers are known, and what must not change them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from labeler.core.rep import Rep
from labeler.features.rep_signals import HIP, TORSO, RepSignals
from labeler.features.smoothness import MIN_SPARC_AMPLITUDE, ldlj_of, sparc, sparc_of


def minimum_jerk(share):
    x = np.clip(share, 0.0, 1.0)
    return x**3 * (10.0 - 15.0 * x + 6.0 * x**2)


def rep_of(times_s, share):
    n = len(times_s)
    rep = Rep(0, n - 1, n, times_s[0], times_s[-1], times_s[-1] + 0.01)
    values = {HIP: share, TORSO: share}
    seen = np.ones(n)
    return RepSignals(rep, values, times_s, n - 1, seen, np.zeros(n, bool), fps=100.0)


def way(duration_s=1.0, fps=100.0):
    times_s = np.arange(round(duration_s * fps) + 1) / fps
    return times_s, minimum_jerk(times_s / duration_s)


def test_the_jerk_of_the_smoothest_way():
    """The integral of the squared jerk of x^3 (10 - 15 x + 6 x^2) over 0 to 1 is 720."""
    assert ldlj_of(rep_of(*way(fps=1000.0)), HIP) == pytest.approx(-math.log(720.0), abs=0.02)
    assert ldlj_of(rep_of(*way()), TORSO) == pytest.approx(-math.log(720.0), abs=0.05)


def test_the_arc_length_of_a_bell():
    """The spectrum of a Gaussian is a Gaussian: its curve down to the threshold is an integral."""
    width = 2.0 * math.log(1.0 / MIN_SPARC_AMPLITUDE)  # (end of the spectrum x width)^2
    length, _ = quad(lambda u: math.hypot(1.0, width * u * math.exp(-width * u * u / 2)), 0.0, 1.0)
    step_s = 0.005
    t = np.arange(-1.0, 1.0, step_s)
    for width_s in (0.08, 0.15):
        found = sparc(np.exp(-0.5 * (t / width_s) ** 2), step_s)
        assert found == pytest.approx(-length, abs=0.01)


@given(
    duration_s=st.floats(0.5, 4.0),
    amplitude=st.floats(0.2, 90.0),
    offset=st.floats(-90.0, 90.0),
)
def test_neither_amplitude_nor_duration_counts(duration_s, amplitude, offset):
    times_s, share = way(duration_s, 100.0)
    for told, off in ((sparc_of, 0.02), (ldlj_of, 0.15)):
        usual = told(rep_of(*way(2.0)), HIP)
        assert told(rep_of(times_s, offset + amplitude * share), HIP) == pytest.approx(
            usual, abs=off
        )


def test_uneven_frames_change_little():
    rng = np.random.default_rng(1)
    times_s, _ = way(1.5, 60.0)
    times_s[1:-1] += rng.uniform(-0.2, 0.2, len(times_s) - 2) / 60.0
    uneven = rep_of(times_s, minimum_jerk(times_s / 1.5))
    assert ldlj_of(uneven, HIP) == pytest.approx(-math.log(720.0), abs=0.05)
    assert sparc_of(uneven, HIP) == pytest.approx(sparc_of(rep_of(*way()), HIP), abs=0.02)


def test_a_stop_on_the_way_is_less_smooth():
    times_s, _ = way(2.0)
    halting = (minimum_jerk(times_s) + minimum_jerk(times_s - 1.0)) / 2.0
    for told in (sparc_of, ldlj_of):
        assert told(rep_of(times_s, halting), HIP) < told(rep_of(*way(2.0)), HIP) - 0.1


@pytest.mark.parametrize(
    "share",
    [np.full(60, np.nan), np.zeros(60), np.zeros(5), np.r_[np.zeros(30), np.nan, np.ones(29)]],
    ids=["unknown", "still", "too short", "a gap"],
)
def test_what_does_not_move_or_is_unknown_has_no_smoothness(share):
    rep = rep_of(np.arange(len(share)) / 30.0, share)
    assert math.isnan(sparc_of(rep, HIP))
    assert math.isnan(ldlj_of(rep, TORSO))


def test_a_steady_speed_has_no_jerk_and_coming_back_no_spectrum():
    times_s = np.arange(60) / 30.0
    assert math.isnan(ldlj_of(rep_of(times_s, np.zeros(60) + (times_s > 5)), HIP))
    assert math.isnan(sparc(np.zeros(60), 0.03))
