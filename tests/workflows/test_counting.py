"""Recorded and synthetic clips are never counted together, and every number says which it is."""

import json
from dataclasses import replace

import pytest
from support_datasets import N_REPS, TAGS, add_hinges
from workflows.test_training import FAULT, label

from labeler.core.errors import LearningError
from labeler.core.finding import Level
from labeler.core.label import ActionKind
from labeler.core.origin import MADE_UP_MARK, SYNTHETIC_NUMBERS, Origin, is_marked
from labeler.learn.card import read_card
from labeler.workflows.agreeing import agreement_on, agreement_report
from labeler.workflows.baselines import changes_of_all
from labeler.workflows.counting import counted, is_mixed
from labeler.workflows.deriving import features_of_all
from labeler.workflows.predicting import predict_clip
from labeler.workflows.queueing import progress, queue_of
from labeler.workflows.results import comparison_rows, headlines, verdict
from labeler.workflows.reviewing import summaries
from labeler.workflows.training import (
    TrainingWish,
    evaluate_folder,
    label_counts,
    model_rows,
    train_model,
)

N_ATHLETES = 4


def add(dataset, name, *, athlete, lag_s, is_synthetic):
    """A clip of four hinges that was recorded or made up."""
    tags = replace(TAGS, athlete=athlete)
    return add_hinges(dataset, name, tags=tags, lag_s=lag_s, is_synthetic=is_synthetic)


def fill(dataset, *, is_synthetic, said=("0001", "2322")):
    """Athletes of the same names in both worlds: a clean clip and a faulty one each."""
    origin = Origin.SYNTHETIC if is_synthetic else Origin.RECORDED
    for number in range(N_ATHLETES):
        told = {"athlete": f"A{number}", "is_synthetic": is_synthetic}
        clean = add(dataset, f"{origin}-clean{number}.mp4", lag_s=0.02, **told)
        faulty = add(dataset, f"{origin}-dip{number}.mp4", lag_s=-0.25 + 0.01 * number, **told)
        label(dataset, clean, said[0])
        label(dataset, faulty, said[1])
    return dataset


@pytest.fixture
def mixed(dataset):
    """Recorded athletes with the usual answers; made-up ones of whom raters say the opposite."""
    fill(dataset, is_synthetic=False)
    return fill(dataset, is_synthetic=True, said=("2222", "0000"))


def codes(findings):
    return [finding.code for finding in findings]


def test_a_mark_is_found_in_any_words_and_case():
    assert is_marked(MADE_UP_MARK)
    assert is_marked(f"x {MADE_UP_MARK.upper()} y")
    assert not is_marked("")
    assert not is_marked("an athlete")
    assert [origin.other for origin in Origin] == [Origin.SYNTHETIC, Origin.RECORDED]


def test_recorded_clips_count_where_there_are_any(mixed):
    what = counted(mixed)
    assert (what.origin, len(what.clips), what.n_left_out) == (Origin.RECORDED, 8, 8)
    assert not any(clip.is_synthetic for clip in what.clips)
    assert {record.clip_id for record in what.records} == what.clip_ids
    assert codes(what.findings) == ["synthetic_left_out"]
    assert "8 clips are left out" in what.findings[0].message
    assert "--synthetic" in what.findings[0].hint
    assert is_mixed(mixed.clips.all())
    other = counted(mixed, wants_synthetic=True)
    assert (other.is_synthetic, other.n_left_out) == (True, 8)
    assert codes(other.findings) == ["synthetic", "recorded_left_out"]
    assert not other.rep_ids & what.rep_ids


def test_synthetic_clips_alone_count_and_say_so(dataset):
    assert counted(dataset).origin is Origin.RECORDED, "an empty dataset is of people"
    add(dataset, "one.mp4", athlete="A1", lag_s=0.0, is_synthetic=True)
    what = counted(dataset)
    assert (what.is_synthetic, what.n_left_out) == (True, 0)
    assert what.findings == (SYNTHETIC_NUMBERS,)
    assert not is_mixed(dataset.clips.all())
    add(dataset, "two.mp4", athlete="A1", lag_s=0.0, is_synthetic=False)
    assert codes(counted(dataset).findings) == ["synthetic_left_out"]
    assert "1 clip is left out" in counted(dataset).findings[0].message


