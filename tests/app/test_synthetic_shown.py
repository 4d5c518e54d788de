"""Every page says what is made up, and asks which clips count where there are both."""

from dataclasses import replace

import pytest
from app.test_pages import button, fine, opened, texts
from support_datasets import N_REPS, TAGS, add_hinges, with_video

from labeler.app import state
from labeler.app.pages import results
from labeler.app.pages.origin_parts import CHOICE, SYNTHETIC
from labeler.core.origin import Origin
from labeler.workflows.labeling import all_clear, answer_fault
from labeler.workflows.training import TrainingWish, train_model

BADGE = ":violet-badge["
FAULT = "back_rounding"


def add(bench, name, answer, *, is_synthetic, athlete="A1", rater="ann"):
    """A clip of four repetitions with one answer to each."""
    tags = replace(TAGS, athlete=athlete)
    made = add_hinges(bench.dataset, name, tags=tags, is_synthetic=is_synthetic)
    clip = with_video(bench.dataset, made)
    for rep in map(str, range(1, N_REPS + 1)):
        answer_fault(bench.dataset, clip, rep=rep, fault=FAULT, answer=answer, rater=rater)
        all_clear(bench.dataset, clip, rep=rep, rater=rater)
    return clip


@pytest.fixture
def made_up(empty):
    """Synthetic clips alone: two without the fault, one with it."""
    for name, answer in (("a.mp4", "0"), ("b.mp4", "0"), ("c.mp4", "2")):
        add(empty, name, answer, is_synthetic=True)
    return empty


@pytest.fixture
def mixed(made_up):
    """The same with one recorded clip, with a fault in every repetition."""
    add(made_up, "person.mp4", "3", is_synthetic=False)
    return made_up


@pytest.fixture
def model(made_up):
    train_model(made_up.dataset, TrainingWish(FAULT, made_up.models_folder / "a"), tell=str)
    return made_up


def dispute(bench, name):
    """A second rater who sees the opposite in the clip of that name."""
    clip = bench.dataset.clips.get(name)
    for rep in map(str, range(1, N_REPS + 1)):
        answer_fault(bench.dataset, clip, rep=rep, fault=FAULT, answer="3", rater="Ben")
        all_clear(bench.dataset, clip, rep=rep, rater="Ben")


@pytest.mark.parametrize("page", ["library", "train", "agreement", "results", "export", "disputes"])
def test_every_page_of_synthetic_clips_has_the_badge(model, page):
    dispute(model, "a.mp4")
    app = opened(page, **{state.RATER: "Eve", state.SETTLES: True})
    assert BADGE in texts(app)
    assert SYNTHETIC in texts(app)


@pytest.mark.parametrize("page", ["library", "train", "agreement", "export", "disputes", "label"])
def test_no_page_of_recorded_clips_speaks_of_it(empty, page):
    add(empty, "person.mp4", "0", is_synthetic=False)
    dispute(empty, "person.mp4")
    app = opened(page, **{state.RATER: "Eve"})
    assert "ynthetic" not in texts(app)
    assert BADGE not in texts(app)
    assert "Clips that count" not in [group.label for group in app.button_group]


def test_a_row_and_a_title_say_it(mixed):
    table = opened("library").dataframe[0].value.set_index("File")
    assert table.loc["a.mp4", "Flags"][0] == SYNTHETIC
    assert SYNTHETIC not in table.loc["person.mp4", "Flags"]
    app = opened("label", **{state.RATER: "Ann"})
    (clips,) = [box for box in app.selectbox if box.label == "Clip"]
    titles = [title for title in clips.options if title.startswith(SYNTHETIC)]
    assert len(titles) == 3
    assert len(clips.options) == 4


def test_progress_is_told_apart(mixed):
    said = texts(opened("library"))
    assert "**4 of 4 reps labelled** in 1 clips" in said
    assert "**12 of 12 reps labelled** in 3 synthetic clips" in said
    assert "Synthetic: 3 of 4 clips" in said


def test_training_counts_what_is_chosen(mixed, monkeypatch):
    monkeypatch.setattr("streamlit.page_link", lambda *_, **__: None)
    app = opened("train", **{state.PAGES: {"results": None}})
    counts = app.dataframe[0].value.set_index("Fault").loc["Back rounding"]
    assert (counts["With"], counts["Without"]) == (N_REPS, 0)
    assert "3 clips are left out, for being synthetic" in texts(app)
    assert BADGE not in texts(app)
    app.session_state[state.ORIGIN] = Origin.SYNTHETIC
    fine(app.run())
    counts = app.dataframe[0].value.set_index("Fault").loc["Back rounding"]
    assert (counts["With"], counts["Without"]) == (N_REPS, 2 * N_REPS)
    assert "1 clip is left out, for being recorded" in texts(app)
    assert app.session_state[CHOICE] is Origin.SYNTHETIC
    fine(button(app, "Train").click().run())
    assert "Synthetic model" in texts(app)
    assert "say nothing about people" in texts(app)


def test_agreement_compares_what_is_chosen(mixed):
    for name in ("a.mp4", "person.mp4"):
        dispute(mixed, name)
    people = opened("agreement")
    assert people.dataframe[0].value.set_index("Fault").loc["Back rounding", "By two"] == "4 of 4"
    assert "3 clips are left out" in texts(people)
    app = opened("agreement", **{state.ORIGIN: Origin.SYNTHETIC})
    assert app.dataframe[0].value.set_index("Fault").loc["Back rounding", "By two"] == "4 of 12"
    assert "Synthetic repetitions answered" in texts(app)


def test_a_synthetic_model_warns_before_it_answers_about_a_person(model):
    person = add(model, "person.mp4", "0", is_synthetic=False)
    looks = {state.RATER: "Eve", state.SETTLES: True, state.CLIP: person.clip_id}
    app = opened("results", **{results.LAST_TAB: results.ANSWERS, **looks})
    assert "learned from made-up athletes alone" in app.error[0].value
    assert "Synthetic model" in texts(app)
    assert "synthetic reps" in app.selectbox[0].options[0]
