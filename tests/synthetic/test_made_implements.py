"""What a made-up athlete lifts: a bar that lies near the floor has blocks, and they stay there."""

import numpy as np

from labeler.synthetic.athlete import draw_athlete
from labeler.synthetic.body import Figure, figure
from labeler.synthetic.implements import BLOCK_PLATES, implement_pieces
from labeler.synthetic.motion import RepPlan, SetPlan, perform


def figure_of(movement: str) -> Figure:
    performance = perform(SetPlan(movement, draw_athlete(3), (RepPlan(),), seed=3))
    times_s = np.linspace(0.0, performance.duration_s, 60)
    return figure(performance.athlete, performance.angles_at(times_s))


def test_blocks_carry_the_plates_of_a_bar_that_lies_and_stay_when_it_rises():
    body = figure_of("deadlift")
    (_bar, bar_rings, _), (block, block_rings, _) = implement_pieces(body)
    at_m = block_rings(body).origin_m[:, 0]
    assert np.ptp(bar_rings(body).origin_m[:, 0, 1]) > 0.3
    assert np.ptp(at_m, axis=0).max() == 0.0
    top_m = at_m[0, 1] + block.local_m[:, 1].max()
    bottom_m = at_m[0, 1] + block.local_m[:, 1].min()
    np.testing.assert_allclose(bottom_m, 0.0, atol=1e-9)
    np.testing.assert_allclose(top_m, body.implement.ends_m[0, 0, 1] - BLOCK_PLATES[0][0])


def test_a_bar_that_is_held_throughout_has_no_blocks():
    assert len(implement_pieces(figure_of("hinge"))) == 1
