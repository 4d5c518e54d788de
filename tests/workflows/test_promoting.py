"""Which model speaks: only a proven one, only where it learned, and always reversibly."""

import json

import pytest
from support_models import (
    BEATS,
    FAULT,
    KNOWN_ATHLETES,
    NOT_SHOWN,
    add_rated_athletes,
    quick_model,
)

from labeler.core.errors import LearningError, StoreError, UsageError
from labeler.learn.card import UntrustedModelError
from labeler.workflows.promoting import (
    JOURNAL,
    Action,
    PromotionError,
    Scope,
    current,
    history,
    promote,
    retire,
)

HERE = Scope(FAULT, "hinge", is_synthetic=False)


@pytest.fixture
def rated(dataset):
    add_rated_athletes(dataset)
    return dataset


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


def test_nothing_is_in_force_until_a_model_is_promoted(rated):
    assert history(rated.folder) == []
    assert current(rated.folder) == {}


def test_a_model_that_beats_the_rules_is_promoted_and_retired_and_all_of_it_is_kept(rated, models):
    card = quick_model(rated, models / "dip")
    made = promote(rated, models / "dip", by=" Ann ")
    assert (made.action, made.by, made.movements) == (Action.PROMOTE, "Ann", ("hinge",))
    assert (made.verdict, made.is_override, made.digest) == (BEATS["verdict"], False, card.digest)
    assert current(rated.folder) == {HERE: made}
    assert "dip speaks for torso_dip_first in clips of hinge now" in made.words
    (gone,) = retire(rated, "dip", by="Ben", reason="too many false alarms")
    assert "the rule speaks again" in gone.words
    assert current(rated.folder) == {}
    promote(rated, models / "dip", by="Ann")
    told = [(one.action.value, one.by, one.reason) for one in history(rated.folder)]
    assert told == [
        ("promote", "Ann", ""),
        ("retire", "Ben", "too many false alarms"),
        ("promote", "Ann", ""),
    ]
    assert HERE in current(rated.folder)


def test_a_later_model_takes_over_and_retiring_the_earlier_changes_nothing(rated, models):
    quick_model(rated, models / "first")
    quick_model(rated, models / "second")
    promote(rated, models / "first", by="Ann")
    promote(rated, models / "second", by="Ann")
    assert current(rated.folder)[HERE].model == "second"
    with pytest.raises(UsageError, match="first: expected a model that is in force"):
        retire(rated, "first", by="Ann")


@pytest.mark.parametrize(
    ("metrics", "why"),
    [
        (NOT_SHOWN, "got: not shown"),
        ({**NOT_SHOWN, "verdict": "worse"}, "got: worse"),
        ({**NOT_SHOWN, "verdict": "no rule to compare with"}, "got: no rule to compare with"),
        (KNOWN_ATHLETES, "no test on athletes it has not seen"),
        ({**BEATS, "protocol": "leave one set out, one athlete"}, "no test on athletes"),
        ({}, "no test on athletes it has not seen"),
    ],
)
def test_promotion_asks_for_proof_on_unseen_athletes_or_a_written_reason(
    rated, models, metrics, why
):
    quick_model(rated, models / "dip", metrics)
    for reason in ("", "  ", "because"):
        with pytest.raises(PromotionError, match=why) as error:
            promote(rated, models / "dip", by="Ann", despite=reason)
    assert "--despite" in error.value.hint
    assert history(rated.folder) == []
    reason = "the rule knows nothing about swings"
    made = promote(rated, models / "dip", by="Ann", despite=reason)
    assert (made.is_override, made.reason) == (True, reason)


def test_a_model_speaks_only_for_movements_that_it_has_learned_from(rated, models):
    quick_model(rated, models / "dip")
    with pytest.raises(PromotionError, match=r"it has learned from \(hinge\), got squat"):
        promote(rated, models / "dip", by="Ann", movements=["hinge", "squat"])
    assert promote(rated, models / "dip", by="Ann", movements=["hinge"]).movements == ("hinge",)


def test_a_model_of_made_up_athletes_speaks_for_made_up_clips_alone(dataset, models):
    add_rated_athletes(dataset, is_synthetic=True)
    quick_model(dataset, models / "dip")
    made = promote(dataset, models / "dip", by="Ann")
    assert made.is_synthetic
    assert set(current(dataset.folder)) == {Scope(FAULT, "hinge", is_synthetic=True)}
    assert "synthetic clips of hinge" in made.words


def test_what_may_not_be_opened_is_not_promoted(rated, models):
    quick_model(rated, models / "dip")
    file = models / "dip" / "card.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "threshold": 0.1}))
    with pytest.raises(UntrustedModelError):
        promote(rated, models / "dip", by="Ann")
    with pytest.raises(LearningError, match="expected a model folder"):
        promote(rated, models / "nothing", by="Ann")


@pytest.mark.parametrize("line", ["nonsense", "[]", '{"action": "promote"}', '{"action": "x"}'])
def test_a_broken_line_is_named_and_nothing_is_guessed(dataset, line):
    (dataset.folder / JOURNAL).write_text(f"\n{line}\n")
    with pytest.raises(StoreError, match=r"detectors.jsonl, line 2: expected a decision"):
        current(dataset.folder)
