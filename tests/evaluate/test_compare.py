"""Model, rules and baselines in one table; and when it cannot be told."""

import json

import numpy as np
import pandas as pd
import pytest
from learn.toy_reps import FAULT, toy_features, toy_labels, toy_table

from labeler.core.errors import LearningError
from labeler.evaluate import compare as module
from labeler.evaluate.by_athlete import split_by_athlete
from labeler.evaluate.compare import (
    MIXED,
    MODEL,
    MODEL_WHERE_RULES,
    POSTURE,
    PREVALENCE,
    RULES_EVERYWHERE,
    RULES_WHERE_APPLICABLE,
    STUMP,
    compare,
)
from labeler.evaluate.comparison import Protocol, Verdict
from labeler.learn.table import labeled_table


def rules_for(table, score):
    """Rule answers as the rules package gives them; NaN is not applicable."""
    score = np.asarray(score, dtype=float)
    state = np.where(np.isnan(score), "not_applicable", np.where(score >= 0, "fired", "passed"))
    return pd.DataFrame(
        {"rep_id": table.rep_ids, "fault": FAULT.id, "state": state, "score": score}
    )


def codes(comparison):
    return [finding.code for finding in comparison.findings]


@pytest.fixture(scope="module")
def table():
    return toy_table()


@pytest.fixture(scope="module")
def useless(table):
    """Against rules that know nothing: random scores, silent about the first athlete."""
    score = np.random.default_rng(5).normal(0, 1, len(table))
    score[:8] = np.nan
    return compare(table, rules_for(table, score))


def test_rules_that_are_too_close_to_call_abstain(table):
    """They count neither as yes nor as no, and say how many; their rank stays."""
    score = np.where(table.y == 1, 1.0, -1.0)
    rules = rules_for(table, score).assign(version="2+abc")
    rules.loc[:7, "state"] = "too_close"
    found = compare(table, rules)
    assert found.row(RULES_WHERE_APPLICABLE).n_reps == len(table) - 8
    assert found.row(RULES_EVERYWHERE).estimates["auprc"].value == 1.0
    assert found.row(RULES_EVERYWHERE).estimates["balanced_accuracy"].value < 1.0
    (said,) = (f for f in found.findings if f.code == "rules_apply_to_some")
    assert said.message.endswith("8 are too close to call.")
    assert found.rules_version == "2+abc"
    assert found.as_dict()["rules_version"] == "2+abc"


def test_a_good_model_beats_useless_rules(useless):
    assert useless.protocol is Protocol.LEAVE_ONE_ATHLETE_OUT
    assert useless.verdict is Verdict.BEATS
    assert useless.row(MODEL).estimates["balanced_accuracy"].value > 0.9
    assert useless.differences[0].estimate.low > 0


def test_every_row_says_which_reps_it_is_about(useless):
    assert {row.method: (row.n_reps, row.n_present, row.n_groups) for row in useless.rows} == {
        MODEL: (48, 24, 6),
        RULES_WHERE_APPLICABLE: (40, 20, 5),
        MODEL_WHERE_RULES: (40, 20, 5),
        RULES_EVERYWHERE: (48, 24, 6),
        STUMP: (48, 24, 6),
        POSTURE: (48, 24, 6),
        PREVALENCE: (48, 24, 6),
        MIXED: (48, 24, 6),
    }
    assert useless.differences[0].n_reps == 40
    assert "rules_apply_to_some" in codes(useless)


def test_knowing_nothing_scores_the_prevalence(useless):
    found = useless.row(PREVALENCE).estimates
    assert (found["auprc"].value, found["auroc"].value) == (0.5, 0.5)
    assert (found["balanced_accuracy"].value, found["brier"].value) == (0.5, 0.25)


def test_rules_give_no_probability(useless):
    assert np.isnan(useless.row(RULES_WHERE_APPLICABLE).estimates["brier"].value)
    assert useless.rule_point is not None


def test_perfect_rules_are_not_beaten(table):
    found = compare(table, rules_for(table, np.where(table.y == 1, 1.0, -1.0)))
    assert found.verdict in {Verdict.NOT_SHOWN, Verdict.WORSE}
    assert found.row(RULES_EVERYWHERE).estimates["auprc"].value == 1.0
    assert found.rule_point == (1.0, 1.0)
    assert "rules_apply_to_some" not in codes(found)


def test_a_model_of_noise_is_worse_than_perfect_rules(table):
    shuffled = toy_table()
    shuffled.y[:] = np.random.default_rng(1).permutation(shuffled.y)
    found = compare(shuffled, rules_for(shuffled, np.where(shuffled.y == 1, 1.0, -1.0)))
    assert found.verdict is Verdict.WORSE
    assert found.row(MODEL).estimates["balanced_accuracy"].value < 0.7


