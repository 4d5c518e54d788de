"""What people can read about the cleaning of a clip."""

import math

import pytest
from support_datasets import add_hinges, new_dataset

from labeler.signals.registry import SIGNALS
from labeler.workflows.inspecting import STEP_NAMES, cleaning_rows, signals_report


@pytest.fixture
def told(tmp_path):
    """The rows and the report of a clip in which a hip was hidden for three frames."""
    with new_dataset(tmp_path) as dataset:
        clip = add_hinges(dataset)
        track = dataset.tracks.load(clip.clip_id, dataset.clips.times(clip.clip_id))
        track.visibility[100:103, 24] = 0.1
        dataset.tracks.save(clip.clip_id, track)
        yield cleaning_rows(dataset, clip), signals_report(dataset, clip)


def test_every_step_has_a_name_and_says_what_it_did(told):
    rows, _report = told
    assert [row["step"] for row in rows] == list(STEP_NAMES.values())
    by_step = {row["step"]: row for row in rows}
    assert by_step["Hardly visible"]["points"] == by_step["Short gaps"]["points"] == 3
    assert by_step["Short gaps"]["points_pct"] == pytest.approx(100 * 3 / (420 * 19))
    assert by_step["Side in use"]["what"] == "right side only"
    assert by_step["Smoothing"]["points"] is None


def test_the_report_has_the_steps_the_view_and_the_noise(told):
    _rows, report = told
    assert [step["name"] for step in report["steps"]] == list(STEP_NAMES)
    assert report["faces_right"]
    assert (report["view"]["told"], report["view"]["seen"]) == ("side", "side")
    assert set(report["noise"]) == set(SIGNALS)
    assert math.isfinite(report["noise"]["trunk_incl_deg"])
    assert report["findings"] == []


def test_a_clip_in_which_nobody_is_seen_has_no_view(tmp_path):
    with new_dataset(tmp_path) as dataset:
        clip = add_hinges(dataset)
        track = dataset.tracks.load(clip.clip_id, dataset.clips.times(clip.clip_id))
        track.xy_px[:] = math.nan
        track.visibility[:] = math.nan
        dataset.tracks.save(clip.clip_id, track)
        view = signals_report(dataset, clip)["view"]
    assert (view["seen"], view["azimuth_deg"], view["confidence"]) == (None, None, None)
