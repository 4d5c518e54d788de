"""Slow motion told once: real times everywhere, the file's own times untouched, reversible."""

import dataclasses

import numpy as np
import pytest
from support_datasets import FPS, N_REPS, add_hinges, new_dataset

from labeler.core.clip import View
from labeler.core.errors import StoreError, UsageError
from labeler.core.label import MACHINE, ActionKind, CalibrationFact
from labeler.workflows.calibrating import calibrate, cut_where_due, parse_filmed_fps
from labeler.workflows.cutting import delete_rep, move_edges
from labeler.workflows.deriving import features_of, signals_of
from labeler.workflows.exporting import export_dataset, import_dataset, read_export
from labeler.workflows.importing import retag
from labeler.workflows.labeling import (
    Remark,
    answer_fault,
    labeling_state,
    redo_last,
    undo_last,
)
from labeler.workflows.remembering import history_of, restore_rep

FASTER = 4
FILMED_FPS = FASTER * FPS


@pytest.fixture
def answered(dataset, clip):
    """The clip with one answer, so that its cut stays as it is."""
    answer_fault(dataset, clip, rep="1", fault="back_rounding", answer="1", rater="anna")
    return clip


def frames(dataset, clip):
    reps = (record.rep for record in dataset.journal.reps(clip.clip_id))
    return [(rep.start_frame, rep.turn_frame, rep.stop_frame) for rep in reps]


def test_times_are_real_everywhere_and_the_stored_ones_stay(dataset, answered):
    stored = dataset.clips.times(answered.clip_id)
    before, reps = frames(dataset, answered), dataset.journal.reps(answered.clip_id)
    slow = features_of(dataset, answered)
    track = dataset.tracks.path(answered.clip_id).read_bytes()
    told = calibrate(dataset, answered, FILMED_FPS, rater="anna")
    assert (told.filmed_fps, told.fps_median, told.time_scale) == (FILMED_FPS,) * 2 + (1 / FASTER,)
    assert told.duration_s == pytest.approx(answered.duration_s / FASTER)
    times = dataset.clips.times(told.clip_id)
    assert times.pts_s == pytest.approx(stored.pts_s / FASTER)
    assert signals_of(dataset, told).times.fps_median == pytest.approx(FILMED_FPS)
    assert frames(dataset, told) == before
    for old, new in zip(reps, dataset.journal.reps(told.clip_id), strict=True):
        assert new.rep.duration_s == pytest.approx(old.rep.duration_s / FASTER)
    fast = features_of(dataset, told)
    assert fast["descent_s"].to_numpy() == pytest.approx(slow["descent_s"] / FASTER, rel=0.05)
    assert dataset.clips.stored_times(told.clip_id).pts_s.tobytes() == stored.pts_s.tobytes()
    assert dataset.tracks.path(told.clip_id).read_bytes() == track


def test_a_moment_is_real_and_the_stored_one_stays(dataset, answered):
    """Slow motion told after a moment was stamped changes what is read, not what is kept."""
    first = dataset.journal.reps(answered.clip_id)[0].rep
    stored_s = dataset.clips.stored_times(answered.clip_id).boundary_s(first.turn_frame)
    told = {"rep": "1", "fault": "back_rounding", "rater": "anna"}
    remark = Remark(moment_s=stored_s)
    answer_fault(dataset, answered, **told, answer="2", remark=remark)
    calibrated = calibrate(dataset, answered, FILMED_FPS, rater="anna")
    (label,) = dataset.journal.answers(answered.clip_id)
    assert label.moment_s == pytest.approx(stored_s / FASTER)
    (seen, *_) = labeling_state(dataset, calibrated, "anna").reps
    assert seen.moments == {"back_rounding": first.turn_frame}
    words = [event.words for event in history_of(dataset, calibrated, label.rep_id)]
    assert words[2].endswith(f"2 clear, at {stored_s / FASTER:.2f} s")
    answer_fault(dataset, calibrated, **told, answer="3", remark=Remark(moment_s=label.moment_s))
    facts = [fact for action in dataset.journal.actions() for fact in action.labels]
    assert [fact.moment_s for fact in facts] == [None, stored_s, stored_s]


