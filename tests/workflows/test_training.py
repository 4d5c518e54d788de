"""Train, evaluate and ask, as commands and pages do; honest when there is little to go by."""

import json
import shutil
from dataclasses import replace

import pytest
from support_datasets import N_REPS, TAGS, add_hinges, new_dataset

from labeler.catalog.own import OWN_CATALOG
from labeler.core.clip import ClipTags, View
from labeler.core.errors import CatalogError, LearningError, UsageError
from labeler.core.finding import Level
from labeler.evaluate.agreement_verdict import Gate
from labeler.evaluate.comparison import Verdict
from labeler.rules.thresholds import load_limits
from labeler.store.dataset import Dataset
from labeler.workflows.agreeing import agreement_on
from labeler.workflows.labeling import answer_fault
from labeler.workflows.predicting import predict_any, predict_clip
from labeler.workflows.results import (
    CANNOT_TELL,
    METHOD_NAMES,
    VERDICTS,
    comparison_rows,
    headlines,
    interval,
    plain_reason,
    remarks,
    rules_used,
    short_rows,
    tally,
    verdict,
    worst_reps,
)
from labeler.workflows.training import (
    TrainingWish,
    evaluate_folder,
    label_counts,
    model_folder,
    model_rows,
    new_model_folder,
    train_model,
)

FAULT = "torso_dip_first"


def label(dataset, clip, answers: str, rater="ann") -> None:
    """One answer per rep: ``0`` to ``3``, or ``-`` for not visible."""
    for number, answer in enumerate(answers, start=1):
        said = "NV" if answer == "-" else answer
        answer_fault(dataset, clip, rep=str(number), fault=FAULT, answer=said, rater=rater)


@pytest.fixture(scope="module")
def filmed(tmp_path_factory):
    """Where six athletes lie, a clean clip and one whose torso leads by 250 ms each."""
    home = tmp_path_factory.mktemp("filmed")
    with new_dataset(home) as dataset:
        for number in range(6):
            tags = replace(TAGS, athlete=f"A{number}")
            label(dataset, add_hinges(dataset, f"clean{number}.mp4", tags=tags, lag_s=0.02), "0001")
            lag_s = -0.25 + 0.01 * number
            label(dataset, add_hinges(dataset, f"dip{number}.mp4", tags=tags, lag_s=lag_s), "2322")
        return dataset.folder


@pytest.fixture(scope="module")
def learned(filmed):
    """What comes out of training on them."""
    steps = []
    with Dataset.open(filmed, create=False) as dataset:
        wish = TrainingWish(FAULT, filmed.parent / "models" / "dip")
        outcome = train_model(dataset, wish, tell=steps.append)
    assert len(steps) == 4, "each step is named"
    return outcome


@pytest.fixture
def athletes(filmed, tmp_path):
    """A copy of the six athletes to work on."""
    copied = shutil.copytree(filmed, tmp_path / "dataset")
    with Dataset.open(copied, create=False) as dataset:
        yield dataset


@pytest.fixture
def model(learned, tmp_path):
    """A copy of the model's folder, and what came out."""
    return replace(learned, folder=shutil.copytree(learned.folder, tmp_path / "models" / "dip"))


def test_a_timing_fault_is_learned_and_tested_on_unseen_athletes(model):
    (first, *_) = comparison_rows(model.card.metrics)
    assert first["Method"] == "The model"
    assert first["Reps"] == 12 * N_REPS
    assert model.comparison.row("model").estimates["auroc"].value > 0.9
    rows = comparison_rows(model.card.metrics)
    assert any(" to " in row["AUROC"] for row in rows), "numbers come with their interval"
    assert model.comparison.n_athletes == 6


def test_the_card_and_the_reports_are_kept_beside_the_model(model):
    names = {path.name for path in model.folder.iterdir()}
    written = {"card.json", "card.md", "report.html", "report.md"}
    assert names == {"model.joblib", "memory.npz", *written}
    assert json.loads((model.folder / "card.json").read_text())["fault"] == FAULT


def test_an_existing_model_is_scored_on_labelled_clips(athletes, model):
    comparison = evaluate_folder(athletes, model.folder)
    codes = {finding.code for finding in comparison.findings}
    assert "all_seen_in_training" in codes
    assert verdict(comparison.as_dict()).endswith(".")


