"""The clock: exact sums of what the container says, and one policy for what it says wrong."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.video.timing import PROXY_TIME_BASE, PtsClock

MILLISECOND = Fraction(1, 1000)
FRAME_S = Fraction(1, 25)


def clock_fed(*pts):
    clock = PtsClock(MILLISECOND, FRAME_S)
    return clock, [clock.tick(value) for value in pts]


def test_times_start_at_zero_and_keep_the_offset():
    clock, ticks = clock_fed(2500, 2533, 2567)
    assert ticks == [0, 33 * MILLISECOND, 67 * MILLISECOND]
    assert clock.times().start_offset_s == 2.5
    assert (clock.n_dropped, clock.n_guessed, clock.n_frames) == (0, 0, 3)


def test_a_missing_time_is_one_nominal_frame_later():
    clock, ticks = clock_fed(None, None, 90)
    assert ticks == [0, FRAME_S, 90 * MILLISECOND]
    assert clock.n_guessed == 2


def test_a_missing_time_after_an_offset():
    clock, ticks = clock_fed(1000, None)
    assert ticks == [0, FRAME_S]
    assert clock.times().start_offset_s == 1.0


def test_a_frame_that_is_not_later_is_dropped():
    clock, ticks = clock_fed(0, 40, 40, 20, 80)
    assert ticks == [0, 40 * MILLISECOND, None, None, 80 * MILLISECOND]
    assert (clock.n_dropped, clock.n_frames) == (2, 3)


def test_no_frames_have_no_times():
    clock, _ = clock_fed()
    with pytest.raises(ValueError, match="non-empty"):
        clock.times()


@given(st.lists(st.one_of(st.none(), st.integers(-(10**6), 10**6)), min_size=1, max_size=40))
def test_whatever_comes_in_times_increase(pts):
    """And stay apart by what the proxy can tell apart."""
    clock, ticks = clock_fed(*pts)
    times = clock.times()
    assert times.pts_s[0] == 0.0
    assert np.all(np.diff(times.pts_s) > float(PROXY_TIME_BASE) * 0.99)
    assert len(pts) == clock.n_frames + clock.n_dropped == len(ticks)
