"""What several raters mean together: majority, and Dawid-Skene on the data it was made for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from learn.toy_reps import FAULT, answer, toy_features

from labeler.core.label import Label
from labeler.core.rep import RepId
from labeler.learn.consensus import LEAST_MARGIN, Way, consensus, dawid_skene
from labeler.learn.table import labeled_table

ANAESTHETISTS = """
111 1 1 1 1|333 4 3 3 4|112 2 1 2 2|222 3 1 2 1|222 3 2 2 2|222 3 3 2 2|122 2 1 1 1|333 3 4 3 3
222 2 2 2 3|232 2 2 2 3|444 4 4 4 4|222 3 3 4 3|111 1 1 1 1|222 3 2 1 2|121 1 1 1 1|111 2 1 1 1
111 1 1 1 1|111 1 1 1 1|222 2 2 2 1|222 1 3 2 2|222 2 2 2 2|222 2 2 2 1|222 3 2 2 2|221 2 2 2 2
111 1 1 1 1|111 1 1 1 1|232 2 2 2 2|111 1 1 1 1|111 1 1 1 1|112 1 1 2 1|111 1 1 1 1|333 3 2 3 3
111 1 1 1 1|222 2 2 2 2|222 3 2 3 2|433 4 3 4 3|221 2 2 3 2|232 3 2 3 3|333 3 4 3 2|111 1 1 1 1
111 1 1 1 1|121 2 1 1 1|232 2 2 2 2|121 1 1 1 1|222 2 2 2 2
"""
"""Dawid and Skene (1979), table 1: 45 patients in 4 classes; the first rater saw each thrice."""


@pytest.fixture(scope="module")
def patients():
    rows = [part.split() for part in "|".join(ANAESTHETISTS.strip().splitlines()).split("|")]
    votes = np.zeros((len(rows), 5, 4))
    for item, raters in enumerate(rows):
        for rater, said in enumerate(raters):
            for one in said:
                votes[item, rater, int(one) - 1] += 1
    return votes


def test_the_published_example_comes_out(patients):
    """Shares of classes and errors of the first rater, as the paper prints them."""
    assert patients.shape[0] == 45
    found = dawid_skene(patients, smoothing=0.0)
    assert found.shares == pytest.approx([0.40, 0.42, 0.11, 0.07], abs=0.005)
    assert found.errors[0] == pytest.approx(
        np.array(
            [
                [0.89, 0.11, 0.0, 0.0],
                [0.07, 0.88, 0.05, 0.0],
                [0, 0.34, 0.66, 0],
                [0, 0, 0.56, 0.44],
            ]
        ),
        abs=0.006,
    )
    assert found.classes[0] == pytest.approx([1, 0, 0, 0], abs=1e-4)


def test_classes_may_be_called_anything(patients):
    """Renaming the classes renames the answer."""
    order = [2, 0, 3, 1]
    found, renamed = dawid_skene(patients), dawid_skene(patients[:, :, order])
    assert renamed.classes == pytest.approx(found.classes[:, order])


@pytest.mark.parametrize("has_one_coin", [True, False])
def test_raters_may_come_in_any_order(patients, has_one_coin):
    order = [3, 1, 4, 0, 2]
    found = dawid_skene(patients, has_one_coin=has_one_coin)
    other = dawid_skene(patients[:, order], has_one_coin=has_one_coin)
    assert other.classes == pytest.approx(found.classes)
    assert other.errors == pytest.approx(found.errors[order])


def test_one_coin_finds_how_often_each_rater_is_right():
    rng = np.random.default_rng(1)
    truth, right = rng.integers(0, 2, 2000), np.array([0.95, 0.9, 0.8, 0.6])
    said = np.where(rng.random((2000, 4)) < right, truth[:, None], 1 - truth[:, None])
    found = dawid_skene(np.eye(2)[said], has_one_coin=True)
    assert found.errors[:, 1, 1] == pytest.approx(right, abs=0.03)
    assert found.errors[:, 0, 0] == pytest.approx(found.errors[:, 1, 1])
    votes = (said.mean(axis=1) > 0.5).astype(int)
    assert ((found.classes[:, 1] > 0.5) == truth).mean() > (votes == truth).mean()


def test_two_numbers_tell_a_strict_rater_from_a_lenient_one():
    rng = np.random.default_rng(2)
    truth = rng.integers(0, 2, 3000)
    hit = np.array([[0.95, 0.6], [0.6, 0.95], [0.9, 0.9]])  # right on absent, on present
    said = np.where(rng.random((3000, 3)) < hit[:, truth].T, truth[:, None], 1 - truth[:, None])
    found = dawid_skene(np.eye(2)[said])
    assert np.diagonal(found.errors, axis1=1, axis2=2) == pytest.approx(hit, abs=0.05)


def test_an_item_without_answers_is_like_all_of_them():
    votes = np.zeros((3, 3, 2))
    votes[:2, :, 1] = 1
    found = dawid_skene(votes)
    assert found.classes[2] == pytest.approx(found.shares, abs=1e-6)


def rep(number: int) -> RepId:
    return RepId(f"000000000000-{number}")


def said(answers: dict[str, str]) -> list[Label]:
    """``{"A": "02N"}``: what A says of the first reps; N is not visible, a dot nothing."""
    return [
        answer(rep(number), "NV" if one == "N" else one, rater=who)
        for who, ones in answers.items()
        for number, one in enumerate(ones, start=1)
        if one != "."
    ]


def test_two_raters_are_a_majority():
    found = consensus(said({"A": "0220N", "B": "02.3N"}), 2)
    assert found.way is Way.MAJORITY
    assert found.p_present == pytest.approx([0.0, 1.0, 1.0, 0.5, np.nan], nan_ok=True)
    assert found.n_seen.tolist() == [2, 2, 1, 2, 0]
    assert (found.reliability, found.findings) == ({}, ())


def test_three_raters_who_saw_few_of_the_same_reps_are_no_more_than_a_majority():
    found = consensus(said({"A": "02....", "B": "..02..", "C": "..0.02"}), 2)
    assert (found.way, found.p_present.tolist()) == (Way.MAJORITY, [0.0, 1.0] * 3)


def test_the_one_who_is_often_alone_counts_less():
    answers = {"A": "0202020202" * 4, "B": "0202020202" * 4, "C": "0220022002" * 4}
    found = consensus(said(answers), 2)
    assert found.way is Way.ONE_COIN
    assert found.reliability["C"] < 0.8 < found.reliability["A"]
    assert found.y.tolist() == [1 - int(name[13:]) % 2 for name in found.rep_ids]
    assert (found.weight >= 0.5).all()
    assert "C 60%" in found.findings[0].message


def test_from_a_hundred_overlaps_on_there_are_two_numbers_per_rater():
    found = consensus(said(dict.fromkeys("ABC", "02" * 50)), 2)
    assert found.way is Way.CONFUSION


def test_what_all_say_is_never_turned_around():
    """A rare fault and a careless rater would make *present* the less likely one."""
    careless = "2" * 3 + "0" * 57
    answers = {"A": "0" * 59 + ".", "B": "0" * 59 + ".", "C": careless[::-1][:59] + "2"}
    found = consensus(said(answers), 2)
    alone = found.p_present[found.rep_ids.index(rep(60))]
    assert alone >= 0.5 + LEAST_MARGIN
    assert found.y[found.rep_ids.index(rep(60))] == 1


def test_what_is_settled_stands_and_tells_nothing_about_raters():
    labels = said(dict.fromkeys("ABC", "0202020"))
    judge = Label(rep(1), labels[0].fault, "Judge", labels[1].answer, "2026", is_settled=True)
    found = consensus([label for label in labels if label.rep_id != rep(1)] + [judge], 2)
    assert found.p_present[found.rep_ids.index(rep(1))] == 1.0
    assert "Judge" not in found.reliability


def test_no_answers_are_no_reps():
    found = consensus([], 2)
    assert (found.rep_ids, found.p_present.size, found.way) == ((), 0, Way.MAJORITY)


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(30)))
def test_the_order_of_the_answers_changes_no_bit(order):
    labels = said({"A": "0202020202", "B": "0222020202", "C": "0002020032"})
    found, other = consensus(labels, 2), consensus([labels[n] for n in order], 2)
    assert other.p_present.tobytes() == found.p_present.tobytes()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["02", "20", "00", "22", "0.", ".2"]), min_size=3, max_size=12))
def test_calling_absent_present_turns_the_answer_around(pairs):
    answers = {"A": "".join(p[0] for p in pairs), "B": "".join(p[1] for p in pairs)}
    answers |= {"C": "02" * (len(pairs) // 2)}
    turned = {who: ones.translate(str.maketrans("02", "20")) for who, ones in answers.items()}
    found, other = consensus(said(answers), 2), consensus(said(turned), 2)
    assert other.p_present == pytest.approx(1.0 - found.p_present, nan_ok=True, abs=1e-6)


def test_a_table_weighs_its_reps_by_how_sure_their_raters_are():
    features = toy_features(athletes=["A01", "A02", "A03"], n_reps=4)
    labels = [
        answer(name, value, rater=who)
        for who, values in {"A": "20" * 6, "B": "20" * 6, "C": "22" + "20" * 5}.items()
        for name, value in zip(features.index, values, strict=True)
    ]
    table = labeled_table(features, labels, fault=FAULT)
    assert table.y.tolist() == [1, 0] * 6
    assert table.weight[1] == table.weight.min() < 1.0
    assert [one.code for one in table.findings] == ["raters_weighed"]
