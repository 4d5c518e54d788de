"""One answer with all that it rests on, as commands and pages get it."""

import json
from dataclasses import replace

import pytest
from support_datasets import N_REPS, TAGS, add_hinges
from support_models import FAULT, add_rated_athletes

from labeler.cli.output import to_plain
from labeler.learn.neighbours import MEMORY_FILE
from labeler.workflows.cutting import delete_rep
from labeler.workflows.grounds import brief, interval_words
from labeler.workflows.predicting import predict_any, predict_clip, seen_rows
from labeler.workflows.training import TrainingWish, train_model


@pytest.fixture
def model(dataset, tmp_path):
    """A model of four athletes' hinges, and where it is."""
    add_rated_athletes(dataset)
    folder = tmp_path / "models" / "dip"
    train_model(dataset, TrainingWish(FAULT, folder), tell=lambda _: None)
    return folder


def stranger(dataset, **told):
    return add_hinges(dataset, "new.mp4", tags=replace(TAGS, athlete="Z"), **told)


def test_an_answer_comes_with_all_that_it_rests_on(dataset, model):
    clip = stranger(dataset, lag_s=-0.25)
    prediction = predict_clip(dataset, clip, model)
    assert "low-confidence band" in prediction.silence
    for row, record in zip(prediction.rows(), dataset.journal.reps(clip.clip_id), strict=True):
        assert row["answer"] == "present"
        assert row["low"] <= row["high"]
        assert 1 <= len(row["signals"]) <= 3
        pushes = [abs(one["push"]) for one in row["signals"]]
        assert pushes == sorted(pushes, reverse=True)
        assert record.rep.start_frame <= row["look_frame"] < record.rep.stop_frame
        assert row["look_s"] == pytest.approx(row["look_frame"] / 30.0, abs=0.02)
        assert [one["answer"] for one in row["nearest"]] == ["present"] * 3
        assert all(one["file"].startswith("dip") for one in row["nearest"])
        assert all(one["start_s"] < one["stop_s"] for one in row["nearest"])
        assert row["advice"]["cue"]
        assert row["advice"]["drills"]
        json.dumps(to_plain(row), allow_nan=False)


def test_a_line_of_the_table_tells_doubts_before_the_answer(dataset, model):
    clip = stranger(dataset, lag_s=-0.25)
    told = brief(predict_clip(dataset, clip, model).rows()[0])
    names = list(told)
    assert names.index("unlike training") < names.index("answer") < names.index("probability")
    assert "present" in told["nearest"]


def test_what_is_absent_needs_no_advice(dataset, model):
    rows = predict_clip(dataset, stranger(dataset, lag_s=0.02), model).rows()
    assert {row["answer"] for row in rows} == {"absent"}
    assert {row["advice"] for row in rows} == {None}


def test_a_clip_without_reps_is_asked_about_without_answers(dataset, model):
    clip = stranger(dataset)
    for record in dataset.journal.reps(clip.clip_id):
        delete_rep(dataset, clip, rep=record.rep_id, rater="ann")
    assert predict_clip(dataset, clip, model).rows() == []


def test_a_model_that_lost_its_memory_answers_without_neighbours(dataset, model):
    clip = stranger(dataset, lag_s=-0.25)
    (model / MEMORY_FILE).unlink()
    rows = predict_clip(dataset, clip, model).rows()
    assert {row["answer"] for row in rows} == {"present"}
    assert [row["nearest"] for row in rows] == [[]] * N_REPS
    assert all(row["signals"] for row in rows)


def test_the_nearest_are_hidden_from_who_has_still_to_rate_them(dataset, model):
    clip = stranger(dataset, lag_s=-0.25)
    rows = predict_any(dataset.folder, clip.file_name, model, tags=TAGS).rows()
    assert all(row["nearest"] for row in seen_rows(dataset.folder, None, rows))
    assert not any(row["nearest"] for row in seen_rows(dataset.folder, "Ben", rows))


def test_an_interval_is_told_in_words_where_it_is_known():
    assert "61 to 94" in interval_words(0.61, 0.94)
    assert interval_words(float("nan"), 0.9) == ""
