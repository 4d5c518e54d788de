"""Who of several people is the athlete: the one seen largest and longest, in whatever order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.exchange.foreign.people import NOBODY, body_sizes, follow_athlete, known_athlete

BODY = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 30.0]])
AWAY = np.array([500.0, 0.0])
N_FRAMES = 12


def two_people(order):
    """A large one who walks right and a small one far off; `order` says who is named first."""
    frames = []
    for frame, is_swapped in enumerate(order):
        people = [4 * BODY + [5.0 * frame, 0.0], BODY + AWAY]
        frames.append(people[::-1] if is_swapped else people)
    return np.array(frames)


@given(st.lists(st.booleans(), min_size=N_FRAMES, max_size=N_FRAMES))
def test_the_order_of_people_within_a_frame_does_not_matter(order):
    people = two_people(order)
    athlete = follow_athlete(people)
    assert athlete.places == tuple(int(is_swapped) for is_swapped in order)
    np.testing.assert_allclose(athlete.of(people)[:, 1, 0] - athlete.of(people)[:, 0, 0], 40.0)
    assert athlete.is_crowded


def test_an_athlete_who_is_lost_for_a_moment_is_missing_then_and_the_same_after():
    people = two_people([False] * N_FRAMES)
    people[4:6, 0] = np.nan
    athlete = follow_athlete(people)
    assert athlete.places == (0,) * 4 + (NOBODY,) * 2 + (0,) * 6
    assert np.isnan(athlete.of(people)[4:6]).all()


def test_a_passer_by_for_a_moment_is_no_crowd():
    people = two_people([False] * N_FRAMES)
    people[1:, 1] = np.nan
    assert not follow_athlete(people).is_crowded


def test_nobody_is_nobody():
    people = np.full((3, 2, 4, 2), np.nan)
    assert follow_athlete(people).places == (NOBODY,) * 3
    assert not follow_athlete(people).is_crowded
    assert np.isnan(follow_athlete(people).of(people)).all()


def test_one_known_point_is_still_somebody():
    people = np.full((2, 1, 3, 2), np.nan)
    people[:, 0, 1] = 7.0
    assert follow_athlete(people).places == (0, 0)


def test_people_that_the_file_tells_apart_keep_their_place():
    people = two_people([False] * N_FRAMES)
    people[5, 0] = np.nan
    athlete = known_athlete(people)
    assert athlete.places == (0,) * N_FRAMES
    assert athlete.is_crowded
    assert not known_athlete(people[:, :1]).is_crowded


@pytest.mark.parametrize("known", [0, 1])
def test_a_body_of_less_than_two_points_has_no_size(known):
    points = np.full((3, 2), np.nan)
    points[:known] = 5.0
    assert body_sizes(points) == 0.0
    assert body_sizes(BODY) == pytest.approx(np.hypot(10, 30))
