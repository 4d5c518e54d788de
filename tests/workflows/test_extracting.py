"""From a file to times, track, proxy and thumb in one pass."""

import numpy as np
import pytest
from support_poses import ScriptedEstimator, outlined, pose_at
from support_videos import Recipe, cut_off, make_clip

from labeler.core.contour import behind, trunk_axis
from labeler.core.errors import NoPersonError, VideoError
from labeler.core.origin import MADE_UP_MARK
from labeler.video.probe import probe
from labeler.video.reader import ClipReader
from labeler.video.upright import Size
from labeler.video.writer import VideoWriter
from labeler.workflows import extracting
from labeler.workflows.extracting import extract

N_FRAMES = 45
RECIPE = Recipe(n_frames=N_FRAMES, fps=30, size=(192, 108))
PERSON = pose_at(0.5)
OTHER = pose_at(0.15)


class Estimators:
    """Makes scripted estimators and keeps them: `people` is whom each of them sees."""

    def __init__(self, first, several=None, *, looks=(), **options):
        self._scripts = {1: first, extracting.PEOPLE_MAX: several}
        self._looks, self._options = looks, options
        self.made = {}

    def __call__(self, n_people):
        estimator = ScriptedEstimator(self._scripts[n_people], self._looks, **self._options)
        self.made[n_people] = estimator
        return estimator


@pytest.fixture
def clip(tmp_path):
    return make_clip(tmp_path / "clip.mp4", RECIPE)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_one_pass_gives_everything(clip, folder):
    estimators, told = Estimators([[PERSON]] * N_FRAMES), []
    extraction = extract(
        clip,
        folder,
        make_estimator=estimators,
        on_progress=lambda done, total: told.append((done, total)),
    )
    assert names(folder) == ["proxy.mp4", "thumb.jpg"]
    assert extraction.times.n_frames == extraction.track.n_frames == N_FRAMES
    assert extraction.track.size_px == (192, 108)
    made_by = extraction.track.made_by
    assert made_by["model"] == "scripted"
    assert set(made_by) == {"model", "reader", "picture_px", "labeler"}, "all that decides"
    assert extraction.facts.codec == "h264"
    assert extraction.detected_ratio == 1.0
    assert extraction.findings == ()
    assert told == [(k + 1, N_FRAMES) for k in range(N_FRAMES)]
    assert {"decode", "proxy", "pose", "looks", "thumb", "total"} == set(extraction.seconds)
    assert list(estimators.made) == [1]
    assert estimators.made[1].is_closed
    assert estimators.made[1].n_looks == extracting.LOOKS_MIN
    np.testing.assert_allclose(estimators.made[1].seen_s, extraction.times.pts_s)


def test_a_made_up_video_stays_made_up_in_its_copy(clip, tmp_path, folder):
    """Also when that copy is brought in elsewhere, as if it were an original."""
    marked = tmp_path / "marked.mp4"
    with VideoWriter(marked, Size(192, 108), comment=MADE_UP_MARK) as writer:
        for picture in ClipReader(clip):
            writer.write(picture.rgb, float(picture.since_first_s))
    extraction = extract(marked, folder, make_estimator=Estimators([[PERSON]] * N_FRAMES))
    assert extraction.facts.is_synthetic
    (tmp_path / "again").mkdir()
    again = extract(
        folder / "proxy.mp4",
        tmp_path / "again",
        make_estimator=Estimators([[PERSON]] * N_FRAMES),
    )
    assert again.facts.is_synthetic
    assert probe(tmp_path / "again" / "proxy.mp4").is_synthetic


def test_a_recording_says_nothing(clip, folder):
    extraction = extract(clip, folder, make_estimator=Estimators([[PERSON]] * N_FRAMES))
    assert not extraction.facts.is_synthetic
    assert probe(folder / "proxy.mp4").comment == ""


def test_a_blink_of_a_video_is_too_short_whoever_is_in_it(tmp_path, folder):
    clip = make_clip(tmp_path / "blink.mp4", Recipe(n_frames=3, fps=30, size=(192, 108)))
    with pytest.raises(VideoError, match=r"blink.mp4: expected at least 0.4 s .*, got 0.10 s"):
        extract(clip, folder, make_estimator=Estimators([[PERSON]] * 3))


def test_landmarks_are_pixels_of_the_upright_original(tmp_path, folder):
    """Not of the smaller picture that the network saw."""
    large = Recipe(n_frames=N_FRAMES, size=(1920, 1088), rotation_deg=90)
    clip = make_clip(tmp_path / "large.mp4", large)
    extraction = extract(clip, folder, make_estimator=Estimators([[PERSON]] * N_FRAMES))
    assert extraction.track.size_px == (1088, 1920)
    np.testing.assert_allclose(extraction.track.xy_px[0, 23:25].mean(axis=0), (544, 960))


def test_frames_without_the_athlete_are_nan_and_told(clip, folder):
    frames = [[PERSON]] * (N_FRAMES - 9) + [[]] * 9
    extraction = extract(clip, folder, make_estimator=Estimators(frames))
    assert extraction.detected_ratio == pytest.approx(1 - 9 / N_FRAMES)
    assert np.isnan(extraction.track.xy_px[-9:]).all()
    assert [finding.code for finding in extraction.findings] == ["person_lost"]