def test_counts_of_labels_are_of_one_origin(mixed):
    (people,) = label_counts(mixed, 2)
    (made_up,) = label_counts(mixed, 2, wants_synthetic=True)
    assert (people.n_reps, people.n_present, people.n_athletes) == (8 * N_REPS, 16, N_ATHLETES)
    assert (made_up.n_reps, made_up.n_present) == (8 * N_REPS, 16)
    clip = next(clip for clip in mixed.clips.all() if clip.is_synthetic)
    label(mixed, clip, "0000")
    assert label_counts(mixed, 2) == [people]


def test_a_model_learns_from_one_origin(mixed, tmp_path):
    outcome = train_model(mixed, TrainingWish(FAULT, tmp_path / "people"), tell=str)
    card = read_card(outcome.folder)
    recorded = {str(c.clip_id) for c in mixed.clips.all() if not c.is_synthetic}
    assert set(card.trained_on.clip_ids) == recorded
    assert card.trained_on.dropped.get("no_such_rep") is None
    assert not card.is_synthetic
    assert not outcome.comparison.is_synthetic
    assert "synthetic_left_out" in codes(card.findings)
    assert "SYNTHETIC" not in (outcome.folder / "report.md").read_text("utf-8")
    assert "synthetic" not in verdict(card.metrics)
    alone = evaluate_folder(mixed, outcome.folder)
    assert set(alone.probabilities) <= {str(rep) for rep in counted(mixed).rep_ids}


def test_a_synthetic_model_says_so_wherever_it_is_named(mixed, tmp_path):
    wish = TrainingWish(FAULT, tmp_path / "models" / "made-up", wants_synthetic=True)
    outcome = train_model(mixed, wish, tell=str)
    card = read_card(outcome.folder)
    assert card.is_synthetic
    assert set(card.trained_on.clip_ids) == {
        str(clip.clip_id) for clip in mixed.clips.all() if clip.is_synthetic
    }
    assert codes(card.findings)[0] == "synthetic"
    assert "recorded_left_out" in codes(card.findings)
    assert "made-up athletes" in card.limits[0]
    assert card.metrics["is_synthetic"] is True
    assert "of the synthetic reps" in verdict(card.metrics)
    assert all("synthetic" in number.name for number in headlines(card.metrics))
    assert {row["Clips"] for row in comparison_rows(card.metrics)} == {"synthetic"}
    assert [row["is_synthetic"] for row in model_rows(tmp_path / "models")] == [True]
    for name in ("report.md", "report.html"):
        report = (outcome.folder / name).read_text("utf-8")
        assert "SYNTHETIC. " in report
        assert "Scores (synthetic)" in report
        assert f"{N_ATHLETES} synthetic athletes" in report
        assert "all synthetic" in report


def test_an_older_card_is_of_people(mixed, tmp_path):
    folder = train_model(mixed, TrainingWish(FAULT, tmp_path / "old"), tell=str).folder
    plain = json.loads((folder / "card.json").read_text("utf-8"))
    del plain["is_synthetic"]
    (folder / "card.json").write_text(json.dumps(plain), "utf-8")
    assert read_card(folder).is_synthetic is False


def test_what_a_synthetic_model_says_about_a_person_is_doubted_first(mixed, tmp_path):
    wish = TrainingWish(FAULT, tmp_path / "made-up", wants_synthetic=True)
    folder = train_model(mixed, wish, tell=str).folder
    person, made_up = (
        next(clip for clip in mixed.clips.all() if clip.is_synthetic is wanted)
        for wanted in (False, True)
    )
    doubted = predict_clip(mixed, person, folder)
    assert doubted.findings()[0].code == "synthetic_model"
    assert doubted.findings()[0].level is Level.BAD
    assert codes(doubted.findings()).count("synthetic") == 1
    assert all("synthetic_model" in row["flags"] for row in doubted.rows())
    assert {(r["is_synthetic"], r["is_model_synthetic"]) for r in doubted.rows()} == {(False, True)}
    usual = predict_clip(mixed, made_up, folder)
    assert codes(usual.findings())[0] == "synthetic"
    assert not any("synthetic_model" in row["flags"] for row in usual.rows())
    scored = evaluate_folder(mixed, folder)
    assert codes(scored.findings)[0] == "other_origin"
    assert "all_seen_in_training" not in codes(scored.findings), "A0 is not the made-up A0"
    people = train_model(mixed, TrainingWish(FAULT, tmp_path / "people"), tell=str).folder
    assert predict_clip(mixed, made_up, people).findings()[0].code == "synthetic_clip"
    other = evaluate_folder(mixed, people, wants_synthetic=True)
    assert other.is_synthetic
    assert codes(other.findings)[:2] == ["other_origin", "synthetic"]


