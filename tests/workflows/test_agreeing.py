"""How far the raters of a dataset agree: reports, their rows, and what they say in words."""

import json
import math

import numpy as np
import pytest
from support_raters import add_rated_sets, simulated_severities

from labeler.core.clip import ClipTags
from labeler.core.errors import UsageError
from labeler.core.label import Answer
from labeler.evaluate.agreement import Repeat
from labeler.evaluate.draws import MIN_GROUPS_FOR_INTERVAL
from labeler.workflows.agreeing import (
    agreement_report,
    fault_rows,
    has_heat_map,
    heat_rows,
    pair_rows,
    state_of,
    what_is_missing,
)
from labeler.workflows.agreement_words import STATISTICS, findings, verdict

RATERS = ("ann", "ben", "cara")
FAULT = "back_rounding"


def severities(n_reps=60, error_ratio=0.2):
    return simulated_severities(n_reps, n_raters=len(RATERS), error_ratio=error_ratio)


def report_of(dataset, said, *, raters=RATERS, **told):
    """The report on one fault that these answers give."""
    add_rated_sets(dataset, said, raters=raters)
    return agreement_report(dataset, **told)


def codes(found):
    return [finding.code for finding in findings(found)]


def columns(**answers):
    """Answers of raters to the same reps, from rater -> list."""
    return np.array(list(answers.values()), dtype=float).T


def test_the_report_is_about_answers_in_force(dataset):
    said = severities()
    said[30:, 2] = np.nan
    report = report_of(dataset, said)
    assert report.n_reps_by_rater == {"ann": 60, "ben": 60, "cara": 30}
    assert (report.n_answered_reps, report.n_common_reps) == (60, 60)
    assert [report.n_open(rater) for rater in (*RATERS, "dora")] == [0, 0, 30, 60]
    (found,) = report.compared
    assert (found.n_overlaps, found.n_complete, found.n_athletes) == (60, 30, 12)
    assert found.kappa.low < found.kappa.value < found.kappa.high
    assert verdict(found).startswith("Raters agree well enough to learn from: κ 0.")
    assert codes(found) == []


def test_an_answer_more_is_another_state_and_so_is_another_athlete(dataset):
    add_rated_sets(dataset, severities(10), raters=RATERS)
    before = state_of(dataset)
    assert state_of(dataset) == before
    add_rated_sets(dataset, severities(10), raters=("dora", "ed", "fay"))
    answered = state_of(dataset)
    assert answered != before
    clip = dataset.clips.all()[0]
    dataset.clips.set_tags(clip.clip_id, ClipTags("A99", "deadlift"))
    assert state_of(dataset) != answered


def test_athletes_without_a_name_are_one_person(dataset):
    add_rated_sets(dataset, severities(), raters=RATERS)
    for clip in dataset.clips.all():
        dataset.clips.set_tags(clip.clip_id, ClipTags(None, "deadlift"))
    (found,) = agreement_report(dataset).compared
    assert found.n_athletes == 1
    assert math.isnan(found.kappa.low)


def test_faults_that_need_work_come_first(dataset):
    add_rated_sets(dataset, severities(error_ratio=0.05), raters=RATERS, faults=("hip_delay",))
    rng = np.random.default_rng(1)
    guessed = rng.integers(0, 4, (60, 3)).astype(float)
    add_rated_sets(dataset, guessed, raters=RATERS, faults=("knee_dominant",))
    unseen = np.zeros((60, 3))
    add_rated_sets(dataset, unseen, raters=RATERS, faults=("torso_dip_first",))
    rows = fault_rows(agreement_report(dataset))
    assert [row["fault"] for row in rows] == ["knee_dominant", "hip_delay", "torso_dip_first"]
    assert [row["verdict"] for row in rows] == ["Not ready", "Ready", "Cannot tell"]
    assert rows[2]["κ"] == "cannot tell"
    assert rows[2]["PABAK"] == "1.00"
    assert "0." in rows[1]["κ"]
    assert " to " in rows[1]["κ"]


def test_verdicts_name_the_number_and_the_way_out(dataset):
    rng = np.random.default_rng(1)
    (found,) = report_of(dataset, rng.integers(0, 4, (60, 3)).astype(float)).compared
    assert "Not ready for a model" in verdict(found)
    assert "rater sheet" in verdict(found)


def test_partial_agreement_is_said_to_be_partial(dataset):
    said = columns(ann=[0, 0, 0, 2, 2, 2] * 5, ben=[0, 0, 2, 2, 2, 0] * 5)
    (found,) = report_of(dataset, said, raters=("ann", "ben")).compared
    assert found.kappa.value == pytest.approx(1 / 3)
    assert "only partly" in verdict(found)


