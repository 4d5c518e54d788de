"""The repetitions that are planned are those that are found, where nothing errs."""

from dataclasses import replace

import pytest
from support_athletes import MOVEMENTS, performed

from labeler.catalog.loader import load_catalog
from labeler.core.clip import View
from labeler.reps.segment import find_reps
from labeler.signals.compute import compute_signals
from labeler.synthetic.athlete import draw_athlete
from labeler.synthetic.camera import AZIMUTHS_DEG, Camera, frame_times
from labeler.synthetic.faults import makeable
from labeler.synthetic.motion import perform
from labeler.synthetic.noise import NoiseSpec, track
from labeler.synthetic.plan import RepPlan, SetPlan

LIFTS = ("hinge", "deadlift", "kb_swing", "squat")
FRAME_S = 1.0 / 30.0
SEVERE = [(movement, fault) for movement in MOVEMENTS for fault in makeable(movement)]


SETS = {
    "fetched": {"has_set_up": True},
    "walked in": {"has_walk_in": True},
    "walked in and fetched": {"has_set_up": True, "has_walk_in": True},
}


def seen(performance, view):
    """Its exact track, through the product's own signals."""
    told = load_catalog().movement(performance.plan.movement)
    camera = Camera(AZIMUTHS_DEG[view][0], 3.75, 0.92, 0.0, 1500.0, (1920, 1080))
    times = frame_times(performance.duration_s, 30.0)
    exact = track(performance, camera, times, NoiseSpec.none(), 0)
    return exact, told, compute_signals(exact, view=view, lowpass_hz=told.lowpass_hz)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("movement", MOVEMENTS)
def test_planned_repetitions_are_found(movement, seed):
    told = load_catalog().movement(movement)
    performance = performed(movement, athlete=draw_athlete(seed), n_reps=5, seed=seed)
    _exact, _told, signals = seen(performance, told.best_view)
    found = find_reps(signals, told).reps
    assert len(found) == 5
    if movement in LIFTS:  # the edges of a turn or a hold lie anywhere in a stay
        for rep, true in zip(found, performance.reps, strict=True):
            assert rep.start_s == pytest.approx(true.start_s, abs=2 * FRAME_S)
            assert rep.turn_s == pytest.approx(true.turn_s, abs=2 * FRAME_S)
            assert rep.stop_s == pytest.approx(true.stop_s, abs=2 * FRAME_S)


def turns_found_s(found, performance):
    """Every planned turn has a repetition near it, and there is no other."""
    assert [rep.turn_s for rep in found] == pytest.approx(
        [rep.turn_s for rep in performance.reps], abs=0.6
    )


@pytest.mark.parametrize("before", SETS.values(), ids=SETS)
@pytest.mark.parametrize("n_reps", [1, 2, 5])
@pytest.mark.parametrize("movement", MOVEMENTS)
def test_what_comes_before_a_set_is_no_repetition(movement, n_reps, before):
    """Picking the load up, walking in, turning to the first side, before one or before many.

    Before one alone a pick-up may stay: hands that go deeper in one of two tell of neither.
    """
    for seed in (4, 5):
        performance = performed(
            movement, athlete=draw_athlete(seed), n_reps=n_reps, seed=seed, **before
        )
        told = load_catalog().movement(movement)
        found = find_reps(seen(performance, told.best_view)[2], told).reps
        turns_found_s(found[-1:] if n_reps == 1 and "has_set_up" in before else found, performance)


@pytest.mark.parametrize("place", [0, -1], ids=["first", "last"])
@pytest.mark.parametrize(("movement", "fault"), SEVERE)
def test_the_worst_repetition_of_a_set_stays(movement, fault, place):
    """Every fault at its severest, at an edge of a set of four behind a pick-up and a walk."""
    reps = [RepPlan() for _ in range(4)]
    reps[place] = RepPlan({fault: 3})
    plan = SetPlan(movement, draw_athlete(6), tuple(reps), 6, has_walk_in=True)
    performance = perform(plan)
    told = load_catalog().movement(movement)
    turns_found_s(find_reps(seen(performance, told.best_view)[2], told).reps, performance)


@pytest.mark.parametrize("view", [View.SIDE, View.OBLIQUE])
@pytest.mark.parametrize("n_reps", [2, 5])
@pytest.mark.parametrize("movement", ["squat", "kb_swing"])
def test_putting_the_load_back_is_no_repetition(movement, n_reps, view):
    """The same set backwards: the pick-up before it is a set-down after it."""
    performance = performed(movement, n_reps=n_reps, has_set_up=True)
    exact, told, _signals = seen(performance, view)
    backwards = replace(
        exact,
        xy_px=exact.xy_px[::-1].copy(),
        visibility=exact.visibility[::-1].copy(),
        world_m=exact.world_m[::-1].copy(),
    )
    signals = compute_signals(backwards, view=view, lowpass_hz=told.lowpass_hz)
    found = find_reps(signals, told)
    assert len(found.reps) == n_reps
    (fetched,) = found.rejected
    assert fetched.rep.start_s > found.reps[-1].stop_s
    assert "a load" in fetched.reason