def test_taken_back_everything_is_as_before_to_the_last_digit(dataset, answered):
    before = answered, dataset.journal.reps(), features_of(dataset, answered)
    told = calibrate(dataset, answered, 123.4, rater="anna")
    back = calibrate(dataset, told, None, rater="ben")
    assert (back, dataset.journal.reps()) == before[:2]
    assert features_of(dataset, back).equals(before[2])
    told_by = [a for a in dataset.journal.actions() if a.kind is ActionKind.CALIBRATE]
    assert [(a.author, a.client, a.calibrations[0].filmed_fps) for a in told_by] == [
        ("anna", "cli", 123.4),
        ("ben", "cli", None),
    ]


def test_what_people_cut_in_slow_motion_lies_where_they_cut_it(dataset, answered):
    told = calibrate(dataset, answered, FILMED_FPS, rater="anna")
    start, turn, stop = frames(dataset, told)[1]
    first = dataset.journal.history(f"{told.short_id}-2")[0].action_id
    move_edges(dataset, told, rep="2", edges=(start + 3, turn, stop), rater="anna")
    moved = dataset.journal.reps(told.clip_id)[1].rep
    assert moved.start_s == dataset.clips.times(told.clip_id).pts_s[start + 3]
    restore_rep(dataset, told, rep="2", action=first, rater="anna")
    delete_rep(dataset, told, rep="3", rater="anna")
    undo_last(dataset, told, rater="anna")
    calibrate(dataset, told, None, rater="anna")
    assert frames(dataset, told)[1] == (start, turn, stop)
    stored_s = dataset.clips.stored_times(told.clip_id).pts_s
    for record in dataset.journal.reps(told.clip_id):
        assert record.rep.start_s == pytest.approx(stored_s[record.rep.start_frame], abs=1 / FPS)


def test_a_clip_that_nobody_touched_is_cut_again_at_its_real_speed(dataset, clip):
    told = calibrate(dataset, clip, FILMED_FPS, rater="anna")
    cuts = [a for a in dataset.journal.actions() if a.kind is ActionKind.CUT]
    assert len(cuts) == 2
    records = dataset.journal.reps(told.clip_id)
    assert all(record.cut_by == MACHINE for record in records)
    back = calibrate(dataset, told, None, rater="anna")
    assert len(dataset.journal.reps(back.clip_id)) == N_REPS
    assert back.findings == clip.findings
    side = dataclasses.replace(back.tags, view=View.REAR)
    retag(dataset, back, side)
    n_cuts = sum(a.kind is ActionKind.CUT for a in dataset.journal.actions())
    assert n_cuts == 4, "that somebody told of slow motion is no reason to keep a cut"


def test_it_is_undone_and_done_again_like_everything_else(dataset, answered):
    told = calibrate(dataset, answered, FILMED_FPS, rater="anna")
    undone = undo_last(dataset, told, rater="anna")
    assert undone.calibrations == (CalibrationFact(None),)
    assert dataset.clips.get(told.clip_id) == answered
    assert redo_last(dataset, answered, rater="anna").calibrations == (CalibrationFact(FILMED_FPS),)
    assert dataset.clips.get(told.clip_id).filmed_fps == FILMED_FPS
    undo_last(dataset, told, rater="anna")
    undo_last(dataset, answered, rater="anna")
    assert dataset.journal.answers() == [], "the step before it is the answer"


def test_undo_goes_back_to_what_was_told_before(dataset, answered):
    first = calibrate(dataset, answered, 60.0, rater="ben")
    second = calibrate(dataset, first, FILMED_FPS, rater="anna")
    undo_last(dataset, second, rater="anna")
    assert dataset.clips.get(second.clip_id).filmed_fps == 60.0


def test_undo_leaves_alone_what_somebody_else_told_since(dataset, answered):
    told = calibrate(dataset, answered, FILMED_FPS, rater="anna")
    calibrate(dataset, told, 60.0, rater="ben")
    assert undo_last(dataset, told, rater="anna").calibrations == ()
    assert dataset.clips.get(told.clip_id).filmed_fps == 60.0


def test_undone_a_clip_that_nobody_touched_is_cut_again_at_the_speed_of_its_file(dataset, clip):
    before = frames(dataset, clip)
    told = calibrate(dataset, clip, FILMED_FPS, rater="anna")
    undo_last(dataset, told, rater="anna")
    assert frames(dataset, clip) == before
    assert dataset.clips.get(clip.clip_id).findings == clip.findings


def state_of(dataset, clip):
    return frames(dataset, clip), dataset.clips.get(clip.clip_id)