def test_too_few_repetitions_have_no_verdict(dataset):
    said = columns(ann=[0, 2] * 30, ben=[0, 2] + [np.nan] * 58)
    (found,) = report_of(dataset, said, raters=("ann", "ben")).compared
    assert "two raters graded 2 repetitions, and a verdict needs 16" in verdict(found)
    assert codes(found) == ["few_overlaps", "no_interval"]
    few = findings(found)[0]
    assert few.message == "Two raters graded 2 of 60 repetitions; 20 % or more is asked for."


def test_raters_who_all_say_absent_are_told_what_to_do(dataset):
    (found,) = report_of(dataset, np.zeros((40, 2)), raters=("ann", "ben")).compared
    assert "same side of the threshold" in verdict(found)
    assert "100 % of the repetitions" in verdict(found)


def test_a_rare_fault_is_told_from_disagreement(dataset):
    said = np.zeros((60, 2))
    said[[3, 17], 0] = said[[30, 44], 1] = 2
    (found,) = report_of(dataset, said, raters=("ann", "ben")).compared
    assert found.kappa.value < 0.2
    assert "one_sided" in codes(found)


def test_an_interval_that_crosses_a_limit_is_said_to(dataset):
    said = columns(ann=[0, 0, 2, 2] * 8, ben=[0, 2, 2, 0] * 2 + [0, 0, 2, 2] * 4 + [2, 0, 2, 2] * 2)
    (found,) = report_of(dataset, said, raters=("ann", "ben")).compared
    assert found.n_athletes >= MIN_GROUPS_FOR_INTERVAL
    assert "wide_interval" in codes(found)


def test_pairs_and_heat_map_show_the_same_numbers(dataset):
    found = report_of(dataset, severities()).fault(FAULT)
    pairs, cells = pair_rows(found), heat_rows(found)
    assert [row["raters"] for row in pairs] == ["ann and ben", "ann and cara", "ben and cara"]
    assert len(cells) == 6
    assert has_heat_map(found)
    by_names = {(cell["rater"], cell["other"]): cell["words"] for cell in cells}
    assert by_names["ann", "ben"] == by_names["ben", "ann"] == pairs[0]["κ"]


def test_two_raters_need_no_heat_map(dataset):
    found = report_of(dataset, severities()[:, :2], raters=("ann", "ben")).fault(FAULT)
    assert not has_heat_map(found)


def test_blind_repeats_stand_beside_the_pairs(dataset):
    add_rated_sets(dataset, severities(20)[:, :2], raters=("ann", "ben"))
    records = dataset.journal.reps()
    repeats = [
        Repeat(record.rep_id, FAULT, "ann", Answer.ABSENT, Answer("0" if n else "2"))
        for n, record in enumerate(records)
    ]
    found = agreement_report(dataset, repeats=repeats).fault(FAULT)
    assert pair_rows(found)[-1]["raters"] == "ann, twice"
    assert pair_rows(found)[-1]["Agreed"] == pytest.approx(0.95)
    assert heat_rows(found)[1]["rater"] == heat_rows(found)[1]["other"] == "ann"
    assert has_heat_map(found)


def test_the_threshold_is_passed_on(dataset):
    said = columns(ann=[0, 1, 1, 0, 2] * 4, ben=[0, 1, 1, 0, 1] * 4)
    add_rated_sets(dataset, said, raters=("ann", "ben"))
    low, high = (agreement_report(dataset, threshold=n).fault(FAULT) for n in (1, 2))
    assert low.kappa.value == 1
    assert high.kappa.value == 0


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, "Today nobody has answered anything."),
        ({"ann": [0, 2, 1, np.nan]}, "Today there is one rater, ann, with 3 repetitions."),
        (
            {"ann": [0, 2, np.nan], "ben": [np.nan, np.nan, 1]},
            "Today: ann 2 repetitions, ben 1 repetition, none of them the same.",
        ),
        (
            {"ann": [0, 2, -1], "ben": [-1, -1, 1]},
            "Today: ann 3 repetitions, ben 3 repetitions. Some are the same, but no fault was "
            "graded by two in any of them.",
        ),
    ],
    ids=["nobody", "one rater", "apart", "not visible"],
)
def test_what_is_missing_is_said_in_numbers(dataset, answers, expected):
    if answers:
        add_rated_sets(dataset, columns(**answers), raters=tuple(answers))
    report = agreement_report(dataset)
    assert report.compared == ()
    assert what_is_missing(report) == expected


def test_a_fault_that_nobody_has_answered_is_refused(dataset):
    report = report_of(dataset, severities(10))
    with pytest.raises(UsageError, match=r"somebody has answered \(back_rounding\), got 'nothing'"):
        report.fault("nothing")


def test_the_report_is_plain_json_and_names_no_athlete(dataset):
    plain = report_of(dataset, severities(20)).as_dict()
    text = json.dumps(plain, allow_nan=False)
    assert "A00" not in text
    assert plain["faults"][0]["verdict"]
    assert set(STATISTICS) <= set(plain["faults"][0]["estimates"])
