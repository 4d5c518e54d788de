"""One athlete: checklist, rates, best and worst, who leads, plan; blind to who has to rate."""

import dataclasses
import math

import pytest
from support_athlete_page import CLEAR, FAULT, OTHER, add_session, rate, two_sessions
from support_datasets import TAGS, add_hinges, new_dataset
from support_models import add_rated_athletes, quick_model

from labeler.catalog import load_catalog
from labeler.core.clip import ClipTags, View
from labeler.core.errors import UsageError
from labeler.core.label import Answer
from labeler.workflows.athlete import athlete_report, athlete_rows
from labeler.workflows.athlete_checklist import Filmed, checklist, missing_words, untold
from labeler.workflows.athlete_courses import sequencing
from labeler.workflows.athlete_drawing import sequencing_svg
from labeler.workflows.athlete_faults import By, period_name, periods_of, plan
from labeler.workflows.athlete_report import athlete_html
from labeler.workflows.athlete_reps import Ask, AthleteRep, Known, Said, same_turns
from labeler.workflows.athlete_words import athlete_lines, fault_rows
from labeler.workflows.disputes import Verdict, decide
from labeler.workflows.promoting import promote


@pytest.fixture
def dataset(tmp_path):
    with new_dataset(tmp_path) as opened:
        yield opened


@pytest.fixture
def ask(tmp_path):
    return Ask(tmp_path / "models")


def history(report, fault=FAULT):
    return next(one for one in report.histories if one.fault.id == fault)


def test_the_checklist_says_what_is_filmed_too_short_or_missing(dataset):
    clip = add_hinges(dataset)
    short = dataclasses.replace(clip, tags=ClipTags("A01", "hinge", View.OBLIQUE), duration_s=5.0)
    long = dataclasses.replace(clip, duration_s=15.0)
    untagged = dataclasses.replace(clip, tags=ClipTags("A01"))
    found = checklist([long, short, untagged])
    assert [one.state for one in found[:2]] == [Filmed.DONE, Filmed.SHORT]
    assert {one.state for one in found[2:]} == {Filmed.MISSING}
    assert missing_words(found).startswith("1 of 8 filmed. Still to film: dowel hip hinge from 45°")
    assert "(longer)" in missing_words(found)
    assert untold([long, short, untagged]) == 1
    assert found[0].as_row()["longest_s"] == 15.0
    assert found[2].as_row()["longest_s"] is None


def test_a_complete_assessment_is_complete(dataset):
    clip = dataclasses.replace(add_hinges(dataset), duration_s=16.0)
    every = [
        dataclasses.replace(clip, tags=ClipTags("A01", movement, view))
        for movement in ("hinge", "squat", "rotation", "antirot")
        for view in (View.SIDE, View.OBLIQUE)
    ]
    assert missing_words(checklist(every)) == "The assessment is complete."


def test_rates_count_only_what_was_judged(dataset, ask):
    two_sessions(dataset)
    one = history(athlete_report(dataset, "A01", ask))
    assert (one.raters.n_present, one.raters.n) == (4, 6)
    assert one.raters.left_out == {"not visible": 1, "tied": 1}
    assert [(p.period.name, p.raters.n_present, p.raters.n) for p in one.periods] == [
        ("S1", 3, 3),
        ("S2", 1, 3),
    ]
    assert one.detector == "rule"
    assert one.detected.n <= 8
    assert one.raters_trend.startswith("Too few repetitions")


def test_nothing_rated_is_not_absent(dataset, ask):
    add_hinges(dataset)
    one = history(athlete_report(dataset, "A01", ask))
    assert one.raters.n == 0
    assert one.raters.left_out == {"not rated": 4}
    assert math.isnan(one.raters.ratio)


def test_a_decision_stands_before_the_raters(dataset, ask):
    _, second = two_sessions(dataset)
    decide(
        dataset,
        second,
        Verdict("4", FAULT, Answer.SEVERE, "seen in slow motion"),
        adjudicator="Eve",
    )
    one = history(athlete_report(dataset, "A01", ask))
    assert (one.raters.n_present, one.raters.n) == (5, 7)