@pytest.mark.parametrize("said", [None, "other fault", "never applicable"])
def test_without_a_rule_there_is_no_verdict(table, said):
    rules = rules_for(table, np.full(len(table), np.nan))
    if said == "other fault":
        rules = rules.assign(fault="hip_delay", score=1.0)
    found = compare(table, None if said is None else rules)
    assert found.verdict is Verdict.NO_RULE
    assert found.differences == ()
    assert found.row(RULES_EVERYWHERE) is None
    assert "no_rule" in codes(found)


def test_rules_that_never_fire_have_no_point(table):
    found = compare(table, rules_for(table, np.full(len(table), -1.0)))
    assert found.rule_point is None


def test_one_athlete_is_tested_by_set_and_says_so_loudly():
    found = compare(toy_table(athletes="AAAAA"))
    assert found.protocol is Protocol.LEAVE_ONE_SET_OUT
    assert found.group_word == "set"
    first = next(finding for finding in found.findings if finding.code == "one_athlete")
    assert first.level == "bad"
    assert "say nothing about other people" in first.message
    assert found.row(MODEL).n_groups == 5


def test_many_groups_are_tested_in_folds():
    many = [f"A{n:02}" for n in range(16)]
    assert compare(toy_table(athletes=many, n_reps=4)).protocol is Protocol.ATHLETE_FOLDS
    assert split_by_athlete(toy_table(athletes="A" * 16)).protocol is Protocol.SET_FOLDS


def one_fault_per_clip(athletes):
    """Every clip is all right or all wrong, as when a set is recorded per instruction."""
    features = toy_features(athletes=athletes, n_reps=20)
    is_first = features["clip_id"] == features["clip_id"].iloc[0]
    features["rep_index"] = np.where(is_first, 1, 2)
    return labeled_table(features, toy_labels(features), fault=FAULT)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: toy_table(athletes="A", n_reps=20), ["one_athlete", "one_set"]),
        (lambda: one_fault_per_clip("AA"), ["one_athlete", "class_in_one_group"]),
        (lambda: one_fault_per_clip("AB"), ["few_athletes", "class_in_one_group"]),
    ],
    ids=["one set", "a set of each kind", "an athlete of each kind"],
)
def test_what_cannot_be_told_is_no_number(make, expected):
    table = make()
    found = compare(table, rules_for(table, np.where(table.y == 1, 1.0, -1.0)))
    assert found.protocol is Protocol.CANNOT_TELL
    assert [code for code in expected if code in codes(found)] == expected
    assert found.verdict is Verdict.CANNOT_TELL
    for method in (MODEL, STUMP):
        assert all(np.isnan(e.value) for e in found.row(method).estimates.values())
    assert found.row(RULES_EVERYWHERE).estimates["f1"].value == 1.0
    assert (found.pr_points, found.worst_reps) == ((), ())
    assert np.isnan(found.optimism)


def test_few_athletes_are_said():
    assert "few_athletes" in codes(compare(toy_table(athletes="ABC")))


def test_the_leak_alarm_rings_when_athletes_carry_the_answer():
    """Each athlete has an own trait and own answers: mixing them looks good, and is useless."""
    rng = np.random.default_rng(0)
    features = toy_features(athletes=list("ABCDEFGH"), n_reps=8)
    number = np.repeat(np.arange(8), 8)
    features["rep_index"] = np.where(rng.random(64) < 0.1 + 0.8 * (number % 2), 1, 2)
    features["trunk_incl_max_deg"] = rng.normal(0, 1, 64)
    for trait in range(8):
        features[f"trait_{trait}_deg"] = (number == trait) * 1.0
    table = labeled_table(features, toy_labels(features), fault=FAULT)
    found = compare(table)
    assert found.optimism > module.MAX_OPTIMISM
    assert "leak_alarm" in codes(found)


def test_an_honest_table_rings_no_alarm(useless):
    assert abs(useless.optimism) <= module.MAX_OPTIMISM
    assert "leak_alarm" not in codes(useless)


def test_the_worst_reps_are_wrong_and_come_worst_first(table):
    flipped = toy_table()
    flipped.y[10] = 1 - flipped.y[10]
    found = compare(flipped)
    assert found.worst_reps[0].rep_id == flipped.rep_ids[10]
    misses = [wrong.miss for wrong in found.worst_reps]
    assert misses == sorted(misses, reverse=True)


def test_the_comparison_is_json_without_names(useless):
    plain = useless.as_dict()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert plain["rows"][0]["prevalence"] == 0.5
    assert plain["rows"][0]["worst"]["name"] == "lowest of 6"
    assert useless.as_dict(has_names=True)["rows"][0]["worst"]["name"] in set("ABCDEF")
    rules = next(row for row in plain["rows"] if row["method"] == RULES_EVERYWHERE)
    assert rules["estimates"]["brier"]["value"] is None
    assert len(plain["probabilities"]) == 48


def test_a_table_that_cannot_train_is_refused(table):
    with pytest.raises(LearningError, match="expected at least"):
        compare(table.take(np.arange(4)))