@pytest.mark.parametrize("place", ["labeling.cut_again", "importing.machine_cut"])
def test_a_cut_that_a_kill_came_before_is_made_on_the_next_start(dataset, clip, monkeypatch, place):
    before = state_of(dataset, clip)
    told = calibrate(dataset, clip, FILMED_FPS, rater="anna")
    there = state_of(dataset, told)
    for turn, wanted in ((undo_last, before), (redo_last, there)):
        with monkeypatch.context() as at_work:
            at_work.setattr(f"labeler.workflows.{place}", killed)
            with pytest.raises(KeyboardInterrupt):
                turn(dataset, told, rater="anna")
        assert state_of(dataset, told) != wanted
        cut_where_due(dataset)
        assert state_of(dataset, told) == wanted
        n_actions = len(dataset.journal.actions())
        cut_where_due(dataset)
        assert len(dataset.journal.actions()) == n_actions, "nothing is due any more"


def killed(*_told):
    raise KeyboardInterrupt


def test_what_a_person_has_touched_is_not_cut_again_on_a_start(dataset, answered):
    told = calibrate(dataset, answered, FILMED_FPS, rater="anna")
    before, n_actions = state_of(dataset, told), len(dataset.journal.actions())
    cut_where_due(dataset)
    assert (state_of(dataset, told), len(dataset.journal.actions())) == (before, n_actions)


def test_it_stands_in_the_history_of_every_repetition(dataset, answered):
    told = calibrate(dataset, answered, FILMED_FPS, rater="anna")
    undo_last(dataset, told, rater="anna")
    for record in dataset.journal.reps(told.clip_id):
        said = [event.words for event in history_of(dataset, told, record.rep_id, viewer="ben")]
        assert said[-2:] == [
            f"slow motion: filmed at {FILMED_FPS:.4g} frames per second",
            "undid: slow motion: none, it plays as it was filmed",
        ]
    other = add_hinges(dataset, "other.mp4")
    (event, *_) = history_of(dataset, other, dataset.journal.reps(other.clip_id)[0].rep_id)
    assert "slow motion" not in event.words


def test_the_same_told_twice_is_recorded_once(dataset, answered):
    n_actions = len(dataset.journal.actions())
    assert calibrate(dataset, answered, None, rater="anna") == answered
    told = calibrate(dataset, answered, 240.0, rater="anna")
    assert calibrate(dataset, told, 240.0, rater="ben") == told
    assert len(dataset.journal.actions()) == n_actions + 1


def test_an_export_carries_it_and_restores_it(dataset, answered, tmp_path):
    told = calibrate(dataset, answered, 100.0, rater="anna")
    add_hinges(dataset, "other.mp4")
    folder = tmp_path / "export"
    export_dataset(dataset, folder, "csv", features=features_of(dataset, told))
    with new_dataset(tmp_path / "second") as other:
        import_dataset(read_export(folder), other)
        restored = other.clips.get(told.clip_id)
        assert restored.filmed_fps == 100.0
        assert restored.duration_s == pytest.approx(told.duration_s)
        assert other.journal.actions() == dataset.journal.actions()
        stored, raw = (d.clips.stored_times(told.clip_id).pts_s for d in (dataset, other))
        assert np.array_equal(stored, raw)
        for one, two in zip(other.journal.reps(), dataset.journal.reps(), strict=True):
            assert one.rep.start_s == pytest.approx(two.rep.start_s)


@pytest.mark.parametrize("wrong", [0.0, -240.0, float("nan"), float("inf"), 1e6])
def test_what_can_be_no_frame_rate_is_refused(dataset, clip, wrong):
    with pytest.raises(UsageError, match="more than 0 and at most 10000"):
        calibrate(dataset, clip, wrong, rater="anna")
    assert dataset.clips.get(clip.clip_id) == clip


def test_frame_rates_as_people_type_them():
    assert (parse_filmed_fps("240"), parse_filmed_fps("59.94")) == (240.0, 59.94)
    assert parse_filmed_fps("None") is None
    with pytest.raises(UsageError, match="or none, got 'fast'"):
        parse_filmed_fps("fast")


def test_it_carries_a_persons_name(dataset, clip):
    with pytest.raises(UsageError, match="expected a name"):
        calibrate(dataset, clip, 240.0, rater=" ")
    with pytest.raises(StoreError, match="expected a person's name"):
        calibrate(dataset, clip, 240.0, rater=MACHINE)