@pytest.mark.parametrize(("threshold", "n_present"), [(1, 4), (2, 4), (3, 1)])
def test_the_threshold_cuts_the_answers(dataset, ask, threshold, n_present):
    two_sessions(dataset)
    found = athlete_report(dataset, "A01", dataclasses.replace(ask, threshold=threshold))
    assert history(found).raters.n_present == n_present


def test_an_answer_from_a_view_that_cannot_show_the_fault_counts_for_nothing(dataset, ask):
    front = ClipTags("A01", "hinge", View.FRONT)
    add_session(dataset, "S1", {"Ann": {CLEAR: "3 3 3 3"}}, tags=front)
    one = history(athlete_report(dataset, "A01", ask), CLEAR)
    assert (one.raters.n, one.raters.left_out) == (0, {"not visible": 4})


def test_two_cameras_on_one_set_count_once(dataset, ask):
    side = {"Ann": {FAULT: "2 2 NV 0"}}
    add_session(dataset, "S1", side)
    oblique = ClipTags("A01", "hinge", View.OBLIQUE)
    add_session(dataset, "S1", {"Ann": {FAULT: "2 2 2 2"}}, tags=oblique)
    one = history(athlete_report(dataset, "A01", ask))
    assert (one.raters.n_present, one.raters.n) == (3, 4)


def test_sets_of_other_sessions_are_not_the_same_turns(dataset, ask):
    two_sessions(dataset)
    known = athlete_report(dataset, "A01", ask).known
    assert [rep.turn_of for rep in known.reps] == [rep.rep_id for rep in known.reps]
    assert same_turns([rep.record for rep in known.reps], []) == {}
    few = known.reps[:1]
    assert same_turns([known.reps[0].record], few) == {}


def test_a_rater_who_has_still_to_rate_sees_nothing_of_it(dataset, ask):
    first, _ = two_sessions(dataset)
    found = athlete_report(dataset, "A01", dataclasses.replace(ask, viewer="Cleo"))
    assert found.known.reps == ()
    assert found.known.n_hidden == 8
    assert (found.histories, found.sequencing, found.extremes, found.plan) == ((), (), {}, ())
    assert "hidden_until_rated" in {one.code for one in found.findings}
    looks = dataclasses.replace(ask, viewer="Cleo", settles=True)
    assert athlete_report(dataset, "A01", looks).known.n_hidden == 0
    asked = load_catalog().faults_of("hinge")
    more = {fault.id: ["0"] * 4 for fault in asked}
    rate(dataset, first, "Dan", more)
    seen = athlete_report(dataset, "A01", dataclasses.replace(ask, viewer="Dan"))
    assert {rep.clip.clip_id for rep in seen.known.reps} == {first.clip_id}


def test_best_and_worst_are_those_of_the_consensus(dataset, ask):
    first, second = two_sessions(dataset)
    report = athlete_report(dataset, "A01", ask)
    best, worst = report.extremes["hinge"]
    assert worst.rep.record.index == 1
    assert worst.rep.clip.clip_id == first.clip_id
    assert worst.severity == pytest.approx(1.5)
    assert worst.seen == ("Torso dips before the hips",)
    assert best.severity == 0
    assert best.rep.clip.clip_id in (first.clip_id, second.clip_id)


def test_without_answers_there_is_no_best(dataset, ask):
    add_hinges(dataset)
    assert athlete_report(dataset, "A01", ask).extremes == {}


def test_of_two_alike_the_detector_decides(dataset, ask):
    two_sessions(dataset)
    known = athlete_report(dataset, "A01", ask).known
    from labeler.workflows.athlete_faults import best_and_worst

    flat = {
        key: dataclasses.replace(one, severity=1.0, detected=Said.ABSENT)
        for key, one in known.verdicts.items()
    }
    chosen = known.reps[5].rep_id
    flat[chosen, FAULT] = dataclasses.replace(flat[chosen, FAULT], detected=Said.PRESENT)
    tied = dataclasses.replace(known, verdicts=flat)
    found = best_and_worst(tied, "hinge")
    assert found is not None
    assert found[1].rep.rep_id == chosen
    assert found[0].rep.rep_id == known.reps[0].rep_id


