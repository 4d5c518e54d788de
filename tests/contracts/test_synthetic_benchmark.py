"""The truth benchmark's own arithmetic: known lines, known limits, and true repetitions matched."""

import math
from dataclasses import replace

import numpy as np
import pytest
import synthetic_store
from synthetic_cells import LAGS_S, Cell, Purpose, clip_of
from synthetic_clips import noisy_errors
from synthetic_numbers import (
    LOD_PER_SD,
    MIN_REPS,
    NO_LINE,
    band_ratio,
    detectable,
    interval,
    line_of,
    numbers_of,
)
from synthetic_reps import errors_of, matched
from synthetic_truth import Asked, Result, figures_of
from synthetic_works import LIFTS, all_works

from labeler.catalog import load_catalog
from labeler.core.clip import View
from labeler.core.rep import Rep
from labeler.features import detection
from labeler.synthetic.noise import NoiseSpec
from labeler.synthetic.plan import RepTruth

HINGE = Cell("hinge", View.SIDE, 30.0)


def told_rep(start_s, turn_s, stop_s):
    return RepTruth(start_s, turn_s, stop_s, 0.0, {}, {})


def found_rep(start_s, turn_s, stop_s):
    frames = [round(30 * at_s) for at_s in (start_s, turn_s, stop_s)]
    return Rep(*frames, start_s, turn_s, stop_s)


def test_a_line_without_noise_is_found_exactly():
    true = np.linspace(-100.0, 100.0, 20)
    line = line_of(true, 0.5 * true + 30.0, np.repeat([0, 1], 10))
    assert (line.slope, line.at_zero) == pytest.approx((0.5, 30.0))
    assert (line.sd, line.bias) == pytest.approx((0.0, 30.0), abs=1e-9)
    assert line.limit == pytest.approx(60.0)


def test_noise_within_clips_averages_out_over_a_set_and_that_of_clips_does_not():
    rng = np.random.default_rng(1)
    clip = np.repeat(np.arange(200), 8)
    true = rng.uniform(-100.0, 100.0, len(clip))
    own, common = rng.normal(0.0, 20.0, len(clip)), rng.normal(0.0, 10.0, 200)
    line = line_of(true, true + own + common[clip], clip)
    assert line.sd == pytest.approx(math.hypot(20.0, 10.0), rel=0.1)
    assert line.sd_clips == pytest.approx(10.0, rel=0.2)
    expected = LOD_PER_SD * math.hypot(20.0 / math.sqrt(8.0), 10.0)
    assert line.set_limit == pytest.approx(expected, rel=0.2)


def test_too_few_or_all_alike_tell_no_line():
    few, alike = np.arange(MIN_REPS - 1) * 50.0, np.full(20, 40.0)
    assert line_of(few, few, np.zeros(len(few), dtype=int)) == NO_LINE
    assert line_of(alike, alike, np.zeros(20, dtype=int)) == NO_LINE


def test_without_a_slope_nothing_can_be_detected():
    assert math.isinf(detectable(-0.2, 0.0, 1.0))
    assert detectable(0.5, -10.0, 10.0) == pytest.approx((32.9 + 10.0) / 0.5)


def test_each_true_repetition_has_the_nearest_one_or_none():
    true = (told_rep(1.0, 2.0, 3.0), told_rep(4.0, 5.0, 6.0))
    found = (found_rep(1.0, 2.1, 3.0), found_rep(1.2, 2.4, 3.0))
    assert matched(true, found) == [found[0], None]


@pytest.fixture(scope="module")
def exact():
    """One hinge clip from landmarks without error."""
    told = clip_of(HINGE, 0, n_reps=5)
    return told, noisy_errors(told, NoiseSpec.none())


def test_landmarks_without_error_give_the_truth_back(exact):
    _, errors = exact
    one = numbers_of([errors])
    assert one.detected_ratio == 1.0
    assert one.n_found == one.n_true == 5
    assert one.rmse_deg["trunk_incl_deg"] < 1.0
    assert one.lines["lag_comb_ms"].mae < 5.0
    assert one.lines["lag_comb_ms"].slope == pytest.approx(1.0, abs=0.05)


