"""The pages, run without a browser: empty states, tables, forms, and no traceback anywhere."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from support_datasets import N_REPS, add_hinges, with_video
from support_raters import add_rated_sets

from labeler.app import state
from labeler.app.pages import results
from labeler.app.pages.label_parts import clip_meant
from labeler.app.pages.library_parts import (
    outcome,
    under_way,
    under_way_words,
    waiting_words,
)
from labeler.app.server import SCRIPT
from labeler.core.clip import ClipTags, View
from labeler.workflows.background import BackgroundJob
from labeler.workflows.importing import IngestResult, Status
from labeler.workflows.labeling import all_clear, answer_fault
from labeler.workflows.training import TrainingWish, train_model

TIMEOUT_S = 60


@pytest.fixture
def bench(empty):
    """A workbench on an empty dataset."""
    return empty


@pytest.fixture
def full(bench):
    """The same with three labelled clips of one athlete: two without, one with the fault."""
    for name, answer in (("good.mp4", "0"), ("fine.mp4", "0"), ("round.mp4", "2")):
        made = add_hinges(bench.dataset, name, lag_s=0.1 * int(answer))
        clip = with_video(bench.dataset, made)
        for rep in range(1, N_REPS + 1):
            answer_fault(
                bench.dataset, clip, rep=str(rep), fault="back_rounding", answer=answer, rater="ann"
            )
            all_clear(bench.dataset, clip, rep=str(rep), rater="ann")
    return bench


def show(page: str) -> None:
    """One page, as a script of its own."""
    import importlib

    from labeler.app.state import workbench
    from labeler.app.widgets import errors_shown

    with errors_shown():
        importlib.import_module(f"labeler.app.pages.{page}").render(workbench())


def opened(page: str, **told: object) -> AppTest:
    """A page after its first run; `told` goes into the session."""
    app = AppTest.from_function(show, kwargs={"page": page}, default_timeout=TIMEOUT_S)
    for name, value in told.items():
        app.session_state[name] = value
    return fine(app.run())


def fine(app: AppTest) -> AppTest:
    """The page, having shown no traceback."""
    assert not app.exception, app.exception[0].message
    return app


def texts(app: AppTest) -> str:
    """Everything that is written on the page."""
    kinds = (app.markdown, app.caption, app.info, app.warning, app.error, app.success)
    return "\n".join(element.value for kind in kinds for element in kind)


def button(app: AppTest, label: str):
    """The button of that label."""
    return next(found for found in app.button if found.label == label)


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("library", "No clips yet."),
        ("label", "Nothing to label yet."),
        ("train", "Nothing to learn from yet."),
        ("results", "No models yet."),
        ("export", "Nothing to export yet."),
    ],
)
def test_an_empty_page_says_what_to_do_next(bench, page, message):
    app = opened(page)
    assert message in texts(app)
    assert len(app.caption) >= 1


def test_the_whole_app_opens_on_the_library(bench):
    app = fine(AppTest.from_file(str(SCRIPT), default_timeout=TIMEOUT_S).run())
    assert "No clips yet." in texts(app)


def test_the_library_lists_clips_with_how_far_they_are(full):
    (table,) = opened("library").dataframe
    assert set(table.value["File"]) == {"good.mp4", "fine.mp4", "round.mp4"}
    assert list(table.value["Labelled"]) == [1.0] * 3
    assert list(table.value["Reps"]) == [N_REPS] * 3


def test_a_rater_is_asked_for_a_name_once_and_cannot_do_without(full):
    app = opened("label")
    app.text_input[0].set_value("")
    fine(button(app, "Start labelling").click().run())
    assert "Please give a name" in texts(app)
    app.text_input[0].set_value("Ann")
    fine(button(app, "Start labelling").click().run())
    assert app.session_state[state.RATER] == "Ann"
    assert app.selectbox[0].label == "Clip"


def test_the_clip_in_work_is_kept_and_the_asked_rep_is_forgotten_with_it(full):
    first, second, _ = full.dataset.clips.all()
    app = opened("label", **{state.RATER: "Ann", state.CLIP: second.clip_id, state.REP: "x"})
    assert app.selectbox[0].value == second.clip_id
    fine(app.selectbox[0].set_value(first.clip_id).run())
    assert app.session_state[state.CLIP] == first.clip_id
    assert state.REP not in app.session_state


def test_an_address_names_its_clip_by_the_beginning_of_the_id_too(full):
    ids = [clip.clip_id for clip in full.dataset.clips.all()]
    for clip_id in ids:
        for told in (clip_id, clip_id[:12], clip_id[:8].upper()):
            assert clip_meant(told, ids) == clip_id
    for told in (None, "", ids[0][:3], "not a clip"):
        assert clip_meant(told, ids) is None
    app = opened("label", **{state.RATER: "Ann", state.CLIP: ids[2][:12]})
    assert app.selectbox[0].value == ids[2]


def test_clips_without_video_are_offered_for_labelling_too(bench):
    """The player shows their skeleton: poses from elsewhere have no video."""
    from dataclasses import replace

    clip = replace(add_hinges(bench.dataset), clip_id="f" * 64, is_video_present=False)
    bench.dataset.clips.add(clip, bench.dataset.clips.times(bench.dataset.clips.all()[0].clip_id))
    app = opened("label", **{state.RATER: "Ann"})
    assert len(bench.dataset.clips.all()) == 2
    assert len(app.selectbox[0].options) == 2


def test_training_shows_the_table_and_the_warning_about_one_athlete(full, monkeypatch):
    links = []
    monkeypatch.setattr("streamlit.page_link", lambda *_, **told: links.append(told["label"]))
    app = opened("train", **{state.PAGES: {"results": None}})
    counts = app.dataframe[0].value.set_index("Fault").loc["Back rounding"]
    assert (counts["With"], counts["Without"], counts["Not visible"]) == (4, 8, 0)
    assert counts["Can be learned"] == "Yes"
    fine(button(app, "Train").click().run())
    assert "one athlete" in texts(app).lower()
    assert links == ["See the results"]
    assert "cannot be told yet" in texts(app)
    assert (full.models_folder / "back_rounding" / "report.html").is_file()
    fine(button(app, "Train").click().run())
    assert "already there" in texts(app), "a model is not replaced by a second click"


def test_training_is_refused_where_raters_disagree_unless_told_otherwise(bench):
    said = np.array([[0, 2], [2, 0], [0, 0]] * 10, float)
    add_rated_sets(bench.dataset, said, raters=("Ann", "Ben"))
    app = opened("train")
    counts = app.dataframe[0].value.set_index("Fault").loc["Back rounding"]
    assert (counts["Raters agree"], counts["Can be learned"]) == (
        "Not ready",
        "Not yet: raters disagree",
    )
    fine(button(app, "Train").click().run())
    assert "expected raters who agree" in texts(app)
    despite = next(one for one in app.checkbox if one.label == "Train although raters disagree")
    despite.set_value(True)
    fine(button(app, "Train").click().run())
    assert "expected raters who agree" not in texts(app)


def test_results_and_predictions(full):
    wish = TrainingWish("back_rounding", full.models_folder / "rounding")
    train_model(full.dataset, wish, tell=str)
    app = opened("results")
    assert "one athlete" in texts(app).lower()
    scores, limits = app.dataframe
    assert scores.value["Method"].iloc[0] == "The model"
    assert {"Rule", "Limit", "Source"} <= set(limits.value.columns)
    app = opened("results", **{results.LAST_TAB: results.ANSWERS, state.RATER: "ann"})
    assert "one athlete" in texts(app).lower()
    (answers,) = app.dataframe
    assert set(answers.value["Model"]) <= {"Present", "Absent", "Cannot tell"}
    assert list(answers.value["Rep"]) == [1, 2, 3, 4]


def test_a_rater_sees_no_model_and_no_rule_before_having_rated(full):
    """One has rated everything, Ben nothing but one answer of the first clip."""
    train_model(full.dataset, TrainingWish("back_rounding", full.models_folder / "a"), tell=str)
    clip = full.dataset.clips.all()[0]
    answer_fault(full.dataset, clip, rep="1", fault="hip_delay", answer="0", rater="Ben")
    told = {results.LAST_TAB: results.ANSWERS, state.CLIP: clip.clip_id}
    app = opened("results", **told)
    assert (len(app.dataframe), "Who is rating?" in texts(app)) == (0, True)
    app = opened("results", **told, **{state.RATER: "Eve"})
    assert len(app.dataframe) == 0
    assert len(fine(app.checkbox[0].check().run()).dataframe) == 1
    assert app.session_state[state.SETTLES] is True
    assert len(opened("results", **told, **{state.RATER: "ann"}).dataframe) == 1
    app = opened("results", **told, **{state.RATER: "Ben"})
    assert "4 of 4 repetitions are left out until you have rated them" in texts(app)
    assert len(app.dataframe) == 0
    all_clear(full.dataset, clip, rep="1", rater="Ben")
    (answers,) = opened("results", **told, **{state.RATER: "Ben"}).dataframe
    assert list(answers.value["Rep"]) == [1]


def test_limits_of_the_rules_are_there_to_read(bench):
    """Also before there is a model; a coach's own are marked, a mistake is told."""
    assert "labeler rules limits --init" in texts(opened("results"))
    own = bench.dataset.folder / "rules.toml"
    own.write_text("[tempo_uncontrolled]\ndescent_s = 1.5\n")
    (limits,) = opened("results").dataframe
    mine = limits.value[limits.value["Evidence"] == "Your own"]
    assert list(mine["Limit"]) == ["1.5 s"]
    assert f"edit `{own}`" in texts(opened("results"))
    own.write_text("[tempo]\n")
    app = opened("results")
    assert "got 'tempo'" in app.error[0].value
    assert not app.exception


