"""Arms held out, and presses out and back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support_bodies import cycles, minimum_jerk, steady_times, uneven_times
from support_signals import reaching

from labeler.catalog import load_catalog
from labeler.reps.segment import find_reps

ANTIROT = load_catalog().movements["antirot"]


def held(t, start_s, stop_s, *, chest=0.3, out=1.0):
    """Arms from the chest out to a hold and back, a second each way."""
    way = minimum_jerk(t - start_s + 1.0) - minimum_jerk(t - stop_s)
    return chest + (out - chest) * way


@pytest.mark.parametrize("fps", [30.0, 240.0])
def test_a_hold_is_cut_where_the_arms_are_still(fps):
    """Ten seconds pressed out: one stretch, without the ways out and back."""
    times = steady_times(15.0, fps)
    found = find_reps(reaching(times, held(times.pts_s, 2.5, 12.5)), ANTIROT)
    (rep,) = found.reps
    assert rep.start_s == pytest.approx(2.44, abs=0.03)  # slower than 5 % of the press
    assert rep.stop_s == pytest.approx(12.56, abs=0.03)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([30.0, 60.0]))
def test_holds_in_a_noisy_reach(seed, fps):
    """Two holds seen from the front, where the reach is depth: nothing between them is a press."""
    times = steady_times(24.0, fps)
    reach = held(times.pts_s, 2.5, 9.0) + held(times.pts_s, 14.0, 21.0, chest=0.0, out=0.7)
    rng = np.random.default_rng(seed)
    noise = 0.03 * rng.standard_normal(times.n_frames)
    found = find_reps(reaching(times, reach + noise), ANTIROT).reps
    edges_s = [(rep.start_s, rep.stop_s) for rep in found]
    assert edges_s == pytest.approx(np.array([(2.44, 9.06), (13.94, 21.06)]), abs=0.4)


def test_a_hold_between_two_gives_has_no_press_of_its_own():
    """Arms that come in by a third for a second: three holds, cut where they are kept."""
    times = steady_times(24.0, 30.0)
    t = times.pts_s
    give = sum(minimum_jerk((t - at) / 0.4) - minimum_jerk((t - at - 1.0) / 0.4) for at in (8, 15))
    found = find_reps(reaching(times, held(t, 2.0, 22.0) - 0.2 * give), ANTIROT).reps
    assert len(found) == 3
    assert found[1].start_s == pytest.approx(9.2, abs=0.2)
    assert found[1].stop_s == pytest.approx(15.2, abs=0.2)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.floats(0.002, 0.02))
def test_a_trembling_hold_that_fills_the_clip(seed, noise):
    """A clip cut to the hold alone is one hold: its own noise is no press."""
    times = uneven_times(8.0, 30.0, seed=seed)
    reach = 0.9 + np.random.default_rng(seed).normal(0.0, noise, times.n_frames)
    (rep,) = find_reps(reaching(times, reach), ANTIROT).reps
    assert rep.duration_s > 7.0


def test_a_hold_that_gives_for_a_moment_goes_on():
    """The arms come in by a tenth and out again: still one hold; by half: two."""
    times = steady_times(14.0, 30.0)
    t = times.pts_s
    flick = minimum_jerk((t - 7.0) / 0.2) - minimum_jerk((t - 7.25) / 0.2)
    hold = held(t, 2.0, 12.0)
    assert len(find_reps(reaching(times, hold - 0.04 * flick), ANTIROT).reps) == 1
    assert len(find_reps(reaching(times, hold - 0.5 * flick), ANTIROT).reps) == 2


def test_presses_are_counted_from_the_chest():
    """Five presses out and back; each turns while the arms are out."""
    times = steady_times(20.0, 30.0)
    reach = 0.3 + 0.7 * cycles(times.pts_s, n_reps=5, hold_s=0.8, rest_s=0.5)
    found = find_reps(reaching(times, reach), ANTIROT)
    period_s = 3.3
    assert len(found.reps) == 5
    for number, rep in enumerate(found.reps):
        assert rep.start_s == pytest.approx(1.0 + number * period_s, abs=0.2)
        assert rep.turn_s == pytest.approx(2.4 + number * period_s, abs=0.3)
        assert rep.stop_s == pytest.approx(3.8 + number * period_s, abs=0.2)


def test_presses_and_a_hold_in_one_clip():
    """Three presses and then a hold of six seconds: four repetitions in time."""
    times = steady_times(25.0, 30.0)
    reach = 0.7 * cycles(times.pts_s, n_reps=3, hold_s=0.5, rest_s=0.5)
    found = find_reps(reaching(times, reach + held(times.pts_s, 14.0, 20.0)), ANTIROT)
    assert len(found.reps) == 4
    assert found.reps[-1].duration_s == pytest.approx(6.0, abs=0.8)
    assert all(
        a.stop_frame <= b.start_frame for a, b in zip(found.reps, found.reps[1:], strict=False)
    )


def test_a_hold_that_is_too_short_is_turned_down_in_words():
    """Arms that give for a second after six, and are out for two more: these are too few."""
    times = steady_times(16.0, 30.0)
    t = times.pts_s
    give = minimum_jerk((t - 8.0) / 0.4) - minimum_jerk((t - 9.0) / 0.4)
    found = find_reps(reaching(times, held(t, 2.0, 11.4) - 0.2 * give), ANTIROT)
    assert [rep.duration_s for rep in found.reps] == pytest.approx([6.2], abs=0.3)
    (short,) = found.rejected
    assert short.reason.endswith(" s, less than 3")
    assert short.rep.duration_s == pytest.approx(2.2, abs=0.3)
    assert f"{short.rep.duration_s:.1f}" in short.reason


def test_a_press_that_runs_into_a_hold_is_turned_down_in_words():
    """Arms that go out further for a second after six held: the further reach is no press."""
    times = steady_times(16.0, 30.0)
    t = times.pts_s
    further = minimum_jerk((t - 8.5) / 0.4) - minimum_jerk((t - 9.9) / 0.4)
    found = find_reps(reaching(times, held(t, 2.5, 10.3, out=0.8) + 0.3 * further), ANTIROT)
    assert [rep.duration_s for rep in found.reps] == pytest.approx([6.1], abs=0.3)
    assert [one.reason for one in found.rejected] == ["a press that runs into a hold"]


def test_what_is_too_small_beside_a_hold_is_turned_down_in_words():
    """A quarter of a press after a hold of six seconds."""
    times = steady_times(20.0, 30.0)
    t = times.pts_s
    twitch = 0.2 * (minimum_jerk((t - 13.0) / 0.5) - minimum_jerk((t - 14.0) / 0.5))
    found = find_reps(reaching(times, held(t, 2.5, 8.5) + twitch), ANTIROT)
    assert len(found.reps) == 1
    (small,) = found.rejected
    assert small.reason.startswith("too small for a press beside a hold")
    assert small.rep.turn_s == pytest.approx(13.75, abs=0.3)


@pytest.mark.parametrize(
    ("reach", "words"),
    [
        (np.full(150, np.nan), "the wrists are not seen"),
        (np.full(150, 0.3), "the arms are not pressed out"),
    ],
    ids=["not seen", "at the chest"],
)
def test_no_hold(reach, words):
    """Nothing to cut: no repetition, and the reason."""
    found = find_reps(reaching(steady_times(5.0, 30.0), reach), ANTIROT)
    assert found.reps == ()
    assert words in found.findings[0].message


def test_a_hold_that_is_not_seen_is_turned_down():
    """Arms out, but the body lost in half of it: the reason is said."""
    times = steady_times(10.0, 30.0)
    signals = reaching(times, np.full(300, 0.9))
    lost = np.where(times.pts_s < 5.0, np.nan, 0.0)
    found = find_reps(reaching(times, np.full(300, 0.9)), ANTIROT)
    assert len(found.reps) == 1
    signals.values["thorax_axial_deg"] = lost
    found = find_reps(signals, ANTIROT)
    assert found.reps == ()
    assert "the body is not seen" in found.rejected[0].reason
    assert [finding.code for finding in found.findings] == ["no_reps"]
