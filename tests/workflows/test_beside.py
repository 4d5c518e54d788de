"""What is shown beside a repetition: the right one, at the right moment."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support_datasets import N_REPS, TAGS, add_hinges, new_dataset

from labeler.workflows.beside import (
    SAME_TURN_S,
    Kind,
    beside,
    by_likeness,
    clock_shift_s,
)
from labeler.workflows.courses import CourseReader
from labeler.workflows.labeling import all_clear

TURNS_S = np.array([2.6, 4.7, 6.5, 8.2, 9.9, 11.6, 13.2, 14.9, 16.6, 18.3])
OTHER_TURNS_S = np.array([3.0, 5.3, 7.6, 10.2, 12.4, 14.7, 17.1, 19.6, 21.8, 24.2])
SET = replace(TAGS, session="S1")


@pytest.fixture
def dataset(tmp_path):
    with new_dataset(tmp_path) as opened:
        yield opened


def clear(dataset, clip, *numbers, rater="Ann"):
    for number in numbers:
        all_clear(dataset, clip, rep=str(number), rater=rater)


@given(st.floats(-60, 60), st.lists(st.floats(-0.02, 0.02), min_size=10, max_size=10))
def test_the_shift_of_two_clocks_is_found(shift_s, errors_s):
    found = clock_shift_s(TURNS_S, TURNS_S + shift_s + np.array(errors_s))
    assert found == pytest.approx(shift_s, abs=0.02)


@pytest.mark.parametrize("lost", [[0], [9], [3, 4]], ids=["first", "last", "two inside"])
def test_turns_that_one_camera_missed_do_no_harm(lost):
    assert clock_shift_s(TURNS_S, np.delete(TURNS_S, lost) + 1.5) == pytest.approx(1.5)
    assert clock_shift_s(np.delete(TURNS_S, lost), TURNS_S + 1.5) == pytest.approx(1.5)


def test_another_set_is_not_taken_for_another_camera():
    assert clock_shift_s(TURNS_S, OTHER_TURNS_S) is None


@pytest.mark.parametrize("n_turns", [0, 1, 2])
def test_a_few_turns_could_be_chance(n_turns):
    assert clock_shift_s(TURNS_S[:n_turns], TURNS_S[:n_turns]) is None
    assert clock_shift_s(TURNS_S[:n_turns], TURNS_S) is None


def test_the_best_is_good_another_one_and_turns_at_the_same_moment(dataset):
    clip = add_hinges(dataset)
    clear(dataset, clip, 2, 3)
    found = {one.rep_id: one for one in beside(dataset, clip, rater="Ann")}
    assert len(found) == N_REPS
    good = {f"{clip.short_id}-2", f"{clip.short_id}-3"}
    for rep_id, one in found.items():
        assert one.kind is Kind.BEST
        assert one.record.rep_id in good - {rep_id}
        assert one.other_s == one.record.rep.turn_s
    assert beside(dataset, clip, rater="Bob") == []
    assert len(beside(dataset, clip)) == N_REPS


def test_the_only_good_one_has_none_beside_it(dataset):
    clip = add_hinges(dataset)
    clear(dataset, clip, 2)
    assert f"{clip.short_id}-2" not in {one.rep_id for one in beside(dataset, clip)}


def test_the_odd_one_among_the_good_is_the_last_choice(dataset):
    even, odd = add_hinges(dataset), add_hinges(dataset, "odd.mp4", lag_s=0.25)
    clear(dataset, even, 1, 2, 3)
    clear(dataset, odd, 1)
    good = CourseReader(dataset).good(even, "Ann")
    assert by_likeness(good)[-1].clip_id == odd.clip_id
    unknown = replace(good[0], values=np.full_like(good[0].values, np.nan))
    assert by_likeness([unknown, *good[1:]])[-1] is unknown.record
    assert by_likeness([unknown, unknown])[0] is unknown.record
    assert by_likeness([]) == []


def test_another_camera_of_the_same_set_shows_the_same_moment(dataset):
    clip = add_hinges(dataset, tags=SET)
    twin = add_hinges(dataset, "two.mp4", tags=SET)
    add_hinges(dataset, "three.mp4", tags=replace(SET, session="S2"))
    found = beside(dataset, clip)
    assert {(one.kind, one.clip.clip_id) for one in found} == {(Kind.CAMERA, twin.clip_id)}
    assert len(found) == N_REPS
    for one in found:
        assert one.other_s == pytest.approx(one.this_s)
        assert abs(one.record.rep.turn_s - one.other_s) <= SAME_TURN_S


def test_without_a_session_no_camera_is_guessed(dataset):
    clip = add_hinges(dataset)
    add_hinges(dataset, "two.mp4")
    assert beside(dataset, clip) == []