def test_every_choice_of_a_clip_to_ask_about_is_taken(full):
    train_model(full.dataset, TrainingWish("back_rounding", full.models_folder / "a"), tell=str)
    app = opened("results", **{results.LAST_TAB: results.ANSWERS, state.RATER: "ann"})
    for clip in reversed(full.dataset.clips.all()):
        fine(app.selectbox[1].set_value(clip.clip_id).run())
        assert app.selectbox[1].value == clip.clip_id
        assert app.session_state[state.CLIP] == clip.clip_id


def test_a_file_under_way_says_what_it_waits_for(monkeypatch, tmp_path):
    waiting, started = BackgroundJob(1, "a.mp4"), BackgroundJob(1, "a.mp4", 3, 10)
    monkeypatch.setenv("LABELER_POSE_BUNDLE", "")
    monkeypatch.setattr("labeler.pose.bundle.default_cache_dir", lambda: tmp_path)
    assert under_way_words(started) == "finding the athlete, 3 of 10 pictures"
    assert under_way_words(waiting) == "fetching the pose network first (35 MB, once)"
    monkeypatch.setattr("labeler.app.pages.library_parts.is_pose_network_missing", lambda: False)
    assert under_way_words(waiting) == "waiting"


def test_forty_files_have_one_bar_and_one_line():
    jobs = [BackgroundJob(n, f"{n}.mp4", n_total=10 if n == 2 else None) for n in range(1, 41)]
    started, waiting = under_way(jobs)
    assert [job.number for job in started] == [2]
    assert waiting_words(waiting).startswith("39 waiting: 1.mp4, 3.mp4, 4.mp4 and 36 more.")
    assert waiting_words(waiting[:1]).startswith("1 waiting: 1.mp4. ")


