"""Repetitions grouped into sets by the breaks between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.core.rep import Rep
from labeler.reps.sets import sets_of


def reps_at(*starts_s, duration_s=2.0):
    frames = [(round(10 * at), round(10 * (at + duration_s))) for at in starts_s]
    return [Rep(a, (a + b) // 2, b, a / 10, (a + b) / 20, b / 10) for a, b in frames]


@pytest.mark.parametrize(
    ("starts_s", "expected"),
    [
        ((), []),
        ((1.0,), [[0]]),
        ((0.0, 3.0, 6.0, 9.0), [[0, 1, 2, 3]]),
        ((0.0, 3.0, 6.0, 30.0, 33.0), [[0, 1, 2], [3, 4]]),
        ((0.0, 3.0, 12.4), [[0, 1, 2]]),
        ((0.0, 3.0, 12.7), [[0, 1], [2]]),
        ((0.0, 6.9), [[0, 1]]),
        ((0.0, 60.0), [[0], [1]]),
        ((0.0, 8.0, 16.0, 24.0), [[0, 1, 2, 3]]),
        ((30.0, 0.0, 3.0, 33.0), [[1, 2], [0, 3]]),
    ],
    ids=[
        "none",
        "one",
        "one set",
        "two sets",
        "a pause",
        "a break",
        "two together",
        "two apart",
        "singles with rests",
        "out of order",
    ],
)
def test_sets(starts_s, expected):
    """A break of more than two and a half periods begins a new set."""
    assert sets_of(reps_at(*starts_s)) == expected


@given(st.lists(st.integers(0, 400), min_size=1, max_size=20))
def test_every_repetition_is_in_one_set(gaps_ds):
    """Nothing is lost, and a slower clock does not change what belongs together."""
    starts_s = [sum(gaps_ds[: n + 1]) / 10 + 2.0 * n for n in range(len(gaps_ds))]
    reps = reps_at(*starts_s)
    sets = sets_of(reps)
    assert sorted(place for one in sets for place in one) == list(range(len(reps)))
    slower = [
        Rep(r.start_frame, r.turn_frame, r.stop_frame, 2 * r.start_s, 2 * r.turn_s, 2 * r.stop_s)
        for r in reps
    ]
    assert sets_of(slower) == sets