def test_predictions_stand_beside_the_rules(athletes, model):
    clip = athletes.clips.get("dip0.mp4")
    prediction = predict_clip(athletes, clip, model.folder)
    rows = prediction.rows()
    assert [row["index"] for row in rows] == [1, 2, 3, 4]
    assert {row["answer"] for row in rows} == {"present"}
    assert {row["rule_state"] for row in rows} <= {
        "fired",
        "passed",
        "too_close",
        "not_applicable",
    }
    assert {row["rule_version"] for row in rows} == {load_limits().version}
    assert model.comparison.rules_version == load_limits().version
    assert load_limits().version in rules_used(model.card.metrics)
    assert rules_used({}) == ""


def test_a_view_that_cannot_show_the_fault_is_never_scored(athletes, model):
    tags = replace(TAGS, athlete="A9", view=View.FRONT)
    clip = add_hinges(athletes, "front.mp4", tags=tags)
    prediction = predict_clip(athletes, clip, model.folder)
    assert {row["answer"] for row in prediction.rows()} == {"not_visible"}
    assert prediction.answers["probability"].isna().all()


def test_another_view_is_flagged_before_any_answer(athletes, model):
    clip = add_hinges(athletes, "oblique.mp4", tags=replace(TAGS, view=View.OBLIQUE))
    first = predict_clip(athletes, clip, model.folder).findings()[0]
    assert first.code == "other_view"


def test_a_file_is_asked_about_without_being_kept(athletes, model, tmp_path, monkeypatch):
    from workflows.made_extraction import extract_hinges

    monkeypatch.setattr("labeler.workflows.extracting.extract", extract_hinges)
    video = tmp_path / "new.mp4"
    video.write_bytes(b"new")
    before = len(athletes.clips.all())
    told = ClipTags(view=View.SIDE)
    prediction = predict_any(athletes.folder, str(video), model.folder, tags=told)
    assert prediction.clip.tags.movement == "hinge", "the card knows only one movement"
    assert len(prediction.rows()) == N_REPS
    assert len(athletes.clips.all()) == before
    assert video.exists()


def test_models_are_listed_with_what_is_wrong_with_them(model):
    broken = model.folder.with_name("broken")
    broken.mkdir()
    (broken / "card.json").write_text("{}")
    rows = {row["model"]: row for row in model_rows(model.folder.parent)}
    assert rows["dip"]["problem"] is None
    assert rows["dip"]["athletes"] == 6
    assert rows["broken"]["problem"] is not None


def test_a_model_is_named_by_its_folder_or_its_name(tmp_path):
    from pathlib import Path

    assert model_folder(Path("dip"), tmp_path) == tmp_path / "dip"
    assert model_folder(Path("models/dip"), tmp_path) == Path("models/dip")


def test_labels_are_counted_by_rep_and_nothing_becomes_absent(dataset):
    clip = add_hinges(dataset)
    label(dataset, clip, "20-")
    label(dataset, clip, "00-0", rater="ben")
    (count,) = label_counts(dataset, 2)
    assert (count.n_reps, count.n_present, count.n_absent, count.n_not_visible) == (4, 1, 2, 1)
    assert count.n_athletes == 1


def test_what_cannot_be_trained_says_what_is_missing(dataset, tmp_path):
    clip = add_hinges(dataset)
    label(dataset, clip, "000-")
    with pytest.raises(LearningError, match="all absent"):
        train_model(dataset, TrainingWish(FAULT, tmp_path / "m"), tell=str)
    with pytest.raises(CatalogError, match="got 'nonsense'"):
        train_model(dataset, TrainingWish("nonsense", tmp_path / "m"), tell=str)
    with pytest.raises(UsageError, match="threshold: expected a severity from 1 to 3, got 0"):
        TrainingWish(FAULT, tmp_path, threshold=0)
    assert not (tmp_path / "m").exists()


def test_what_is_rated_by_hand_out_of_view_stays_a_label_and_teaches_nothing(athletes, tmp_path):
    hidden = replace(TAGS, athlete="A0", view=View.FRONT)
    label(athletes, add_hinges(athletes, "front.mp4", tags=hidden), "0022")
    n_visible = 12 * N_REPS
    (count,) = label_counts(athletes, 2)
    assert (count.n_out_of_view, count.n_not_visible) == (4, 0)
    assert count.n_present + count.n_absent == n_visible
    outcome = train_model(athletes, TrainingWish(FAULT, tmp_path / "m"), tell=str)
    assert outcome.card.trained_on.n_reps == n_visible
    assert outcome.card.trained_on.dropped["view"] == 4
    found = {finding.code: finding for finding in outcome.card.findings}
    assert "4 reps were rated by hand" in found["rated_out_of_view"].message
    assert "4 reps were rated by hand" in (outcome.folder / "report.md").read_text()
    again = evaluate_folder(athletes, outcome.folder)
    assert again.dropped["view"] == 4
    assert outcome.agreement.n_reps == n_visible + 4, "raters are compared on all they rated"


