"""Which repetitions are good by a coach's answers, and features as changes from them."""

import dataclasses

import pytest
import support_datasets as datasets

from labeler.catalog import load_catalog
from labeler.core.label import Answer
from labeler.workflows.baselines import changes_of_all, good_reps
from labeler.workflows.deriving import features_of_all
from labeler.workflows.labeling import all_clear, answer_fault, questions_of


@pytest.fixture
def dataset(tmp_path):
    with datasets.new_dataset(tmp_path) as opened:
        yield opened


def clear(dataset, clip, *numbers, rater="anna"):
    for number in numbers:
        all_clear(dataset, clip, rep=str(number), rater=rater)


def answer(dataset, clip, number, fault, told, *, rater="anna"):
    answer_fault(dataset, clip, rep=str(number), fault=fault, answer=told, rater=rater)


def ids(dataset, clip):
    return [record.rep_id for record in dataset.journal.reps(clip.clip_id)]


def test_all_clear_by_one_rater_is_good(dataset):
    clip = datasets.add_hinges(dataset)
    clear(dataset, clip, 1, 3)
    reps = ids(dataset, clip)
    assert good_reps(dataset) == {reps[0], reps[2]}
    assert good_reps(dataset, []) == frozenset()


def test_a_slight_fault_seen_by_anybody_is_not_good(dataset):
    clip = datasets.add_hinges(dataset)
    clear(dataset, clip, 1, 2)
    answer(dataset, clip, 1, "torso_dip_first", Answer.SLIGHT, rater="ben")
    answer(dataset, clip, 2, "torso_dip_first", Answer.ABSENT, rater="ben")
    assert good_reps(dataset) == {ids(dataset, clip)[1]}


def test_half_a_sheet_is_not_good(dataset):
    """Two raters with half of it each are no whole one."""
    clip = datasets.add_hinges(dataset)
    asked = [one.fault.id for one in questions_of(clip, load_catalog()) if one.is_visible]
    for place, fault in enumerate(asked):
        answer(dataset, clip, 1, fault, Answer.ABSENT, rater=("anna", "ben")[place % 2])
        answer(dataset, clip, 2, fault, Answer.ABSENT)
    assert good_reps(dataset) == {ids(dataset, clip)[1]}


def test_not_visible_is_no_zero(dataset):
    """Where the view can show a fault and the coach could not see it, nobody knows."""
    clip = datasets.add_hinges(dataset)
    clear(dataset, clip, 1)
    answer(dataset, clip, 1, "torso_dip_first", Answer.NOT_VISIBLE)
    assert good_reps(dataset) == frozenset()


def test_good_reps_of_another_clip_serve(dataset):
    """The second clip of the same athlete is told as changes from the first."""
    first = datasets.add_hinges(dataset)
    second = datasets.add_hinges(dataset, "two.mp4", lag_s=0.1)
    clear(dataset, first, 1, 2, 3)
    changes = changes_of_all(dataset, [second])
    assert list(changes.table.index) == ids(dataset, second)
    assert (changes.table["has_baseline_ratio"] == 1.0).all()
    assert not changes.findings
    raw = features_of_all(dataset)
    own = raw.loc[ids(dataset, first)[:3], "lag_area_ms"].mean()
    expected = raw.loc[ids(dataset, second), "lag_area_ms"] - own
    found = changes.table["lag_area_from_good_ms"]
    assert found.to_numpy() == pytest.approx(expected.to_numpy())
    assert found.mean() == pytest.approx(100.0, abs=15.0)


def test_who_has_no_baseline_is_told(dataset):
    """Another athlete, and nobody's reps."""
    first = datasets.add_hinges(dataset)
    datasets.add_hinges(
        dataset, "two.mp4", tags=dataclasses.replace(datasets.TAGS, athlete="A02"), lag_s=0.1
    )
    clear(dataset, first, 1, 2, 3, 4)
    changes = changes_of_all(dataset)
    has_baseline = changes.table.groupby("athlete")["has_baseline_ratio"].mean()
    assert has_baseline.to_dict() == {"A01": 1.0, "A02": 0.0}
    (finding,) = changes.findings
    assert finding.code == "no_baseline"
    assert finding.message == "4 of 8 repetitions have no baseline to be compared with."
    assert "4 good repetitions" in finding.hint


def test_an_empty_dataset(dataset):
    changes = changes_of_all(dataset)
    assert len(changes.table) == 0
    assert not changes.findings
    assert good_reps(dataset) == frozenset()