def test_a_clip_is_the_same_each_time_and_its_lags_span_the_range(exact):
    told, _ = exact
    assert clip_of(HINGE, 0, n_reps=5).key == told.key
    assert clip_of(HINGE, 1, n_reps=5).key != told.key
    lags_s = [rep.lag_s for rep in told.performance.reps]
    low, high = LAGS_S["hinge"]
    assert min(lags_s) < 0.6 * low < 0.6 * high < max(lags_s)
    assert errors_of(told, _track(told)).n_found == 5


def _track(told):
    from labeler.synthetic.noise import track

    return track(told.performance, told.camera, told.times, NoiseSpec.none(), told.number)


def test_a_rounding_clip_has_every_severity():
    told = clip_of(Cell("hinge", View.SIDE, 30.0, Purpose.ROUNDING), 0, n_reps=4)
    assert {rep.severities["back_rounding"] for rep in told.performance.reps} == {0, 1, 2, 3}


@pytest.mark.parametrize(("n_reps", "severities"), [(2, {0, 3}), (3, {0, 2, 3}), (6, {0, 1, 2, 3})])
def test_few_repetitions_still_differ_by_as_much_as_the_sheet(n_reps, severities):
    told = clip_of(Cell("antirot", View.FRONT, 30.0), 1, n_reps=n_reps)
    assert {rep.severities["pelvis_uncontrolled"] for rep in told.performance.reps} == severities


def test_what_is_stored_is_what_is_read(exact, tmp_path, monkeypatch):
    """Written and read back by the package: the same limits, and how they were made."""
    one = numbers_of([exact[1], exact[1]])
    file = synthetic_store.store({HINGE: (one, one)}, tmp_path / "detection.toml")
    monkeypatch.setattr(
        detection, "_stored", lambda: detection.tomllib.loads(file.read_text(encoding="utf-8"))
    )
    rows = {row.name: row for row in detection.measured.__wrapped__()}
    assert rows["lag_t50_ms"].limit == pytest.approx(one.lines["lag_t50_ms"].limit, abs=0.1)
    assert rows["lag_t50_ms"].view is View.SIDE
    assert "travel_lag_area_ms" not in rows  # a hinge has none
    assert rows["lag_t50_ms"].n_reps == 10


def test_a_run_changes_the_lines_of_its_own_cells_only(exact, tmp_path):
    one, file = numbers_of([exact[1], exact[1]]), tmp_path / "detection.toml"
    other = Cell("hinge", View.OBLIQUE, 30.0)
    synthetic_store.store({HINGE: (one, one)}, file)
    first = detection.tomllib.loads(file.read_text(encoding="utf-8"))["measured"]
    synthetic_store.store({other: (one, one)}, file)
    second = detection.tomllib.loads(file.read_text(encoding="utf-8"))["measured"]
    assert [row for row in second if row["view"] == "side"] == first
    assert len(second) == 2 * len(first)


def test_what_was_looked_for_and_not_seen_is_stored_as_such(exact, tmp_path, monkeypatch):
    """All repetitions of a hinge missed: lags that differ in truth are told to be unseen."""
    reps = tuple(
        replace(rep, pairs={name: (true, math.nan) for name, (true, _) in rep.pairs.items()})
        for rep in exact[1].reps
    )
    seen, missed = numbers_of([exact[1]] * 2), numbers_of([replace(exact[1], reps=reps)] * 2)
    file = tmp_path / "detection.toml"
    synthetic_store.store({HINGE: (seen, seen)}, file)
    synthetic_store.store({HINGE: (missed, seen)}, file)
    stored = detection.tomllib.loads(file.read_text(encoding="utf-8"))
    monkeypatch.setattr(detection, "_stored", lambda: stored)
    rows = {row.name: row for row in detection.measured.__wrapped__()}
    assert rows["lag_t50_ms"].is_unseen
    assert "too few" in rows["lag_t50_ms"].why_not
    assert "too few" in rows["lag_t50_ms"].why_nothing
    assert (rows["lag_t50_ms"].limit, rows["lag_t50_ms"].n_reps) == (math.inf, 10)
    assert "travel_lag_area_ms" not in rows  # which a hinge has not: nobody looked