def test_the_plan_is_the_catalogues_for_the_faults_seen(dataset, ask):
    two_sessions(dataset)
    report = athlete_report(dataset, "A01", ask)
    first = report.plan[0]
    fault = load_catalog().fault(FAULT)
    assert (first.fault, first.is_rated) == (fault, True)
    assert tuple(drill.id for drill in first.drills) == fault.drills
    assert {one.fault.id for one in report.plan if one.is_rated} == {FAULT}
    assert plan([], {}) == []


def test_the_most_frequent_fault_comes_first_in_whatever_movement(dataset, ask):
    two_sessions(dataset)
    squat = ClipTags("A01", "squat", View.SIDE)
    add_session(dataset, "S1", {"Ann": {"hips_shoot_up": "3 3 3 3"}}, tags=squat)
    report = athlete_report(dataset, "A01", ask)
    assert [one.fault.id for one in report.plan if one.is_rated] == ["hips_shoot_up", FAULT]


def test_sequencing_has_a_median_in_its_band_and_a_chosen_rep(dataset, ask):
    two_sessions(dataset)
    report = athlete_report(dataset, "A01", ask)
    (one,) = report.sequencing
    assert (one.n_reps, one.n_clips, one.view) == (8, 2, View.SIDE)
    assert (one.low <= one.middle + 1e-9).all()
    assert (one.middle <= one.high + 1e-9).all()
    assert one.chosen is None
    chosen = report.known.reps[2].rep_id
    (drawn,) = sequencing(dataset, report.known, rep_id=chosen)
    assert drawn.chosen is not None
    assert drawn.chosen.shape == one.middle.shape
    assert sequencing_svg(drawn, ("down", "up")).count('dasharray="6 4"') == 2
    assert 'dasharray="6 4"' not in sequencing_svg(one, ("down", "up"))


@pytest.mark.parametrize(
    ("lag_ms", "limit_ms", "said"),
    [
        (80.0, 30.0, "The hips lead at half the way."),
        (-80.0, 30.0, "The torso leads at half the way."),
        (10.0, 30.0, "Who leads is open: less than 30 ms"),
        (80.0, math.inf, "Who leads is open: no lead can be told"),
        (80.0, math.nan, "Median of 8 repetitions: +80 ms"),
        (math.nan, 30.0, "Who leads could not be measured"),
    ],
)
def test_who_leads_is_said_only_beyond_what_can_be_told(dataset, ask, lag_ms, limit_ms, said):
    two_sessions(dataset)
    (one,) = athlete_report(dataset, "A01", ask).sequencing
    told = dataclasses.replace(one, lag_ms=lag_ms, limit_ms=limit_ms)
    assert told.words.startswith(said)
    assert told.as_dict()["words"] == told.words


def test_a_promoted_model_answers_and_is_named_in_page_json_and_report(dataset, ask):
    add_rated_athletes(dataset)
    quick_model(dataset, ask.models / "dip")
    promote(dataset, ask.models / "dip", by="Ann")
    report = athlete_report(dataset, "A0", ask)
    one = history(report)
    assert one.detector == "model dip"
    assert (one.raters.n_present, one.raters.n) == (4, 8)
    assert one.detected.n + sum(one.detected.left_out.values()) == 8
    assert "model dip" in report.detectors
    assert fault_rows(report)[0]["Who detects"] == "model dip"
    assert "model dip" in athlete_html(report)


def test_holds_have_speeds_and_no_lead(dataset, ask):
    still = ClipTags("A01", "antirot", View.SIDE)
    add_session(dataset, "S1", {}, tags=still)
    assert athlete_report(dataset, "A01", ask).sequencing == ()


def test_too_few_reps_have_no_sequencing_and_no_view_no_limit(dataset, ask):
    two_sessions(dataset)
    known = athlete_report(dataset, "A01", ask).known
    assert sequencing(dataset, dataclasses.replace(known, reps=known.reps[:2])) == []
    add_session(dataset, "S1", {}, tags=ClipTags("A02", "hinge"))
    (one,) = athlete_report(dataset, "A02", ask).sequencing
    assert math.isnan(one.limit_ms)