def test_the_first_file_that_waits_says_for_what():
    jobs = [BackgroundJob(n, f"{n}.mp4") for n in (1, 2)]
    assert under_way(jobs) == (jobs[:1], jobs[1:])


def test_what_became_of_an_upload_names_its_file():
    error = {"message": "pose: expected a person, got none.", "hint": "Film the whole body."}
    failed = IngestResult("/up/a.mp4", Status.FAILED, error=error)
    known = IngestResult("/up/a.mp4", Status.ALREADY)
    new = IngestResult("/up/a.mp4", Status.INGESTED, n_reps=3)
    said = [outcome(BackgroundJob(1, "a.mp4", result=r)) for r in (failed, known, new, None)]
    assert "a.mp4: pose: expected a person, got none. Film the whole body." in said[0]
    assert "a.mp4 is here already" in said[1]
    assert "a.mp4: 3 repetitions found." in said[2]
    assert said[3] == "a.mp4"


@pytest.mark.parametrize(
    ("n_reps", "words"),
    [(0, "no repetitions found."), (1, "1 repetition found."), (10, "10 repetitions found.")],
)
def test_repetitions_of_an_upload_are_counted_as_people_count(n_reps, words):
    result = IngestResult("/up/a.mp4", Status.INGESTED, n_reps=n_reps)
    assert outcome(BackgroundJob(1, "a.mp4", result=result)).endswith(words)


def test_a_broken_model_is_named_and_hides_no_other(full, monkeypatch):
    folder = full.models_folder / "broken"
    folder.mkdir(parents=True)
    (folder / "card.json").write_text("not a card")
    app = opened("results")
    assert app.warning[0].value.count("broken") == 1
    assert "No model can be used." in texts(app)


def test_an_export_is_written_and_offered(full):
    app = opened("export")
    fine(button(app, "Export").click().run())
    assert "Written to" in texts(app)
    (folder,) = full.dataset.exports.iterdir()
    listed = set(app.dataframe[0].value.iloc[:, 0])
    assert "labels_long.parquet" in listed
    assert (folder / "labels_long.parquet").is_file()


def test_tags_are_told_for_several_clips_at_once_and_the_untold_stays(full):
    from labeler.workflows.importing import retag_all

    clips = full.dataset.clips.all()
    retag_all(full.dataset, clips, ClipTags(session="S7"), keeps_untold=True)
    assert [clip.tags.session for clip in full.dataset.clips.all()] == ["S7"] * 3
    assert {clip.tags.view for clip in full.dataset.clips.all()} == {View.SIDE}
