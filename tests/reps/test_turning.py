"""Frames that people look for when they cut by hand."""

import numpy as np
import pytest
from support_bodies import steady_times
from support_signals import made_signals

from labeler.reps.turning import extreme_frames, furthest_frame

PERIOD = 60
N_CYCLES = 12


@pytest.fixture(params=[24.0, 25.0, 30000 / 1001, 50.0, 60000 / 1001])
def bowing(request):
    """Down and up again, every sixty frames, at a rate whose frame times are no round numbers."""
    times = steady_times((N_CYCLES * PERIOD + 1) / request.param, request.param)
    bend_deg = 40.0 * (1.0 - np.cos(2 * np.pi * np.arange(times.n_frames) / PERIOD))
    return made_signals(times, trunk_incl_deg=bend_deg, hip_angle_deg=180.0 - bend_deg)


def test_extremes_are_at_their_own_frames(bowing):
    furthest, nearest = extreme_frames(bowing, None)
    assert furthest == [PERIOD * n + PERIOD // 2 for n in range(N_CYCLES)]
    assert nearest == [PERIOD * n for n in range(1, N_CYCLES)]


def test_a_cut_turns_where_the_body_is_furthest(bowing):
    starts = range(PERIOD, (N_CYCLES - 1) * PERIOD, PERIOD)  # those at the clip's ends are filtered
    found = [furthest_frame(bowing, None, start, start + PERIOD) for start in starts]
    assert found == [start + PERIOD // 2 for start in starts]