def test_training_says_what_is_missing_where_only_the_others_are_labelled(dataset, tmp_path):
    fill(dataset, is_synthetic=True)
    add(dataset, "person.mp4", athlete="A1", lag_s=0.0, is_synthetic=False)
    with pytest.raises(LearningError, match="expected reps with an answer, got none"):
        train_model(dataset, TrainingWish(FAULT, tmp_path / "m"), tell=str)
    wish = TrainingWish(FAULT, tmp_path / "m", wants_synthetic=True)
    assert train_model(dataset, wish, tell=str).card.is_synthetic


def test_raters_are_compared_over_one_origin(mixed):
    for clip in mixed.clips.all():
        as_ann = "2222" if "clean" in clip.file_name else "0000"
        label(mixed, clip, as_ann if clip.is_synthetic else "0001", rater="ben")
    people = agreement_report(mixed)
    made_up = agreement_report(mixed, wants_synthetic=True)
    for report in (people, made_up):
        assert report.n_answered_reps == report.n_common_reps == 8 * N_REPS
        assert report.n_reps_by_rater == {"ann": 32, "ben": 32}
        assert report.fault(FAULT).n_overlaps == 32
    assert not people.is_synthetic
    assert codes(people.findings) == ["synthetic_left_out"]
    assert made_up.as_dict()["is_synthetic"] is True
    assert codes(made_up.findings) == ["synthetic", "recorded_left_out"]
    kappas = [agreement_on(mixed, FAULT, wants_synthetic=w).kappa.value for w in (False, True)]
    assert kappas == pytest.approx([0.0, 1.0])
    assert kappas == [report.fault(FAULT).kappa.value for report in (people, made_up)]


def test_blind_repeats_of_the_other_origin_do_not_count(mixed):
    made_up = next(clip for clip in mixed.clips.all() if clip.is_synthetic)
    actions = mixed.journal.actions(made_up.clip_id)
    first = next(a for a in actions if a.kind is ActionKind.ANSWER)
    again = tuple(replace(fact, round_number=2) for fact in first.labels)
    mixed.journal.record(replace(first, action_id="again:1", labels=again))
    assert agreement_report(mixed).fault(FAULT).repeats == ()
    (told,) = agreement_report(mixed, wants_synthetic=True).fault(FAULT).repeats
    assert told.n_overlaps == 1


def test_a_person_is_not_compared_with_the_made_up_one_of_that_name(dataset):
    person = add(dataset, "a.mp4", athlete="A1", lag_s=0.0, is_synthetic=False)
    made_up = add(dataset, "b.mp4", athlete="A1", lag_s=0.2, is_synthetic=True)
    from labeler.workflows.labeling import all_clear

    for record in dataset.journal.reps(made_up.clip_id):
        all_clear(dataset, made_up, rep=record.rep_id, rater="ann")
    found = changes_of_all(dataset)
    has = found.table.groupby("clip_id")["has_baseline_ratio"].max()
    assert has[made_up.clip_id] == 1
    assert has[person.clip_id] == 0


def test_progress_tells_both_apart_and_every_row_says_which(mixed):
    rows = [one for one in progress(mixed, "ann") if one.fault == FAULT]
    assert [(one.is_synthetic, one.n_answered, one.n_asked) for one in rows] == [
        (False, 32, 32),
        (True, 32, 32),
    ]
    assert [one.as_row()["is_synthetic"] for one in rows] == [False, True]
    assert {s.as_row()["is_synthetic"] for s in summaries(mixed)} == {True, False}
    assert {item.as_row()["is_synthetic"] for item in queue_of(mixed, "ann").items} == {True, False}
    found = [s for s in summaries(mixed) if "synthetic" in s.words]
    assert len(found) == 8
    features = features_of_all(mixed)
    assert int(features["is_synthetic"].sum()) == 8 * N_REPS
