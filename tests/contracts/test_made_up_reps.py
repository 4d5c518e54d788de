"""The repetitions that are planned are those that are found, where nothing errs."""

import pytest
from support_athletes import MOVEMENTS, performed

from labeler.catalog.loader import load_catalog
from labeler.reps.segment import find_reps
from labeler.signals.compute import compute_signals
from labeler.synthetic.athlete import draw_athlete
from labeler.synthetic.camera import AZIMUTHS_DEG, Camera, frame_times
from labeler.synthetic.noise import NoiseSpec, track

LIFTS = ("hinge", "deadlift", "kb_swing", "squat")
FRAME_S = 1.0 / 30.0


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("movement", MOVEMENTS)
def test_planned_repetitions_are_found(movement, seed):
    told = load_catalog().movement(movement)
    performance = performed(movement, athlete=draw_athlete(seed), n_reps=5, seed=seed)
    azimuth_deg = AZIMUTHS_DEG[told.best_view][0]
    camera = Camera(azimuth_deg, 3.75, 0.92, 0.0, 1500.0, (1920, 1080))
    times = frame_times(performance.duration_s, 30.0)
    seen = track(performance, camera, times, NoiseSpec.none(), 0)
    signals = compute_signals(seen, view=told.best_view, lowpass_hz=told.lowpass_hz)
    found = find_reps(signals, told).reps
    assert len(found) == 5
    if movement in LIFTS:  # the edges of a turn or a hold lie anywhere in a stay
        for rep, true in zip(found, performance.reps, strict=True):
            assert rep.start_s == pytest.approx(true.start_s, abs=2 * FRAME_S)
            assert rep.turn_s == pytest.approx(true.turn_s, abs=2 * FRAME_S)
            assert rep.stop_s == pytest.approx(true.stop_s, abs=2 * FRAME_S)
