"""What a model that was trained again says otherwise, and who was right."""

from dataclasses import replace

import pytest
from support_models import FAULT, NOT_SHOWN, add_rated_athletes, quick_model

from labeler.core.errors import UsageError
from labeler.workflows.changes import card_before, changes, raters_say, sign_test
from labeler.workflows.disputes import settled_answers
from labeler.workflows.promoting import promote


@pytest.fixture
def rated(dataset):
    add_rated_athletes(dataset, 2)
    return dataset


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


def reps_of(dataset, name):
    return [record.rep_id for record in dataset.journal.reps(dataset.clips.get(name).clip_id)]


def told(card, **probabilities):
    """The card of a model that said so of repetitions it was tested on."""
    return replace(card, metrics={"probabilities": probabilities})


def test_each_changed_repetition_says_who_was_right(rated, models):
    card = quick_model(rated, models / "dip")
    dip, clean = reps_of(rated, "dip0.mp4"), reps_of(rated, "clean0.mp4")
    old = told(card, **{dip[0]: 0.2, dip[1]: 0.9, clean[0]: 0.1, clean[1]: 0.8, "gone-1": 0.1})
    new = told(card, **{dip[0]: 0.9, dip[1]: 0.9, clean[0]: 0.7, clean[1]: 0.1, "gone-1": 0.9})
    new.metrics["probabilities"] |= {clean[2]: 0.9, clean[3]: None}
    found = changes(rated, replace(old, name="before"), new)
    assert found.n_both == 5, "what only one was tested on is no change"
    assert {
        (rep.file, rep.index, rep.old, rep.new, rep.raters, rep.right) for rep in found.reps
    } == {
        ("dip0.mp4", 1, "absent", "present", "present", "new"),
        ("clean0.mp4", 1, "absent", "present", "absent", "old"),
        ("clean0.mp4", 2, "present", "absent", "absent", "new"),
    }
    assert "than before on 3 of 5 repetitions tested in both" in found.words
    assert "right in 2, the old one in 1. That may be chance." in found.words
    assert {row["right"] for row in found.rows()} == {"new", "old"}


def test_where_nothing_changed_or_nothing_can_be_compared_it_says_so(rated, models):
    card = quick_model(rated, models / "dip")
    one = reps_of(rated, "dip0.mp4")[0]
    same = changes(rated, told(card, **{one: 0.9}), told(card, **{one: 0.8}))
    assert same.words == "Same answers as dip on all 1 repetitions tested in both."
    assert "nothing to compare" in changes(rated, card, card).words
    with pytest.raises(UsageError, match="expected two models of one fault"):
        changes(rated, replace(card, fault="back_rounding"), card)


def test_raters_who_are_divided_say_nothing(rated):
    from labeler.workflows.labeling import answer_fault

    clip = rated.clips.get("dip0.mp4")
    answer_fault(rated, clip, rep="1", fault=FAULT, answer="0", rater="ben")
    answer_fault(rated, clip, rep="2", fault=FAULT, answer="NV", rater="ben")
    said = raters_say(settled_answers(rated), FAULT, 2)
    first, second, *_ = reps_of(rated, "dip0.mp4")
    assert first not in said
    assert said[second] is True


@pytest.mark.parametrize(
    ("split", "expected"), [((0, 0), 1.0), ((1, 0), 1.0), ((5, 0), 0.0625), ((9, 1), 0.0215)]
)
def test_the_sign_test_has_its_known_values(split, expected):
    assert sign_test(*split) == pytest.approx(expected, abs=5e-5)
    assert sign_test(*reversed(split)) == sign_test(*split)


def test_the_model_before_is_the_one_in_force_else_the_one_replaced(rated, models):
    assert card_before(rated, models, FAULT, "dip") is None
    quick_model(rated, models / "dip", NOT_SHOWN)
    quick_model(rated, models / "promoted")
    assert card_before(rated, models, FAULT, "dip").name == "dip"
    assert card_before(rated, models, "back_rounding", "dip") is None
    promote(rated, models / "promoted", by="Ann")
    assert card_before(rated, models, FAULT, "dip").name == "promoted"
