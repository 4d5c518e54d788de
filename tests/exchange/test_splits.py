"""Folds by athlete: nobody in two, the same whatever the order."""

from dataclasses import replace

import support_exports
from hypothesis import given
from hypothesis import strategies as st

from labeler.core.clip import ClipId, ClipTags
from labeler.core.origin import Origin
from labeler.core.rep import RepRecord, make_rep_id
from labeler.exchange.flat.splits import N_FOLDS, athlete_folds


def data_of(n_reps_by_athlete):
    """One clip per athlete, with so many repetitions."""
    clips, reps = [], []
    for number, (athlete, n_reps) in enumerate(n_reps_by_athlete):
        clip_id = ClipId(f"{number:064x}")
        clips.append(support_exports.clip(clip_id, ClipTags(athlete)))
        reps += [
            RepRecord(make_rep_id(clip_id, n), clip_id, n, support_exports.rep(0), "machine")
            for n in range(1, n_reps + 1)
        ]
    return clips, reps


def recorded(folds):
    """The folds as they are told of recorded athletes."""
    return {(Origin.RECORDED, name): fold for name, fold in folds.items()}


def test_the_largest_goes_first_and_each_fills_the_emptiest_fold():
    clips, reps = data_of([("A", 1), ("B", 9), ("C", 5), ("D", 5), ("E", 4), ("F", 2), ("G", 1)])
    wanted = {"A": 4, "B": 0, "C": 1, "D": 2, "E": 3, "F": 4, "G": 4}
    assert athlete_folds(clips, reps) == recorded(wanted)


def test_few_athletes_get_a_fold_each_and_nobody_none():
    assert athlete_folds(*data_of([("A", 3), ("B", 1)])) == recorded({"A": 0, "B": 1})
    assert athlete_folds(*data_of([])) == {}


def test_athletes_without_repetitions_are_spread_too():
    folds = athlete_folds(*data_of([(name, 0) for name in "ABCDE"]))
    assert sorted(folds.values()) == list(range(N_FOLDS))


def test_clips_of_nobody_are_in_no_fold():
    assert athlete_folds(*data_of([(None, 4), ("A", 1)])) == recorded({"A": 0})


@given(
    st.lists(st.tuples(st.sampled_from("ABCDEFGHIJ") | st.none(), st.integers(0, 4)), max_size=12),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_data_does_not_matter(wanted, random):
    clips, reps = data_of(wanted)
    folds = athlete_folds(clips, reps)
    random.shuffle(clips)
    random.shuffle(reps)
    assert athlete_folds(clips, reps) == folds
    assert set(folds) == set(recorded({name: 0 for name, _ in wanted if name is not None}))
    assert set(folds.values()) == set(range(min(N_FOLDS, len(folds))))


def test_a_second_session_stays_in_the_athletes_fold():
    clips, reps = data_of([("A", 2), ("B", 2)])
    again = replace(clips[0], clip_id=ClipId("f" * 64))
    assert athlete_folds([*clips, again], reps) == athlete_folds(clips, reps)


def test_made_up_athletes_are_shared_out_by_themselves():
    clips, reps = data_of([("A", 2), ("B", 2), ("A", 9), ("C", 1)])
    clips = [*clips[:2], *(replace(clip, is_synthetic=True) for clip in clips[2:])]
    made_up = {(Origin.SYNTHETIC, "A"): 0, (Origin.SYNTHETIC, "C"): 1}
    assert athlete_folds(clips, reps) == recorded({"A": 0, "B": 1}) | made_up