def test_two_people_are_followed_in_a_second_pass(clip, folder):
    """The first pass follows whom it met first; the larger and more central one is kept."""
    estimators = Estimators(
        [[OTHER]] * N_FRAMES, [[OTHER, PERSON]] * N_FRAMES, looks=[[PERSON]] * 3
    )
    told = []
    extraction = extract(
        clip,
        folder,
        make_estimator=estimators,
        on_progress=lambda done, total: told.append((done, total)),
    )
    assert [finding.code for finding in extraction.findings] == ["two_people"]
    assert extraction.track.xy_px[0, 23:25, 0].mean() == pytest.approx(96)
    assert told[-1] == (2 * N_FRAMES, 2 * N_FRAMES)
    assert [estimator.is_closed for estimator in estimators.made.values()] == [True, True]
    assert "people" in extraction.seconds


def test_the_outline_is_that_of_the_chosen_person(clip, folder):
    both = [outlined(OTHER, offset_trunks=0.1), outlined(PERSON, offset_trunks=0.3)]
    estimators = Estimators([both[:1]] * N_FRAMES, [both] * N_FRAMES, looks=[[PERSON]] * 3)
    track = extract(clip, folder, make_estimator=estimators).track
    _origin, along_px = trunk_axis(track.xy_px)
    trunk_px = np.linalg.norm(along_px, axis=1)
    np.testing.assert_allclose(track.contour.offset_px[:, 0, 0], 0.3 * trunk_px)


def test_a_second_person_who_was_a_glitch_is_not_told(clip, folder):
    estimators = Estimators([[PERSON]] * N_FRAMES, [[PERSON]] * N_FRAMES, looks=[[OTHER]])
    extraction = extract(clip, folder, make_estimator=estimators)
    assert extracting.PEOPLE_MAX in estimators.made
    assert extraction.findings == ()


def test_nobody_in_the_picture(clip, folder):
    estimators = Estimators([[]] * N_FRAMES)
    with pytest.raises(NoPersonError):
        extract(clip, folder, make_estimator=estimators)
    assert estimators.made[1].is_closed


def test_an_error_of_the_network_leaves_nothing_half_written(clip, folder):
    estimators = Estimators([[PERSON]] * N_FRAMES, fails_at=20)
    with pytest.raises(RuntimeError, match="the network broke"):
        extract(clip, folder, make_estimator=estimators)
    assert estimators.made[1].is_closed
    assert names(folder) in ([], ["proxy.mp4"])


def test_ctrl_c_stops_at_once_and_leaves_nothing(clip, folder):
    estimators = Estimators([[PERSON]] * N_FRAMES)

    def press(done, _total):
        if done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract(clip, folder, make_estimator=estimators, on_progress=press)
    assert names(folder) == []
    assert estimators.made[1].is_closed
    assert len(estimators.made[1].seen_s) <= 10


def test_a_broken_file_never_asks_for_the_network(tmp_path, folder):
    (tmp_path / "text.mp4").write_text("no video")
    estimators = Estimators([])
    with pytest.raises(VideoError, match="another format"):
        extract(tmp_path / "text.mp4", folder, make_estimator=estimators)
    assert estimators.made == {}


def test_a_file_that_breaks_off(tmp_path, folder):
    whole = make_clip(tmp_path / "whole.mp4", RECIPE, movflags="+faststart")
    cut = cut_off(whole, 0.7, tmp_path / "cut.mp4")
    estimators = Estimators([[PERSON]] * N_FRAMES)
    with pytest.raises(VideoError, match="before the file broke off"):
        extract(cut, folder, make_estimator=estimators)
    assert estimators.made[1].is_closed
    assert names(folder) == []


@pytest.mark.pose
@pytest.mark.data
@pytest.mark.parametrize("name", ["rdl_side", "deadlift_single_side"])
def test_real_athletes_are_found_in_every_frame(data_dir, folder, capfd, name):
    extraction = extract(data_dir / "videos" / f"{name}.mp4", folder)
    assert extraction.detected_ratio == 1.0
    assert extraction.findings == ()
    assert extraction.track.made_by["n_people"] == "1"
    back_px = extraction.track.contour.offset_px[:, behind(1)]  # he faces right
    assert np.isfinite(back_px).mean() > 0.9
    assert capfd.readouterr().err == ""


@pytest.mark.pose
@pytest.mark.data
def test_sea_and_rocks_are_no_person(data_dir, folder):
    """MediaPipe claims one in half of the frames."""
    with pytest.raises(NoPersonError, match="expected a person in the picture"):
        extract(data_dir / "videos" / "no_person.mp4", folder)


@pytest.mark.pose
@pytest.mark.data
def test_the_man_on_the_box_and_not_the_woman_who_walks_by(data_dir, folder):
    extraction = extract(data_dir / "videos" / "two_people_walk.mp4", folder)
    assert "two_people" in [finding.code for finding in extraction.findings]
    assert extraction.detected_ratio > 0.5  # he jumps down after two thirds, and leaves
    width_px, height_px = extraction.track.size_px
    hips = extraction.track.xy_px[:, 23:25].mean(axis=1) / (width_px, height_px)
    on_the_box = hips[60:160]
    assert np.nanmax(on_the_box[:, 1]) < 0.45  # the woman's are at 0.7
    assert np.nanmin(on_the_box[:, 0]) > 0.3
