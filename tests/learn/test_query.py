"""What to label next: known answers, the share of the lot, and what must not matter."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.learn.query import (
    LOT_RATIO,
    MAX_SET_REPS,
    MIN_SET_REPS,
    OPEN_S,
    REP_S,
    Because,
    Pool,
    disagreement,
    draw,
    entropy_bits,
    rarity,
    set_apart,
    similarity,
    standardised,
    uncertainty,
)

SEED = 7


def pool_of(
    n_athletes=8, n_sets=4, n_reps=6, *, labelled=(), views=("side", "45"), spread=1.0
) -> Pool:
    """Made-up repetitions: each athlete has sets, each set repetitions that are alike."""
    rng = np.random.default_rng(1)
    rows, traits, sets = [], [], []
    for athlete in range(n_athletes):
        for number in range(n_sets):
            middle = rng.normal(size=5)
            for _ in range(n_reps):
                rows.append(middle + spread * rng.normal(size=5))
                traits.append((f"A{athlete}", views[number % len(views)], "squat"))
                sets.append(f"s{athlete}-{number}")
    index = pd.Index([f"r{n}" for n in range(len(rows))], name="rep_id")
    is_labelled = np.isin(sets, list(labelled))
    return Pool(
        pd.DataFrame(np.array(rows), index=index),
        pd.DataFrame(traits, index=index, columns=["athlete", "view", "movement"]),
        sets,
        is_labelled,
        ~is_labelled,
    )


def started(**more) -> Pool:
    """The same with enough labels to ask a model: the first set of each athlete."""
    return pool_of(labelled={f"s{n}-0" for n in range(8)}, **more)


# --------------------------------------------------------------------------- what is not known


@pytest.mark.parametrize(
    ("said", "expected_bits"),
    [
        ([[0.5], [0.5]], 0.0),
        ([[0.0], [1.0]], 1.0),
        ([[0.9], [0.9]], 0.0),
        ([[0.25], [0.75]], 1.0 - 0.8112781),
    ],
    ids=["all say half", "opposite and sure", "all agree", "between"],
)
def test_disagreement_counts_voices_that_differ_and_not_answers_that_are_hard(said, expected_bits):
    """A coin that everybody calls a coin teaches nothing about who is right."""
    assert disagreement(np.array(said)) == pytest.approx([expected_bits], abs=1e-6)


def test_entropy_of_a_coin_is_one_bit_and_of_certainty_none():
    """At both ends it is 0, not NaN."""
    assert entropy_bits(np.array([0.0, 0.5, 1.0])) == pytest.approx([0.0, 1.0, 0.0])


def test_trees_and_members_add_up_and_no_trees_count_for_nothing():
    """Under 40 labels there are none."""
    members = np.array([[0.0], [1.0]])
    assert uncertainty(np.empty((0, 1)), members) == pytest.approx([1.0])
    assert uncertainty(members, members) == pytest.approx([2.0])


@given(st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=1, max_size=9))
def test_disagreement_stays_between_nothing_and_a_bit(said):
    """Whatever is said, in whatever order."""
    found = disagreement(np.array(said))
    assert np.all((found >= 0) & (found <= 1))
    assert disagreement(np.array(said[::-1])) == pytest.approx(found, abs=1e-9)


# --------------------------------------------------------------------------- what is like what


def test_a_labelled_repetition_is_like_itself_and_others_are_less():
    """So that what doubles a labelled one is not asked again."""
    pool = pool_of(labelled={"s0-0"})
    like = similarity(pool)
    assert like[pool.is_labelled] == pytest.approx(1.0, abs=1e-6)
    assert np.all((like >= 0) & (like <= 1))
    assert like[~pool.is_labelled].mean() < 0.8


def test_nothing_is_like_what_nobody_has_labelled():
    """Without labels nothing is ruled out."""
    assert not similarity(pool_of()).any()


def test_features_that_are_missing_or_the_same_everywhere_tell_nothing():
    """Neither may pull repetitions apart; an outlier is held."""
    x = pd.DataFrame({"a": [1.0, 1.0, 1.0], "b": [np.nan, 0.0, 2.0], "c": [np.nan] * 3})
    assert standardised(x).tolist() == [[0, 0, 0], [0, -1, 0], [0, 1, 0]]


@given(st.floats(0.1, 1000.0), st.floats(-100.0, 100.0))
def test_units_of_a_feature_do_not_matter(factor, offset):
    """Degrees or radians, the same repetitions are alike."""
    pool = pool_of(labelled={"s0-0"})
    other = dataclasses.replace(pool, features=pool.features * factor + offset)
    assert similarity(other) == pytest.approx(similarity(pool), abs=1e-6)


def test_rare_is_what_is_labelled_least_and_never_what_nobody_told():
    """Two sets from the side and none at 45 degrees; one movement only is never rare."""
    pool = pool_of(labelled={"s0-0", "s1-0"})
    pool.traits.iloc[-1, 0] = None
    found = rarity(pool)
    is_oblique = (pool.traits["view"] == "45").to_numpy()
    assert found["view"][is_oblique] == pytest.approx(1.0)
    assert found["view"][~is_oblique] == pytest.approx(0.0)
    assert not found["movement"].any()
    assert found["athlete"][-1] == 0.0
    assert found["athlete"][0] == 0.0
    assert found["athlete"][-2] == 1.0


# --------------------------------------------------------------------------- the draw


def test_a_cold_start_goes_to_six_athletes_first():
    """Without a model, whoever is not in yet goes first; the first five sets are five people."""
    pool = pool_of()
    chosen = [one for one in draw(pool, None, seed=SEED, n_sets=8) if one.because != Because.LOT]
    assert {one.because for one in chosen} == {Because.DIFFERENT}
    assert len({one.set_id.split("-")[0] for one in chosen[:6]}) == 6


def test_a_cold_start_asks_no_model_even_if_there_is_one():
    """Its doubts would be about three people."""
    pool = pool_of(labelled={"s0-0"})
    unsure = np.linspace(0, 1, len(pool))
    assert draw(pool, unsure, seed=SEED) == draw(pool, None, seed=SEED)


def test_a_cold_start_prefers_what_it_has_not_seen_to_more_of_the_same():
    """Of one athlete: a set unlike the labelled one before a copy of it."""
    pool = pool_of(n_athletes=1, n_sets=3, labelled={"s0-0"}, spread=0.01)
    x = pool.features.to_numpy(copy=True)
    x[6:12] = x[0:6]  # s0-1 is a copy of what is labelled
    pool = dataclasses.replace(pool, features=pd.DataFrame(x, index=pool.features.index))
    seed = next(n for n in range(99) if set_apart(pool.set_id, n) == ("s0-0",))
    assert [one.set_id for one in draw(pool, None, seed=seed)] == ["s0-2", "s0-1"]


def test_the_set_of_which_the_model_is_unsure_goes_first():
    """Once there are labels: by doubt alone, where all else is equal."""
    pool = started()
    unsure = np.zeros(len(pool))
    wanted = next(name for name in pool.open_sets() if name not in set_apart(pool.set_id, SEED))
    unsure[np.array(pool.set_id) == wanted] = 1.0
    chosen = [one for one in draw(pool, unsure, seed=SEED) if one.because != Because.LOT]
    assert chosen[0].set_id == wanted
    assert chosen[0].because is Because.UNSURE
    assert chosen[0].worth == max(one.worth for one in chosen)


def test_a_view_that_nobody_has_labelled_goes_first_where_the_model_has_no_doubt():
    """And the set says by what it is rare."""
    chosen = draw(started(), np.zeros(8 * 4 * 6), seed=SEED)
    rare = [one for one in chosen if one.because is Because.RARE]
    assert len(rare) == 4
    assert {one.of for one in rare} == {"view"}


@pytest.mark.parametrize("n_reps", [1, 3, 6, 12])
def test_a_set_is_asked_for_in_four_to_eight_repetitions_or_whole(n_reps):
    """Opening a video costs as much as four answers."""
    pool = started(n_reps=n_reps) if n_reps > 4 else pool_of(40, 2, n_reps, labelled=_first(40))
    unsure = np.random.default_rng(3).uniform(size=len(pool))
    for one in draw(pool, unsure, seed=SEED):
        least, most = min(MIN_SET_REPS, n_reps), min(MAX_SET_REPS, n_reps)
        if one.because is not Because.LOT:
            assert least <= len(one.rep_ids) <= most


def _first(n_athletes: int) -> set[str]:
    return {f"s{n}-0" for n in range(n_athletes)}


def test_a_set_is_worth_its_doubt_per_second_of_work():
    """One doubtful repetition among six: opening the video, and the least that is asked."""
    pool = started(views=("side",))
    wanted = next(name for name in pool.open_sets() if name not in set_apart(pool.set_id, SEED))
    place = pool.set_id.index(wanted)
    unsure = np.zeros(len(pool))
    unsure[place] = 2.0
    found = next(one for one in draw(pool, unsure, seed=SEED) if one.set_id == wanted)
    doubt = 2.0 * (1.0 - similarity(pool)[place])
    assert found.rep_ids[0] == f"r{place}"
    assert found.worth == pytest.approx(doubt / (OPEN_S + REP_S * MIN_SET_REPS))


# --------------------------------------------------------------------------- the lot


def test_one_set_in_five_is_drawn_by_lot_until_all_are_labelled():
    """Of 32 sets, 7: a fifth, rounded up; every set comes once."""
    labelled: set[str] = set()
    by_lot, every = set(), set(pool_of().set_id)
    while labelled != every:
        drawn = draw(pool_of(labelled=labelled), None, seed=SEED)
        by_lot |= {one.set_id for one in drawn if one.because is Because.LOT}
        assert drawn
        assert not labelled & {one.set_id for one in drawn}
        labelled |= {one.set_id for one in drawn}
    assert len(by_lot) == np.ceil(LOT_RATIO * len(every)) == 7


def test_what_a_model_doubts_does_not_change_what_the_lot_draws():
    """Else the test would be about what it finds hard."""
    pool = started()
    rng = np.random.default_rng(2)
    lots = {
        tuple(
            one.set_id
            for one in draw(pool, rng.uniform(size=len(pool)), seed=SEED)
            if one.because is Because.LOT
        )
        for _ in range(5)
    }
    assert len(lots) == 1


def test_every_set_has_the_same_chance_in_the_lot():
    """Over many seeds each of ten sets is apart in a fifth of them (five standard errors)."""
    names = [f"clip-{n}" for n in range(10)]
    apart = [name for seed in range(2000) for name in set_apart(names, seed)]
    n_by_name = [apart.count(name) for name in names]
    assert n_by_name == pytest.approx([400.0] * 10, abs=5 * np.sqrt(2000 * 0.2 * 0.8))


def test_the_same_seed_draws_the_same_and_another_one_otherwise():
    """So that a draw can be checked."""
    pool = started()
    unsure = np.linspace(0, 1, len(pool))
    assert draw(pool, unsure, seed=1) == draw(pool, unsure, seed=1)
    lots = {
        next(one.set_id for one in draw(pool, unsure, seed=seed) if one.because is Because.LOT)
        for seed in range(9)
    }
    assert len(lots) > 3


def test_the_lot_has_no_place_of_its_own():
    """Over many seeds it comes first, last and between."""
    pool = started()
    places = {
        [one.because for one in draw(pool, None, seed=seed)].index(Because.LOT)
        for seed in range(40)
    }
    assert places == {0, 1, 2, 3, 4}


def test_nothing_is_drawn_from_nothing():
    """All labelled, or no repetitions at all."""
    pool = pool_of()
    done = dataclasses.replace(pool, is_labelled=pool.is_open, is_open=pool.is_labelled)
    assert draw(done, None, seed=SEED) == []
    assert draw(pool_of(n_athletes=0), None, seed=SEED) == []


def test_repetitions_of_which_nothing_is_measured_can_be_drawn():
    """Without a single feature there is one group, and still a draw."""
    pool = pool_of()
    empty = dataclasses.replace(pool, features=pool.features.iloc[:, :0])
    assert len(draw(empty, None, seed=SEED)) == 5
    gone = dataclasses.replace(pool, features=pool.features * np.nan)
    assert len(draw(gone, None, seed=SEED)) == 5