def test_a_fault_whose_raters_disagree_is_not_trained_unless_told_so(athletes, tmp_path):
    """Ben calls every other rep what Ann does not: κ is below chance."""
    for clip in athletes.clips.all():
        is_clean = clip.file_name.startswith("clean")
        label(athletes, clip, "2020" if is_clean else "0202", rater="ben")
    wish = TrainingWish(FAULT, tmp_path / "m")
    with pytest.raises(LearningError, match="expected raters who agree") as error:
        train_model(athletes, wish, tell=str)
    assert "--despite-disagreement" in error.value.hint
    assert not wish.folder.exists()
    outcome = train_model(athletes, replace(wish, is_despite_disagreement=True), tell=str)
    found = {finding.code: finding for finding in outcome.card.findings}
    assert found["raters_disagree"].level is Level.BAD
    assert outcome.agreement.gate is Gate.NOT_READY


def test_partial_agreement_and_a_single_rater_are_said_on_the_card(athletes, tmp_path):
    alone = train_model(athletes, TrainingWish(FAULT, tmp_path / "alone"), tell=str)
    (told,) = [one for one in alone.card.findings if one.code == "agreement_unknown"]
    assert "no repetition was graded by two raters" in told.message
    for clip in athletes.clips.all():
        is_clean = clip.file_name.startswith("clean")
        label(athletes, clip, "2200" if is_clean else "2220", rater="ben")
    agreed = agreement_on(athletes, FAULT)
    assert agreed.gate is Gate.WARN
    outcome = train_model(athletes, TrainingWish(FAULT, tmp_path / "partly"), tell=str)
    assert "raters_agree_partly" in {finding.code for finding in outcome.card.findings}


def test_what_is_not_known_is_said_in_words():
    assert interval(None) == CANNOT_TELL
    assert interval({"value": None, "low": None, "high": None}) == CANNOT_TELL
    assert interval({"value": 0.5, "low": None, "high": None}) == "0.50"
    assert interval({"value": 0.5, "low": 0.25, "high": 0.75}) == "0.50 (0.25 to 0.75)"
    assert comparison_rows({}) == []
    assert (short_rows({}), remarks({})) == ([], [])
    assert "cannot be told yet" in verdict({})


def test_the_worst_reps_lead_to_their_clips(athletes, model):
    metrics = {
        "worst_reps": [
            {
                "rep_id": athletes.journal.reps()[0].rep_id,
                "is_present": True,
                "probability": 0.07,
            },
            {"rep_id": "gone-1", "is_present": False, "probability": 0.9},
        ]
    }
    (worst,) = worst_reps(athletes, metrics)
    assert worst.clip_id == athletes.journal.reps()[0].clip_id
    assert worst.title.endswith("raters say present, the model absent")
    assert "7%" in worst.help


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a\\b", ".hidden", "x" * 81, "a\nb", "C:x"])
def test_a_name_that_is_no_folder_name_is_refused(tmp_path, name):
    with pytest.raises(UsageError, match="model name: expected letters, digits"):
        new_model_folder(tmp_path, name, is_replacing=True)


def test_a_taken_name_is_refused_before_anything_is_computed(tmp_path):
    (tmp_path / "dip").mkdir()
    with pytest.raises(UsageError, match="dip: expected a free name, got a model"):
        new_model_folder(tmp_path, "dip", is_replacing=False)
    assert new_model_folder(tmp_path, "dip", is_replacing=True) == tmp_path / "dip"
    assert new_model_folder(tmp_path, "dip 2", is_replacing=False) == tmp_path / "dip 2"


def metrics(value, verdict="not shown", *, group="athlete"):
    """A comparison as a card keeps it, with one method."""
    share = {"value": value, "low": 0.6, "high": 0.9}
    row = {"method": "model", "estimates": {"balanced_accuracy": share}}
    row |= {"n_reps": 9, "n_present": 3, "worst": {"name": "athlete 3", "balanced_accuracy": 0.5}}
    return {"rows": [row], "verdict": verdict, "group_word": group}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (metrics(0.8), "right in 80 % of the reps of athletes it has not seen"),
        (metrics(0.8, "beats the rules"), "It beats the hand-written rules."),
        (metrics(0.8, "worse"), "The hand-written rules are better"),
        (metrics(0.8, group="set"), "of other sets of the same athlete"),
        (metrics(None), "cannot be told yet"),
    ],
)
def test_the_verdict_is_one_plain_sentence(found, words):
    assert words in verdict(found)