def test_periods_are_sessions_or_weeks(dataset, ask):
    two_sessions(dataset)
    reps = athlete_report(dataset, "A01", ask).known.reps
    assert [one.name for one in periods_of(reps, By.SESSION)] == ["S1", "S2"]
    assert [one.name for one in periods_of(reps, By.WEEK)] == ["2026-W01"]
    untold_session = dataclasses.replace(reps[0].clip, tags=TAGS)
    assert period_name(untold_session, By.SESSION) == untold_session.file_name


def test_the_tenth_session_comes_after_the_ninth(dataset, ask):
    two_sessions(dataset)
    rep = athlete_report(dataset, "A01", ask).known.reps[0]
    named = [
        AthleteRep(
            rep.record,
            dataclasses.replace(rep.clip, tags=ClipTags("A01", "hinge", View.SIDE, name)),
            rep.turn_of,
        )
        for name in ("S10", "S9", "S1")
    ]
    assert [one.name for one in periods_of(named, By.SESSION)] == ["S1", "S9", "S10"]


def test_a_clip_without_a_pose_is_told_about_as_far_as_people_saw_it(dataset, ask):
    first, second = two_sessions(dataset)
    for clip in (first, second):
        dataset.tracks.path(clip.clip_id).unlink()
    report = athlete_report(dataset, "A01", ask)
    one = history(report)
    assert (one.raters.n, one.detected.n) == (6, 0)
    assert one.detected.left_out == {"detector cannot tell": 8}
    assert report.sequencing == ()
    assert report.detectors == ()


def test_everybody_is_listed_and_nobody_else_is_known(dataset, ask):
    two_sessions(dataset)
    (row,) = athlete_rows(dataset)
    assert (row["athlete"], row["clips"], row["reps"], row["sessions"]) == ("A01", 2, 8, 2)
    assert row["assessment_missing"] == 8  # fourteen seconds are too short
    with pytest.raises(UsageError, match="expected one of A01, got 'A09'") as told:
        athlete_report(dataset, "A09", ask)
    assert "labeler tag" in told.value.hint
    with pytest.raises(UsageError, match="expected an id of a repetition of A01"):
        athlete_report(dataset, "A01", dataclasses.replace(ask, rep_id="none"))


def test_made_up_and_recorded_clips_are_never_counted_together(dataset, ask):
    two_sessions(dataset)
    add_session(dataset, "S3", {"Ann": {FAULT: "3 3 3 3"}}, is_synthetic=True)
    assert history(athlete_report(dataset, "A01", ask)).raters.n == 6
    made_up = athlete_report(dataset, "A01", dataclasses.replace(ask, wants_synthetic=True))
    assert history(made_up).raters.n == 4
    assert made_up.is_synthetic
    assert made_up.as_dict()["is_synthetic"] is True


def test_rows_and_lines_say_it_all(dataset, ask):
    two_sessions(dataset)
    report = athlete_report(dataset, "A01", ask)
    rows = fault_rows(report)
    assert rows[0]["Fault"] == "Torso dips before the hips"
    assert rows[0]["Raters"] == "67 % (30 to 90 %), 4 of 6"
    assert rows[0]["Left out"] == "1 tied, 1 not visible"
    assert "Movement" not in fault_rows(report, "hinge")[0]
    assert fault_rows(report, "squat") == []
    text = "\n".join(athlete_lines(report))
    assert "hinge: best" in text
    assert "Nothing here is a medical statement." in text
    told = report.as_dict()
    assert told["n_raters"] == 2
    assert told["faults"][0]["periods"][0]["raters"]["n"] == 3
    assert told["best_and_worst"]["hinge"]["worst"]["rep"] == 1
    assert OTHER in {one["fault"] for one in told["faults"]}


def test_what_is_known_of_a_question_nobody_asked_is_nothing(dataset, ask):
    two_sessions(dataset)
    known: Known = athlete_report(dataset, "A01", ask).known
    verdict = known.verdict(known.reps[0], "no_such_fault")
    assert (verdict.rated, verdict.detected) == (Said.NOT_RATED, Said.NO_ANSWER)
