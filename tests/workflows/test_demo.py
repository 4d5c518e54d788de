"""The demo dataset: whole, the same again, taken up where it was left, never in somebody's own."""

import dataclasses
import json
import shutil

import pytest
import synthetic_cells
from support_datasets import add_hinges
from support_demo import DEAF, SMALL, TINY, film_landmarks, made_demo

from labeler.core.clip import View
from labeler.core.errors import LabelerError, UsageError
from labeler.core.label import MACHINE, REPEAT_ROUND, ActionId, Answer
from labeler.store.dataset import Dataset
from labeler.workflows.acting import Sender, apply
from labeler.workflows.demo.contents import (
    SHOWN_OFTEN,
    DemoWish,
    brisk_athletes,
    planned_clips,
    wish_of,
)
from labeler.workflows.demo.filming import FilmJob, film, film_many
from labeler.workflows.demo.making import MODELS, Listener, is_demo, make_demo
from labeler.workflows.demo.rating import ADJUDICATOR, N_UNRATED, RATERS, rate_all
from labeler.workflows.disputes import already_settled, disputes, unsettled
from labeler.workflows.importing import Status, failure_of
from labeler.workflows.operations import AddRepOp
from labeler.workflows.queueing import raters_of
from labeler.workflows.training import label_counts, models_in


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """A demo with all that a large one has, from landmarks, and what was said of it."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    return folder, made_demo(folder, SMALL)


@pytest.fixture
def small(ready):
    """The same, open to be looked at."""
    with Dataset.open(ready[0]) as dataset:
        yield dataset


@pytest.fixture(scope="module")
def tiny_ready(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "tiny"
    return folder, made_demo(folder)


@pytest.fixture
def tiny(tiny_ready, tmp_path):
    """A folder with a small demo that a test may change."""
    return shutil.copytree(tiny_ready[0], tmp_path / "tiny")


def test_the_usual_demo_is_as_large_as_promised():
    planned = planned_clips(DemoWish())
    assert len(planned) == 12
    assert sum(len(one.plan.reps) for one in planned) == 96
    assert len({one.tags.athlete for one in planned}) == 6
    assert len({one.plan.movement for one in planned}) == 2
    assert {one.tags.view for one in planned} == {View.SIDE, View.OBLIQUE}
    assert sum(one.is_left for one in planned) == 2
    assert len({one.name for one in planned}) == len({one.seed for one in planned}) == 12


@pytest.mark.parametrize("movement", SHOWN_OFTEN)
def test_every_set_has_faults_of_every_severity_and_clean_repetitions(movement):
    for one in planned_clips(DemoWish()):
        if one.plan.movement != movement:
            continue
        assert sum(not rep.severities for rep in one.plan.reps) >= 2
        for fault in SHOWN_OFTEN[movement]:
            assert {rep.severity(fault) for rep in one.plan.reps} == {0, 1, 2, 3}


def test_the_same_wish_is_the_same_demo_and_another_seed_is_other_people():
    assert planned_clips(TINY) == planned_clips(TINY)
    assert brisk_athletes(3, 1)[:2] == brisk_athletes(2, 1)
    assert brisk_athletes(2, 1) != brisk_athletes(2, 2)


@pytest.mark.parametrize(
    "told", [{"n_athletes": 1}, {"n_reps": 99}, {"seed": -1}, {"movements": ("juggling",)}]
)
def test_what_cannot_be_made_is_refused(told):
    with pytest.raises(UsageError, match="expected"):
        DemoWish(**told)


def test_nothing_told_is_no_wish():
    assert wish_of(n_athletes=None, n_reps=None, seed=None) is None
    assert wish_of(n_athletes=3, n_reps=None, seed=None) == DemoWish(n_athletes=3)
    assert DemoWish.from_dict(TINY.as_dict()) == TINY


def test_all_is_there(ready, small):
    _, made = ready
    assert made.n_clips == made.n_made == 8
    assert made.n_reps == pytest.approx(64, abs=2)
    assert set(made.models) | set(made.skipped) == {f for s in SHOWN_OFTEN.values() for f in s}
    assert made.models
    assert made.render_s == 2 * made.ingest_s == 16
    assert made.as_dict()["detected_ratio"] == 1
    assert is_demo(small)


def test_every_model_can_be_used_and_knows_several_athletes(ready):
    found = models_in(ready[0] / MODELS)
    assert all(one.problem is None for one in found)
    assert min(one.card.trained_on.n_athletes for one in found) >= 2


def test_every_model_is_tested_on_athletes_left_out_beside_the_rules_and_says_synthetic(ready):
    for found in models_in(ready[0] / MODELS):
        told = found.card.metrics
        assert told["protocol"] == "leave one athlete out"
        assert told["is_synthetic"]
        assert {"model", "rules, silence as absent"} <= {row["method"] for row in told["rows"]}


def test_nobody_in_the_demo_helped_to_measure_what_rules_call_too_close():
    seeds = {clip.plan.athlete.seed for clip in planned_clips(DemoWish())}
    assert max(seeds) < synthetic_cells.FIRST_SEED


def test_models_of_another_version_are_made_anew_and_good_ones_stay(ready, tmp_path):
    folder = shutil.copytree(ready[0], tmp_path / "demo")
    first, second = sorted(ready[1].models)[:2]
    card = folder / MODELS / first / "card.json"
    told = json.loads(card.read_text("utf-8"))
    card.write_text(json.dumps({**told, "features_version": "of another day"}), "utf-8")
    (folder / MODELS / f".{first}.half.new").mkdir()  # as a kill leaves it
    kept = (folder / MODELS / second / "card.json").stat().st_mtime_ns
    assert {one.folder.name for one in models_in(folder / MODELS) if one.problem} == {first}
    assert made_demo(folder, None).models == ready[1].models
    assert not [one for one in models_in(folder / MODELS) if one.problem]
    assert (folder / MODELS / second / "card.json").stat().st_mtime_ns == kept


def test_raters_differ_and_some_of_it_is_settled(small):
    found = disputes(small)
    assert len(already_settled(found)) == 2
    assert len(unsettled(found)) > 2
    assert {one.decision.adjudicator for one in already_settled(found)} == {ADJUDICATOR}


def test_two_sets_are_nobodys_yet_and_the_second_rater_is_not_done(small):
    by_rater = {
        rater.name: {label.rep_id for label in small.journal.answers(rater=rater.name)}
        for rater in RATERS
    }
    ann, ben = by_rater.values()
    assert len(ann - ben) == N_UNRATED
    assert len({record.clip_id for record in small.journal.reps()}) == 8
    assert len({record.clip_id for record in small.journal.reps() if record.rep_id in ann}) == 6


def test_there_are_assignments_blind_repeats_notes_moments_and_doubts(small):
    assert {found.rater for found in small.journal.assignments()} == {"Ann", "Ben"}
    assert small.journal.answers(round_number=REPEAT_ROUND)
    said = small.journal.answers()
    assert any(label.note for label in said)
    assert any(label.moment_s is not None for label in said)
    assert any(label.confidence is not None for label in said)
    assert {label.answer for label in said} == set(Answer)


def test_answers_are_attributed_and_in_the_journal(small):
    clip = small.clips.all()[0]
    actions = [one for one in small.journal.actions(clip.clip_id) if one.labels]
    assert {one.author for one in actions} == {"Ann", "Ben"}
    assert {one.client for one in actions} == {"demo"}
    assert set(raters_of(small)) >= {"Ann", "Ben"}


def test_there_is_something_to_learn_in_both_movements(small):
    counts = {one.fault: one for one in label_counts(small, 2)}
    for movement, faults in SHOWN_OFTEN.items():
        assert any(not counts[fault].lacks for fault in faults), movement


def test_what_is_no_repetition_is_taken_out_by_the_first_rater(tmp_path):
    def with_one_too_many(job, on_progress):
        made = film_landmarks(job, on_progress)
        with Dataset.open(job.dataset_folder) as dataset:
            clip = dataset.clips.get(made.clip)
            op = AddRepOp(0, clip.ingested_at, 0, None, 12)  # stillness before the first
            apply(op, dataset, clip, Sender("Someone", ActionId("x:1"), op.at_utc, "cli"))
        return made

    wish = dataclasses.replace(TINY, n_reps=2)
    plan = planned_clips(wish)[0]
    job = FilmJob(plan, tmp_path / "demo")
    Dataset.open(tmp_path / "demo").close()
    with_one_too_many(job, lambda *_told: None)
    with Dataset.open(tmp_path / "demo") as dataset:
        assert len(dataset.journal.reps()) == 3
        rate_all(dataset, [plan])
        assert len(dataset.journal.reps()) == 2
        said = {label.rep_id for label in dataset.journal.answers()}
        assert said <= {record.rep_id for record in dataset.journal.reps()}


def test_again_it_is_only_looked_at(tiny):
    with Dataset.open(tiny) as dataset:
        before = dataset.journal.newest_number()
    again = made_demo(tiny, None)
    assert (again.n_clips, again.n_made) == (2, 0)
    with Dataset.open(tiny) as dataset:
        assert dataset.journal.newest_number() == before


def test_what_people_do_to_it_stays(tiny):
    with Dataset.open(tiny) as dataset:
        record = dataset.journal.reps()[0]
        clip = dataset.clips.get(record.clip_id)
        own = add_hinges(dataset, "own.mp4")
        from labeler.workflows.labeling import answer_fault

        answer_fault(
            dataset, clip, rep=record.rep_id, fault="back_rounding", answer="1", rater="Ann"
        )
        before = dataset.journal.newest_number()
    assert made_demo(tiny, None).n_clips == 3
    with Dataset.open(tiny) as dataset:
        assert dataset.journal.newest_number() == before
        assert dataset.clips.find(own.clip_id)


def test_another_wish_is_refused_in_the_same_folder(tiny):
    with pytest.raises(UsageError, match=r"expected a demo of 3 athletes .* got one of 2 athletes"):
        made_demo(tiny, dataclasses.replace(TINY, n_athletes=3))


def test_nothing_made_up_goes_into_a_dataset_of_ones_own(tmp_path):
    with Dataset.open(tmp_path / "own") as dataset:
        add_hinges(dataset)
    with pytest.raises(UsageError, match="expected a demo or an empty folder"):
        made_demo(tmp_path / "own")
    with Dataset.open(tmp_path / "own") as dataset:
        assert not is_demo(dataset)
        assert dataset.settings.get(MACHINE, "demo") is None


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_text("cat")
    with pytest.raises(LabelerError, match="expected a dataset or an empty folder"):
        made_demo(tmp_path / "photos")


def test_interrupted_it_goes_on_where_it_was(tmp_path, tiny_ready):
    done = []

    def stop_at_the_second(job, on_progress):
        if done:
            raise KeyboardInterrupt
        done.append(job.clip.name)
        return film_landmarks(job, on_progress)

    with pytest.raises(KeyboardInterrupt):
        made_demo(tmp_path / "demo", film_one=stop_at_the_second)
    with Dataset.open(tmp_path / "demo") as dataset:
        assert [clip.file_name for clip in dataset.clips.all()] == done
        assert not dataset.journal.answers()
    made = made_demo(tmp_path / "demo", None)
    assert (made.n_clips, made.n_made, made.n_reps) == (2, 1, tiny_ready[1].n_reps)


def test_sets_are_made_athlete_by_athlete_the_longer_one_first(tmp_path):
    made = []

    def noted(job, _on_progress):
        made.append((job.clip.tags.athlete, job.n_steps))
        return failure_of(job.path, "no room left") if len(made) == 4 else film_landmarks(job, deaf)

    def deaf(*_told):
        return None

    with pytest.raises(LabelerError, match="no room left"):
        made_demo(tmp_path / "demo", DemoWish(n_athletes=2, n_reps=2), film_one=noted)
    assert made == sorted(made, key=lambda one: (one[0], -one[1]))
    assert [athlete for athlete, _ in made] == ["A01", "A01", "A02", "A02"]


def test_a_set_that_cannot_be_made_is_said(tmp_path):
    def broken(job, _on_progress):
        return failure_of(job.path, "no room left", hint="Free some space.")

    with pytest.raises(LabelerError, match="no room left"):
        made_demo(tmp_path / "demo", film_one=broken)


def test_frames_are_counted_over_all_sets(tmp_path):
    heard, words = [], []
    listener = Listener(words.append, lambda done, total: heard.append((done, total)))
    made_demo(tmp_path / "demo", listener=listener)
    done, totals = zip(*heard, strict=True)
    assert list(done) == sorted(done)
    assert done[-1] == totals[-1] == totals[0] > 0
    assert any("rate" in one for one in words)


def refuse(job: FilmJob, on_progress):
    """What a process can be given: a function of a module."""
    on_progress(job.path, 1, 2)
    return failure_of(job.path, "refused")


def test_several_processes_share_the_sets(tmp_path):
    Dataset.open(tmp_path / "demo").close()
    heard = []
    jobs = [FilmJob(one, tmp_path / "demo") for one in planned_clips(TINY)]
    found = list(
        film_many(jobs, n_jobs=2, film_one=refuse, on_progress=lambda *told: heard.append(told))
    )
    assert {one.path for one in found} == {str(job.path) for job in jobs}
    assert all(one.status is Status.FAILED for one in found)


def test_a_full_disk_is_an_answer_and_leaves_nothing(tmp_path, monkeypatch):
    def full(*_told):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("labeler.workflows.demo.filming._render", full)
    Dataset.open(tmp_path / "demo").close()
    job = FilmJob(planned_clips(TINY)[0], tmp_path / "demo")
    assert film(job, lambda *_told: None).status is Status.FAILED
    with Dataset.open(tmp_path / "demo") as dataset:
        assert not dataset.clips.has_any()
    assert not list((tmp_path / "demo" / "tmp").iterdir())


@pytest.mark.pose
def test_a_filmed_set_goes_through_the_network_and_says_that_it_is_made_up(tmp_path):
    (tmp_path / "demo").mkdir()
    wish = DemoWish(n_athletes=2, n_reps=2, movements=("hinge",))
    job = FilmJob(planned_clips(wish)[1], tmp_path / "demo")
    heard = []
    result = film(job, lambda _path, done, total: heard.append((done, total)))
    assert result.status is Status.INGESTED
    assert result.detected_ratio == 1.0
    assert heard[-1] == (job.n_steps, job.n_steps)
    with Dataset.open(tmp_path / "demo") as dataset:
        (clip,) = dataset.clips.all()
        assert clip.file_name == job.clip.name
        assert clip.is_synthetic
        assert dataset.media.source(clip.clip_id)
        assert len(dataset.journal.reps()) == 2


def test_make_demo_films_unless_told_otherwise():
    assert make_demo.__kwdefaults__ == {"film_one": film}
    assert DEAF.tell("") is None
