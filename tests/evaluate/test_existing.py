"""A finished model on later clips: new athletes count, those of its training do not."""

import numpy as np
import pytest
from learn.toy_reps import FAULT, toy_features, toy_labels, toy_table

from labeler.core.errors import LearningError
from labeler.evaluate.compare import MODEL
from labeler.evaluate.comparison import Protocol, Verdict
from labeler.evaluate.existing import MODEL_ON_SEEN, labels_for, score_existing
from labeler.learn.artifact import make_card
from labeler.learn.table import labeled_table
from labeler.learn.train import NoLabelsError, train


@pytest.fixture(scope="module")
def made():
    table = toy_table()
    model = train(table, name="toy")
    return model, make_card(model, table)


def later_table(athletes):
    """Clips that no training has seen."""
    features = toy_features(athletes=athletes, seed=7)
    features["clip_id"] = "later" + features["clip_id"]
    return labeled_table(features, toy_labels(features), fault=FAULT)


def codes(comparison):
    return {finding.code for finding in comparison.findings}


def test_new_athletes_are_scored_as_they_are(made):
    found = score_existing(*made, table=later_table("UVWXYZ"))
    assert found.protocol is Protocol.EXISTING_MODEL
    assert [row.method for row in found.rows] == [MODEL]
    assert found.row(MODEL).estimates["balanced_accuracy"].value > 0.9
    assert found.verdict is Verdict.NO_RULE
    assert not codes(found) & {"some_seen_in_training", "all_seen_in_training"}


def test_athletes_of_the_training_get_a_line_of_their_own(made):
    found = score_existing(*made, table=later_table("ABXYZ"))
    assert found.row(MODEL).n_groups == 3
    assert found.row(MODEL_ON_SEEN).n_groups == 2
    assert len(found.probabilities) == 24
    assert "some_seen_in_training" in codes(found)


def test_its_own_training_gives_no_verdict(made):
    found = score_existing(*made, table=toy_table())
    assert found.verdict is Verdict.CANNOT_TELL
    assert "all_seen_in_training" in codes(found)
    assert found.row(MODEL).n_reps == 48


def test_a_clip_of_the_training_is_known_under_another_name(made):
    features = toy_features(athletes=["someone else"])
    table = labeled_table(features, toy_labels(features), fault=FAULT)
    assert "all_seen_in_training" in codes(score_existing(*made, table=table))


def test_one_new_athlete_with_one_kind_of_rep_is_not_told(made):
    table = later_table("Z")
    found = score_existing(*made, table=table.take(table.y == 0)).row(MODEL)
    assert np.isnan(found.estimates["balanced_accuracy"].value)
    assert np.isfinite(found.estimates["brier"].value)


def test_what_cannot_be_scored_is_refused(made):
    table = later_table("Z")
    with pytest.raises(NoLabelsError, match="expected labelled reps to score toy on, got none"):
        score_existing(*made, table=table.take(np.array([], dtype=np.int64)))
    with pytest.raises(ValueError, match="severity threshold"):
        score_existing(*made, table=toy_table_at_threshold_1())
    features = toy_features(athletes="Z").drop(columns="knee_angle_min_deg")
    with pytest.raises(LearningError, match="a table without knee_angle_min_deg"):
        labels_for(made[0], features, toy_labels(features), fault=FAULT)


def test_features_and_labels_are_joined_as_in_training(made):
    features = toy_features(athletes="XYZ", seed=3)
    features["clip_id"] = "later" + features["clip_id"]
    table = labels_for(made[0], features, toy_labels(features), fault=FAULT)
    found = score_existing(*made, table=table)
    assert (found.fault, found.row(MODEL).n_reps) == (FAULT.id, 24)


def toy_table_at_threshold_1():
    features = toy_features(athletes="Z")
    return labeled_table(features, toy_labels(features), fault=FAULT, threshold=1)