def test_the_numbers_asked_for_first():
    model, worst = headlines(metrics(0.8))
    assert (model.value, model.interval) == ("80 %", "95 % interval: 60 to 90 %")
    assert worst.name == "Worst athlete"
    assert (worst.value, worst.interval) == ("50 %", "athlete 3")


def test_every_method_and_verdict_of_a_comparison_has_plain_words(model):
    assert all(row.method in METHOD_NAMES for row in model.comparison.rows)
    assert {str(v) for v in Verdict} - {CANNOT_TELL} == set(VERDICTS)


def test_reasons_name_measurements_in_words():
    reason = (
        "trunk_incl_max_deg = 53.2 raises it; rep_s = not measured lowers it; other = 1 raises it"
    )
    assert plain_reason(reason) == (
        "Largest lean of the trunk (53.2°) speaks for it; Time from the start to the end of the "
        "rep (not measured) speaks against it; other = 1 raises it"
    )


def test_answers_about_a_clip_in_one_sentence():
    answers = ["present", "absent", "present", "cannot_tell"]
    expected = "Back rounding: present in 2, absent in 1, cannot tell in 1 of 4 reps."
    assert tally(answers, "Back rounding") == expected


@pytest.fixture
def retired(athletes):
    """The same dataset after its coach has retired the fault, and renamed it besides."""
    text = f'[{FAULT}]\nis_retired = true\nname = "Torso first"\n'
    (athletes.folder / OWN_CATALOG).write_text(text, encoding="utf-8")
    return athletes


def test_a_retired_fault_is_learned_judged_and_predicted_as_before(retired, tmp_path):
    wish = TrainingWish(FAULT, tmp_path / "models" / "retired")
    outcome = train_model(retired, wish, tell=lambda _: None)
    assert outcome.comparison.row("model").estimates["auroc"].value > 0.9
    assert {found.fault for found in label_counts(retired, 2)} == {FAULT}
    rows = predict_clip(retired, retired.clips.get("dip0.mp4"), outcome.folder).rows()
    assert {row["answer"] for row in rows} == {"present"}
    assert {row["rule_state"] for row in rows} != {"not_applicable"}


OWN = '[torso_wanders]\nname = "Torso wanders"\nmovements = ["hinge"]\nviews = ["side"]\n'


def test_a_fault_of_ones_own_is_learned_without_a_rule_and_known_by_its_file(dataset, tmp_path):
    file = dataset.folder / OWN_CATALOG
    file.write_text(OWN, encoding="utf-8")
    for number in range(4):
        tags = replace(TAGS, athlete=f"A{number}")
        for name, lag_s, answer in (("clean", 0.02, "0"), ("dip", -0.25, "2")):
            clip = add_hinges(dataset, f"{name}{number}.mp4", tags=tags, lag_s=lag_s)
            for rep in "1234":
                said = {"fault": "torso_wanders", "answer": answer, "rater": "Ann"}
                answer_fault(dataset, clip, rep=rep, **said)
    folder = tmp_path / "models" / "own"
    train_model(dataset, TrainingWish("torso_wanders", folder), tell=lambda _: None)
    assert evaluate_folder(dataset, folder).fault == "torso_wanders"
    clip = dataset.clips.get("dip0.mp4")
    (row, *_) = predict_clip(dataset, clip, folder).rows()
    assert row["answer"] == "present"
    file.unlink()
    for ask in (
        lambda: predict_clip(dataset, clip, folder),
        lambda: evaluate_folder(dataset, folder),
        lambda: train_model(dataset, TrainingWish("torso_wanders", folder), tell=str),
    ):
        with pytest.raises(CatalogError, match="got 'torso_wanders'") as caught:
            ask()
        assert "labeler faults --init" in caught.value.hint


def test_a_mistake_in_the_faults_stops_training_before_anything_slow(dataset, tmp_path):
    (dataset.folder / OWN_CATALOG).write_text("[oops", encoding="utf-8")
    with pytest.raises(CatalogError, match="expected TOML"):
        train_model(dataset, TrainingWish(FAULT, tmp_path / "x"), tell=pytest.fail)
