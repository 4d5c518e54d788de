"""The courses under the video: the product's own numbers, and nothing where a view hides them."""

import json
from dataclasses import replace

import numpy as np
import pytest
from support_datasets import N_REPS, TAGS, add_hinges, new_dataset

from labeler.core.clip import ClipTags, View
from labeler.core.rep import RepQuality
from labeler.workflows import courses as module
from labeler.workflows.baselines import good_reps
from labeler.workflows.courses import (
    ANGLES,
    COURSES,
    MIN_BAND_REPS,
    N_PER_PHASE,
    CourseReader,
    course_rows,
    courses_of,
    half_rows,
    packed,
)
from labeler.workflows.deriving import features_of, signals_of
from labeler.workflows.labeling import all_clear

LAG_S = 0.1


@pytest.fixture
def dataset(tmp_path):
    with new_dataset(tmp_path) as opened:
        yield opened


def clear(dataset, clip, n_reps, rater="Ann"):
    for number in range(1, n_reps + 1):
        all_clear(dataset, clip, rep=str(number), rater=rater)


def unpacked(data):
    """What the browser makes of it: the header, and all numbers in one row."""
    length = int.from_bytes(data[:4], "little")
    assert length % 4 == 0
    return json.loads(data[4 : 4 + length]), np.frombuffer(data[4 + length :], "<f4")


def test_progress_goes_from_start_to_turn_and_back(dataset):
    found = courses_of(dataset, add_hinges(dataset))
    assert found.channels == ("pelvis_x_legs", "trunk_incl_deg")
    assert len(found.reps) == N_REPS
    for rep in found.reps:
        turn = rep.record.rep.turn_frame - rep.record.rep.start_frame
        hips, torso = rep.values[:2]
        for course in (hips, torso):
            assert course[0] == pytest.approx(0.0, abs=0.05)
            assert course[turn] == pytest.approx(1.0, abs=0.05)
            assert course[-1] == pytest.approx(0.0, abs=0.15)
        assert rep.why == ""


def test_the_torso_crosses_the_middle_as_late_as_it_was_made(dataset):
    """T50 lies where the drawn line is at one half, and the lag is the feature's own."""
    clip = add_hinges(dataset, lag_s=LAG_S)
    table = features_of(dataset, clip)
    for rep in courses_of(dataset, clip).reps:
        hip_s, torso_s = rep.t50_s
        assert torso_s - hip_s == pytest.approx(LAG_S, abs=0.02)
        assert rep.lag_ms == pytest.approx(table.loc[rep.record.rep_id, "lag_t50_ms"])
        assert rep.lag_se_ms == pytest.approx(table.loc[rep.record.rep_id, "lag_t50_se_ms"])
        for at_s, course in zip(rep.t50_s, rep.values, strict=False):
            assert np.interp(at_s, rep.times_s, course) == pytest.approx(0.5, abs=0.03)