def test_a_repetition_that_was_missed_is_true_all_the_same(exact):
    told = exact[0]
    track = _track(told)
    stands = {name: getattr(track, name).copy() for name in ("xy_px", "world_m")}
    for values in stands.values():
        values[:] = values[0]
    missed = errors_of(told, replace(track, **stands))
    assert missed.n_found == 0
    assert "lag_t50_ms" in numbers_of([missed]).asked


def test_one_clip_alone_is_not_stored(exact, tmp_path):
    one = numbers_of([exact[1]])
    file = synthetic_store.store({HINGE: (one, one)}, tmp_path / "detection.toml")
    assert "[[measured]]" not in file.read_text(encoding="utf-8")


def test_figures_are_of_the_lifts_from_the_side_unless_others_are_asked_for(exact):
    one = numbers_of([exact[1]])
    turned = replace(one, rmse_deg=dict.fromkeys(one.rmse_deg, 9.0))
    results = [
        Result(HINGE, one, one),
        Result(Cell("rotation", View.FRONT, 30.0), turned, one),
        Result(Cell("hinge", View.OBLIQUE, 30.0), turned, one),
    ]
    told = figures_of(results, Asked())
    assert told["trunk_rmse_deg"] == pytest.approx(one.rmse_deg["trunk_incl_deg"])
    assert told["lag_mae_ms"] == pytest.approx(one.lines["lag_t50_ms"].mae)
    assert told["detected_ratio"] == 1.0
    for asked in (Asked("rotation"), Asked(view=View.OBLIQUE), Asked("hinge", View.OBLIQUE, 30.0)):
        assert figures_of(results, asked)["trunk_rmse_deg"] == pytest.approx(9.0)
    assert math.isnan(figures_of(results, Asked("squat"))["lag_mae_ms"])


def test_every_movement_is_measured_from_every_view():
    """A limit that is shown rests on three athletes at least."""
    works = [work for work in all_works() if work.cell.purpose is Purpose.LAGS]
    cells = {(work.cell.movement, work.cell.view): work for work in works if work.cell.fps == 30.0}
    movements = [one.id for one in load_catalog().movements.values() if one.is_supported]
    assert set(cells) == {(movement, view) for movement in movements for view in ASKED_VIEWS}
    assert len({work.cell for work in works}) == len(works)
    for work in works:
        if work.cell.view is not View.SIDE or work.cell.movement in LIFTS:
            assert work.n_clips >= 3
            assert work.n_clips * work.n_reps >= 6


ASKED_VIEWS = (View.SIDE, View.OBLIQUE, View.FRONT)


def test_a_limit_that_hangs_on_one_clip_has_no_upper_end():
    assert interval(50.0, np.array([40.0, 45.0, math.inf])) == (40.0, math.inf)
    assert interval(math.inf, np.array([40.0, 45.0])) == (40.0, math.inf)


def test_the_interval_of_a_limit_is_wider_the_more_clips_differ():
    alike, apart = interval(50.0, np.full(4, 50.0)), interval(50.0, np.array([30.0, 50, 60, 80]))
    assert alike == pytest.approx((50.0, 50.0))
    assert apart[0] < 30.0
    assert apart[1] > 80.0


def test_bands_are_told_right_or_not():
    pairs = np.array([[5.0, 12.0], [25.0, 30.0], [45.0, 30.0], [10.0, math.nan]])
    assert band_ratio(pairs) == pytest.approx(2 / 3)
    assert math.isnan(band_ratio(pairs[3:]))
