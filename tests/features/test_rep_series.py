"""Courses on the clock of a repetition: known answers, what is hidden, what was not seen."""

from dataclasses import replace

import numpy as np
import pytest
import support_bodies as bodies
from hypothesis import given
from hypothesis import strategies as st
from support_reps import clip_of, records_of

from labeler.catalog import load_catalog
from labeler.core.clip import View
from labeler.core.errors import ShapeError
from labeler.core.rep import Rep, RepQuality
from labeler.features.series import (
    CHANNELS,
    N_POINTS,
    N_STEPS_PER_PHASE,
    RepSeries,
    clock_s,
    joined,
    no_series,
    read_at,
    rep_series,
)
from labeler.reps.segment import find_reps
from labeler.signals.compute import compute_signals

HINGE = load_catalog().movement("hinge")
REP = Rep(0, 30, 90, 0.0, 1.0, 3.0)


def test_the_turn_is_in_the_middle_whatever_time_it_took():
    at_s = clock_s(REP)
    assert at_s.shape == (N_POINTS,)
    assert (at_s[0], at_s[N_STEPS_PER_PHASE], at_s[-1]) == (0.0, 1.0, 3.0)
    assert at_s[25] == pytest.approx(0.5)
    assert at_s[75] == pytest.approx(2.0)


def test_a_hold_is_read_evenly():
    assert clock_s(REP, is_hold=True) == pytest.approx(np.linspace(0, 3, N_POINTS))


@given(st.floats(0.2, 5.0))
def test_the_tempo_changes_nothing_of_a_course(stretch):
    """The same course at another speed, even if only one phase is slower."""

    def course(down_s: float, up_s: float) -> np.ndarray:
        times_s = np.linspace(0.0, down_s + up_s, 400)
        bend = np.where(times_s < down_s, times_s / down_s, 1 - (times_s - down_s) / up_s)
        rep = Rep(0, 1, 400, 0.0, down_s, down_s + up_s)
        return read_at(bend[np.newaxis], times_s, clock_s(rep))

    assert course(1.0, 2.0) == pytest.approx(course(stretch, 2.0), abs=0.02)


def test_values_between_two_frames_lie_on_a_line_and_gaps_stay():
    values = np.array([[0.0, 1.0, np.nan, 3.0, 4.0]])
    read = read_at(values, np.arange(5.0), np.array([0.0, 0.5, 1.0, 1.5, 3.0, 3.25, 9.0]))
    assert read[0] == pytest.approx([0, 0.5, 1, np.nan, 3, 3.25, 4], nan_ok=True)


@pytest.fixture(scope="module")
def hinges():
    """Signals, repetitions, clip and movement of a made-up hinge from the side."""
    times = bodies.steady_times(14.0, 30.0)
    bent = bodies.cycles(times.pts_s, n_reps=3)
    track = bodies.side_body(times, trunk_deg=60.0 * bent, thigh_deg=30.0 * bent)
    signals = compute_signals(track, view=View.SIDE, lowpass_hz=HINGE.lowpass_hz)
    records = records_of(find_reps(signals, HINGE).reps)
    return signals, records, clip_of("hinge", View.SIDE), HINGE


def test_rows_follow_the_repetitions_and_channels_the_registry(hinges):
    signals, records, clip, movement = hinges
    found = rep_series(signals, records, clip=clip, movement=movement)
    assert found.names == CHANNELS
    assert found.values.shape == (len(records), len(CHANNELS), N_POINTS)
    trunk = found.channels(["trunk_incl_deg"])[0, 0]
    rep = records[0].rep
    assert trunk[N_STEPS_PER_PHASE] == pytest.approx(
        np.interp(rep.turn_s, signals.times.pts_s, signals["trunk_incl_deg"]), abs=0.01
    )


def test_what_the_view_cannot_show_is_nan(hinges):
    signals, records, clip, movement = hinges
    front = replace(clip, tags=replace(clip.tags, view=View.FRONT))
    found = rep_series(signals, records, clip=front, movement=movement)
    assert np.isnan(found.channels(["trunk_incl_deg"])).all()
    assert np.isfinite(rep_series(signals, records, clip=clip, movement=None).values).any()


def test_a_rep_of_bad_quality_is_nan(hinges):
    signals, records, clip, movement = hinges
    bad = replace(records[0], rep=replace(records[0].rep, quality=RepQuality.BAD))
    found = rep_series(signals, [bad, records[1]], clip=clip, movement=movement)
    assert np.isnan(found.values[0]).all()
    assert np.isfinite(found.values[1]).any()


def test_a_hold_has_one_phase(hinges):
    """Read evenly, its middle is the middle of its time and not its turn."""
    signals, records, clip, _ = hinges
    hold = load_catalog().movement("antirot")
    found = rep_series(signals, records[:1], clip=clip, movement=hold)
    rep = records[0].rep
    middle = np.interp(
        (rep.start_s + rep.stop_s) / 2, signals.times.pts_s, signals["hip_angle_deg"]
    )
    assert found.channels(["hip_angle_deg"])[0, 0, N_STEPS_PER_PHASE] == pytest.approx(
        middle, abs=0.01
    )


def test_no_repetitions_are_no_rows(hinges):
    signals, _, clip, movement = hinges
    assert len(rep_series(signals, [], clip=clip, movement=movement)) == 0
    assert (len(no_series()), no_series().names) == (0, CHANNELS)


def test_parts_are_joined_by_the_names_of_their_channels():
    one = RepSeries(("a", "b"), np.ones((1, 2, N_POINTS), dtype=np.float32))
    two = RepSeries(("b", "c"), np.full((2, 2, N_POINTS), 2.0, dtype=np.float32))
    both = joined([one, two])
    assert both.names == ("a", "b", "c")
    assert both.values[:, :, 0] == pytest.approx(
        np.array([[1, 1, np.nan], [np.nan, 2, 2], [np.nan, 2, 2]]), nan_ok=True
    )
    assert len(joined([])) == 0


def test_channels_are_picked_by_name_and_missing_ones_are_nan():
    one = RepSeries(("a", "b"), np.arange(2 * N_POINTS, dtype=np.float32).reshape(1, 2, N_POINTS))
    picked = one.channels(("b", "x"))
    assert (picked[0, 0] == one.values[0, 1]).all()
    assert np.isnan(picked[0, 1]).all()
    assert one.channels(()).shape == (1, 0, N_POINTS)
    assert len(one.take(np.array([False]))) == 0


def test_another_shape_is_refused():
    with pytest.raises(ShapeError, match="series: expected shape"):
        RepSeries(("a",), np.zeros((2, 2, N_POINTS), dtype=np.float32))