def test_speed_is_the_change_of_the_angle_and_positive_into_the_effort(dataset):
    clip = add_hinges(dataset)
    signals = signals_of(dataset, clip)
    for rep in courses_of(dataset, clip).reps:
        cut = rep.record.rep
        frames = slice(cut.start_frame, cut.stop_frame)
        turn = cut.turn_frame - cut.start_frame
        for course, angle_deg, sign in (
            (rep.values[2], signals["hip_angle_deg"][frames], -1.0),  # it closes
            (rep.values[3], signals["trunk_incl_deg"][frames], 1.0),
        ):
            assert np.allclose(course, sign * np.gradient(angle_deg, rep.times_s), equal_nan=True)
            assert course[turn // 2] > 10.0
            assert course[(turn + len(course)) // 2] < -10.0


def test_from_the_front_nothing_is_told_and_the_reason_is(dataset):
    front = add_hinges(dataset, tags=replace(TAGS, view=View.FRONT))
    found = courses_of(dataset, front)
    assert np.isnan(found.angles_deg).all()
    for rep in found.reps:
        assert np.isnan(rep.values).all()
        assert np.isnan([*rep.t50_s, rep.lag_ms, rep.lag_se_ms]).all()
        assert rep.why == "The front view cannot show who goes first. Film it from: side or 45°."


def test_an_unreliable_pose_tells_nothing(dataset, monkeypatch):
    clip = add_hinges(dataset)

    def bad(records, _signals, _movement):
        lost = {"quality": RepQuality.BAD, "reasons": ("pose lost",)}
        return [replace(record, rep=replace(record.rep, **lost)) for record in records]

    monkeypatch.setattr(module, "judged", bad)
    rep = courses_of(dataset, clip).reps[0]
    assert np.isnan(rep.values).all()
    assert rep.why == "The pose is unreliable here: pose lost."


def test_a_hold_has_speeds_and_no_progress(dataset):
    held = add_hinges(dataset, tags=ClipTags("A01", "antirot", View.FRONT))
    clip = replace(held, tags=ClipTags("A01", "antirot", View.FRONT))
    hinges = courses_of(dataset, add_hinges(dataset, "two.mp4"))
    records = [rep.record for rep in hinges.reps]
    movement = module.movement_of(clip.tags)
    found = module._courses(signals_of(dataset, clip), records[0], clip, movement)
    assert np.isnan(found.values[:2]).all()
    assert found.why.startswith("A hold has no way to a turn")


def test_a_gap_in_a_channel_is_a_gap_in_its_course(dataset):
    clip = add_hinges(dataset)
    signals = signals_of(dataset, clip)
    record = dataset.journal.reps(clip.clip_id)[0]
    lost = record.rep.turn_frame - 12
    trunk_deg = signals["trunk_incl_deg"].copy()
    trunk_deg[lost] = np.nan
    values = {**signals.values, "trunk_incl_deg": trunk_deg}
    movement = module.movement_of(clip.tags)
    found = module._courses(replace(signals, values=values), record, clip, movement)
    place = lost - record.rep.start_frame
    assert np.isnan(found.values[1, place])
    assert np.isfinite(found.values[0, place])
    assert np.isnan(found.values[3, place])


def test_a_torso_that_stays_still_is_said_to_hardly_move(dataset):
    clip = add_hinges(dataset)
    signals = signals_of(dataset, clip)
    still = {**signals.values, "trunk_incl_deg": np.zeros(signals.n_frames)}
    record, movement = dataset.journal.reps(clip.clip_id)[0], module.movement_of(clip.tags)
    found = module._courses(replace(signals, values=still), record, clip, movement)
    assert found.why == "No progress: the torso hardly moved."
    assert np.isfinite(found.values[0]).all()
    unseen = {**signals.values, "trunk_incl_deg": np.full(signals.n_frames, np.nan)}
    found = module._courses(replace(signals, values=unseen), record, clip, movement)
    assert found.why == "No progress: the torso was not seen."


def test_a_band_is_made_of_the_raters_own_good_reps_but_this_one(dataset):
    clip = add_hinges(dataset)
    clear(dataset, clip, N_REPS)
    assert len(good_reps(dataset, [clip], rater="Ann")) == N_REPS
    assert good_reps(dataset, [clip], rater="Bob") == frozenset()
    of_ann, of_bob = courses_of(dataset, clip, rater="Ann"), courses_of(dataset, clip, rater="Bob")
    assert set(of_bob.bands.values()) == {None}
    for rep in of_ann.reps:
        band = of_ann.bands[rep.record.rep_id]
        assert band.n_reps == N_REPS - 1 == MIN_BAND_REPS
        assert band.low.shape == (len(COURSES), 2 * N_PER_PHASE + 1)
        assert (band.low <= band.high).all()
        assert band.high[0, N_PER_PHASE] == pytest.approx(1.0, abs=0.05)  # at the turn


def test_a_band_reaches_into_the_athletes_other_clips_alike(dataset):
    clip = add_hinges(dataset)
    alike = add_hinges(dataset, "two.mp4")
    other = add_hinges(dataset, "three.mp4", tags=replace(TAGS, athlete="A02"))
    for one in (alike, other):
        clear(dataset, one, N_REPS)
    bands = courses_of(dataset, clip, rater="Ann").bands
    assert {band.n_reps for band in bands.values()} == {N_REPS}


def test_nobody_is_compared_with_somebody_unnamed(dataset):
    clip = add_hinges(dataset, tags=ClipTags(None, "hinge", View.SIDE))
    unnamed = add_hinges(dataset, "two.mp4", tags=ClipTags(None, "hinge", View.SIDE))
    clear(dataset, unnamed, N_REPS)
    assert set(courses_of(dataset, clip, rater="Ann").bands.values()) == {None}


def test_signals_are_computed_once_while_answers_change(dataset, monkeypatch):
    clip, calls = add_hinges(dataset), []

    def counted(*told):
        calls.append(told)
        return signals_of(*told)

    monkeypatch.setattr(module, "signals_of", counted)
    reader = CourseReader(dataset)
    reader.read(clip.clip_id, "Ann")
    clear(dataset, clip, N_REPS)
    assert all(reader.read(clip.clip_id, "Ann").bands.values())
    assert len(calls) == 1


def test_the_browser_gets_everything_in_one_piece(dataset):
    clip = add_hinges(dataset)
    clear(dataset, clip, N_REPS)
    found = courses_of(dataset, clip, rater="Ann")
    header, numbers = unpacked(packed(found))
    assert (header["n_frames"], header["n_per_phase"]) == (clip.n_frames, N_PER_PHASE)
    at = len(ANGLES) * clip.n_frames
    assert np.array_equal(numbers[:at], found.angles_deg.astype("<f4").ravel(), equal_nan=True)
    for told, rep in zip(header["reps"], found.reps, strict=True):
        size = len(COURSES) * (told["stop"] - told["start"])
        sent = numbers[at : at + size].reshape(len(COURSES), -1)
        assert np.array_equal(sent, rep.values.astype("<f4"), equal_nan=True)
        assert told["has_band"]
        at += size + 2 * len(COURSES) * (2 * N_PER_PHASE + 1)
    assert at == numbers.size


def test_rows_for_scripts(dataset):
    found = courses_of(dataset, add_hinges(dataset))
    rows = course_rows(found)
    assert len(rows) == sum(len(rep.times_s) for rep in found.reps)
    assert set(COURSES) < set(rows[0])
    halves = half_rows(found)
    assert [row["rep_id"] for row in halves] == [rep.record.rep_id for rep in found.reps]
    assert all(row["n_good_reps"] == 0 for row in halves)
    assert json.dumps([rows, halves])


def test_a_clip_without_repetitions_has_angles_alone(dataset):
    clip = add_hinges(dataset, tags=ClipTags("A01", "antirot", View.FRONT))
    found = replace(courses_of(dataset, clip), reps=(), bands={})
    header, numbers = unpacked(packed(found))
    assert header["reps"] == []
    assert numbers.size == len(ANGLES) * clip.n_frames
