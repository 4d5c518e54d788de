"""The pieces of the benchmark of learning that decide what its numbers mean."""

import learning_data as data
import learning_trials as trials
import numpy as np
import pandas as pd
import pytest

from labeler.core.label import Answer, Label

AT = "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["passed", "fired"], "fired"),
        (["not_applicable", "passed"], "passed"),
        (["too_close", "not_applicable"], "too_close"),
        (["too_close", "passed"], "passed"),
        (["not_applicable"], "not_applicable"),
    ],
)
def test_any_rule_fires_where_one_fires_and_passes_where_one_passes(said, expected):
    scores = [np.nan if state == "not_applicable" else float(n) for n, state in enumerate(said)]
    rules = pd.DataFrame({"rep_id": "r1", "state": said, "score": scores, "version": "1"})
    (row,) = data.any_rule(rules.assign(fault="any")).to_dict("records")
    assert row["state"] == expected
    assert row["fault"] == data.FAULT


def test_raters_err_each_on_their_own_and_as_often_as_told():
    labels = [Label(f"r{n}", data.FAULT, "p", Answer.CLEAR, AT) for n in range(2000)]
    wrong = trials.flipped(labels, 0.2, 3)
    by_rater = {
        name: [one for one in wrong if one.rater == name] for name in ("rater 0", "rater 2")
    }
    is_wrong = [np.array([x.answer is Answer.ABSENT for x in one]) for one in by_rater.values()]
    assert len(wrong) == 3 * len(labels)
    assert [found.mean() for found in is_wrong] == pytest.approx([0.2, 0.2], abs=0.04)
    assert np.mean(is_wrong[0] & is_wrong[1]) == pytest.approx(0.04, abs=0.02)


def test_made_up_sets_hold_five_repetitions_of_one_person_and_kind():
    table = type("Table", (), {"athlete": ["A"] * 12 + ["B"] * 3, "y": [0] * 6 + [1] * 9})()
    sets = trials.sets_of(table)
    assert sets[:6] == ["A-0-0"] * 5 + ["A-0-1"]
    assert sets[6:] == ["A-1-0"] * 5 + ["A-1-1"] + ["B-1-0"] * 3
