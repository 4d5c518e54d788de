"""The slow checks of a stored model: asked, kept beside it, and told in its report."""

import json
from dataclasses import replace

import pytest
from support_datasets import N_REPS, TAGS, add_hinges

from labeler.core.errors import LearningError
from labeler.evaluate import curves, permutation
from labeler.evaluate.checks_file import CHECKS_FILE
from labeler.learn.card import read_card
from labeler.workflows.labeling import answer_fault
from labeler.workflows.model_checks import check_model_deeply, checks_of
from labeler.workflows.results import cameras_of
from labeler.workflows.training import TrainingWish, train_model

FAULT = "torso_dip_first"


def label(dataset, clip, answers):
    for number, answer in enumerate(answers, start=1):
        answer_fault(dataset, clip, rep=str(number), fault=FAULT, answer=answer, rater="ann")


@pytest.fixture
def folder(dataset, tmp_path, monkeypatch):
    """A model of four athletes, and few draws, so that a test takes seconds."""
    monkeypatch.setattr(permutation, "N_PERMUTATIONS", 5)
    monkeypatch.setattr(curves, "N_REPEATS", 1)
    for number in range(4):
        tags = replace(TAGS, athlete=f"A{number}")
        label(dataset, add_hinges(dataset, f"clean{number}.mp4", tags=tags, lag_s=0.02), "0001")
        faulty = add_hinges(dataset, f"dip{number}.mp4", tags=tags, lag_s=-0.25 + 0.01 * number)
        label(dataset, faulty, "2322")
    return train_model(dataset, TrainingWish(FAULT, tmp_path / "dip"), tell=str).folder


def test_the_slow_checks_are_asked_once_and_kept(dataset, folder):
    card = read_card(folder)
    assert checks_of(folder, card) is None
    assert "have not been asked for" in (folder / "report.md").read_text(encoding="utf-8")
    steps = []
    plain = check_model_deeply(dataset, folder, done=lambda _, ratio: steps.append(ratio))
    assert steps == sorted(steps)
    assert checks_of(folder, card) == json.loads(json.dumps(plain))
    assert (plain["n_reps"], plain["n_groups"]) == (8 * N_REPS, 4)
    assert plain["label_digest"] == card.trained_on.label_digest
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert "What more athletes would teach" in report
    assert "Labels as they are against shuffled ones" in report
    assert read_card(folder) == card, "the card, and what signs it, stays as it is"


def test_checks_of_another_model_are_not_shown(dataset, folder):
    check_model_deeply(dataset, folder, done=lambda *_: None)
    card = read_card(folder)
    assert (folder / CHECKS_FILE).is_file()
    assert checks_of(folder, replace(card, sha256="0" * 64)) is None


def test_what_is_no_model_cannot_be_checked(dataset, tmp_path):
    with pytest.raises(LearningError, match="expected a model folder"):
        check_model_deeply(dataset, tmp_path, done=lambda *_: None)


def test_a_clip_tells_the_size_of_its_picture(clip):
    assert cameras_of([clip]) == {clip.clip_id: f"{clip.width_px} × {clip.height_px} pixels"}
