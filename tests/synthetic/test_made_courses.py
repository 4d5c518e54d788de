import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.synthetic.courses import (
    ONSET_RATIO,
    Course,
    Score,
    Step,
    Sway,
    min_jerk,
    min_jerk_time,
)


def test_a_step_starts_and_ends_at_rest_half_way_in_half_the_time():
    assert min_jerk(np.array([-1.0, 0.0, 0.5, 1.0, 2.0])) == pytest.approx([0, 0, 0.5, 1, 1])


def test_onset_is_where_the_step_has_a_twentieth_of_its_speed():
    u = np.linspace(0.0, 1.0, 20001)
    speed = np.gradient(min_jerk(u), u)
    found = u[np.argmax(speed >= 0.05 * speed.max())]
    assert found == pytest.approx(ONSET_RATIO, abs=2e-3)


@given(st.floats(0.0, 1.0))
def test_the_time_of_a_way_is_its_inverse(way):
    assert float(min_jerk(np.array([min_jerk_time(way)]))[0]) == pytest.approx(way, abs=1e-5)


def test_steps_add_up_and_stay():
    course = Course(1.0, (Step(1.0, 2.0, 3.0), Step(2.0, 1.0, -1.0)))
    assert course.at(np.array([0.0, 1.0, 3.0, 9.0])) == pytest.approx([1.0, 1.0, 3.0, 3.0])


def test_the_value_at_a_time_does_not_depend_on_the_other_times():
    course = Course(0.5, (Step(0.2, 0.7, 2.0), Step(0.6, 1.1, -3.0)), (Sway(0.1, 2.0, 0.3),))
    times_s = np.linspace(0.0, 2.0, 41)
    alone = [float(course.at(times_s[k : k + 1])[0]) for k in range(len(times_s))]
    assert course.at(times_s) == pytest.approx(alone)


def test_a_score_goes_on_from_where_it_was():
    score = Score()
    score.begin("lean", 2.0)
    score.move_to("lean", 1.0, 1.0, 5.0)
    score.move_by("lean", 2.0, 1.0, -1.0)
    score.move_to("lean", 9.0, 1.0, 4.0)  # it is there already
    course = score.courses()["lean"]
    assert len(course.steps) == 2
    assert course.at(np.array([0.0, 2.0, 3.0])) == pytest.approx([2.0, 5.0, 4.0])
