"""When to stop labelling: the gain of the last twenty answers."""

import math

import pytest

from labeler.learn.stopping import stop_advice


@pytest.mark.parametrize(
    ("before", "after", "is_enough"),
    [(0.70, 0.80, False), (0.70, 0.7101, False), (0.70, 0.709, True), (0.70, 0.60, True)],
    ids=["much", "just enough", "little", "less than before"],
)
def test_labelling_stops_where_twenty_answers_bring_less_than_a_hundredth(before, after, is_enough):
    """Measured between all labels and all but the last twenty."""
    advice = stop_advice([(60, after), (40, before), (20, 0.1)])
    assert advice.is_enough is is_enough
    assert advice.gain == pytest.approx(after - before)
    assert ("may stop" in advice.words) is is_enough
    assert f"{after - before:+.3f}" in advice.words


@pytest.mark.parametrize("points", [[], [(20, 0.7)], [(60, 0.8), (50, 0.7)], [(60, math.nan)]])
def test_too_few_answers_say_neither_stop_nor_go_on(points):
    """Nobody is told to stop because nothing could be measured."""
    advice = stop_advice(points)
    assert math.isnan(advice.gain)
    assert not advice.is_enough
    assert "Too early" in advice.words
