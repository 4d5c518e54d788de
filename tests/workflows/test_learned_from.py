"""What models learn from: features and courses in one order, of one movement where it is wished."""

import numpy as np
import pytest
from support_datasets import TAGS, add_hinges

from labeler.core.errors import CatalogError, LearningError, UsageError
from labeler.features.series import CHANNELS, N_POINTS
from labeler.workflows.deriving import (
    features_of,
    features_of_all,
    learned_from,
    series_of,
    series_of_all,
)
from labeler.workflows.labeling import answer_fault
from labeler.workflows.training import TrainingWish, train_model

FAULT = "torso_dip_first"


def test_features_and_courses_are_of_the_same_reps(dataset):
    first, second = add_hinges(dataset, "a.mp4"), add_hinges(dataset, "b.mp4", lag_s=-0.2)
    features, series = learned_from(dataset)
    assert features.equals(features_of_all(dataset))
    assert series.values.shape == (len(features), len(CHANNELS), N_POINTS)
    assert series.values.tobytes() == series_of_all(dataset).values.tobytes()
    rows = [features.index.get_loc(rep_id) for rep_id in features_of(dataset, second).index]
    assert (
        series_of(dataset, second).values.tobytes() == series.take(np.array(rows)).values.tobytes()
    )
    assert len(series_of(dataset, first)) == len(features) - len(rows)
    lean = series.channels(["trunk_incl_deg"])[:, 0]
    expected = features["trunk_incl_max_deg"].to_numpy()
    assert np.nanmax(lean, axis=1) == pytest.approx(expected, abs=1.0)


def test_nothing_is_learned_from_an_empty_dataset(dataset):
    features, series = learned_from(dataset)
    assert (len(features), len(series)) == (0, 0)


def test_reps_of_another_movement_are_counted_and_left_out(dataset, tmp_path):
    clip = add_hinges(dataset, tags=TAGS)
    for number, said in enumerate("0202", start=1):
        answer_fault(dataset, clip, rep=str(number), fault=FAULT, answer=said, rater="ann")
    with pytest.raises(LearningError, match="4 left out: it is of another movement"):
        train_model(dataset, TrainingWish(FAULT, tmp_path / "m", movement="squat"), tell=str)
    with pytest.raises(CatalogError):
        train_model(dataset, TrainingWish(FAULT, tmp_path / "m", movement="nonsense"), tell=str)


@pytest.mark.parametrize("cost", [0.0, -1.0, float("nan"), float("inf")])
def test_a_cost_that_is_none_is_refused(tmp_path, cost):
    with pytest.raises(UsageError, match="cost of a miss: expected a number above 0"):
        TrainingWish(FAULT, tmp_path, miss_cost=cost)
