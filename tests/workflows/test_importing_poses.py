"""Poses from elsewhere become clips like any other, and go through the same measures."""

import json

import numpy as np
import pytest
import support_foreign as foreign
import support_videos
from support_bodies import hinge, steady_times
from support_datasets import N_REPS, TAGS, add_hinges, new_dataset

from labeler.core.clip import ClipTags, View
from labeler.core.errors import CatalogError, ExchangeError, StoreError, UsageError
from labeler.core.landmarks import LEFT_RIGHT, Landmark
from labeler.core.origin import MADE_UP_MARK
from labeler.exchange.flat_tables import read_dataset
from labeler.workflows.deriving import features_of, rules_of_all
from labeler.workflows.exporting import export_dataset
from labeler.workflows.importing import Status
from labeler.workflows.importing_poses import PoseOptions, import_poses

FPS = 30.0
TIMES = steady_times(14.0, FPS)
TRACK = hinge(TIMES, lag_s=0.1, n_reps=N_REPS)
HINGES_PX = TRACK.xy_px[:, foreign.LANDMARKS]
NAMES = foreign.names()
NO_OPTIONS = PoseOptions()


@pytest.fixture
def dataset(tmp_path):
    with new_dataset(tmp_path) as opened:
        yield opened


def bring(dataset, *paths, tags=TAGS, **options):
    return list(import_poses(paths, dataset, tags=tags, options=PoseOptions(**options)))


def bring_one(dataset, path, **told):
    (result,) = bring(dataset, path, **told)
    assert result.error is None, result.error
    return dataset.clips.get(result.clip)


def in_metres():
    """The same hinges in space: x forward, y to the left, z up; 500 pixels are a metre."""
    flat_m = HINGES_PX / 500.0
    points = np.stack([flat_m[..., 0], np.zeros(flat_m.shape[:2]), 2.0 - flat_m[..., 1]], axis=-1)
    for place, landmark in enumerate(foreign.LANDMARKS):
        points[:, place, 1] = 0.1 if "LEFT" in landmark.name else -0.1
    return points


def openpose_people():
    """The hinges as BODY_25: nose, neck and middle of the hips are not there."""
    from labeler.exchange.foreign.name_map import map_of
    from labeler.exchange.foreign.points import ForeignPoints

    order = map_of("openpose").orders["BODY_25"]
    places = map_of("openpose").find(ForeignPoints(order, np.zeros((1, 25, 2))))
    people = np.full((TIMES.n_frames, 1, 25, 2), np.nan)
    for landmark, (place,) in places.items():
        people[:, 0, place] = TRACK.xy_px[:, landmark]
    return people


def with_sure():
    return np.concatenate([HINGES_PX, np.full((*HINGES_PX.shape[:2], 1), 0.9)], axis=2)


def written_json(folder):
    return foreign.write_keypoint_json(folder / "a.json", TRACK.xy_px, fps=FPS)


def written_sleap(folder):
    import sleap_io

    path = folder / "a.slp"
    sleap_io.save_slp(foreign.sleap_labels(with_sure()[:, None], NAMES), str(path))
    return path


def written_npz(folder):
    np.savez(folder / "a.npz", points=NAMES, positions_m=in_metres(), fps=FPS)
    return folder / "a.npz"


def written_trc(folder):
    y_up = in_metres()[..., (0, 2, 1)] * np.array([1, 1, -1]) * 1000
    return foreign.write_trc(folder / "a.trc", y_up, NAMES, rate=FPS)


WRITTEN = {
    "blazepose": (written_json, {}),
    "openpose": (lambda f: foreign.write_openpose(f / "op", openpose_people()), {"fps": FPS}),
    "deeplabcut csv": (
        lambda f: foreign.write_dlc_csv(f / "a.csv", with_sure(), NAMES),
        {"fps": FPS},
    ),
    "deeplabcut h5": (lambda f: foreign.write_dlc_h5(f / "a.h5", with_sure(), NAMES), {"fps": FPS}),
    "sleap": (written_sleap, {"fps": FPS}),
    "c3d": (lambda f: foreign.write_c3d(f / "a.c3d", 1000 * in_metres(), NAMES, rate=FPS), {}),
    "trc": (written_trc, {}),
    "plain csv": (
        lambda f: foreign.write_plain_csv(f / "a.csv", HINGES_PX, NAMES, times_s=TIMES.pts_s),
        {},
    ),
    "plain npz": (written_npz, {}),
}


@pytest.mark.parametrize("kind", WRITTEN)
def test_every_format_goes_through_the_same_signals_reps_and_features(dataset, tmp_path, kind):
    wanted = features_of(dataset, add_hinges(dataset, lag_s=0.1))
    write, options = WRITTEN[kind]
    clip = bring_one(dataset, write(tmp_path), **options)
    found = features_of(dataset, clip)
    assert len(found) == len(wanted) == N_REPS
    for name, within in (("trunk_incl_rom_deg", 0.1), ("lag_t50_ms", 2.0), ("descent_s", 0.01)):
        np.testing.assert_allclose(found[name].to_numpy(), wanted[name].to_numpy(), atol=within)
    assert not clip.is_video_present
    assert clip.detected_ratio == 1.0
    assert (clip.tags.movement, clip.tags.view) == ("hinge", View.SIDE)


def test_a_clip_is_its_bytes_and_comes_in_once(dataset, tmp_path):
    path = written_json(tmp_path)
    first, again = bring(dataset, path, path)
    assert (first.status, again.status) == (Status.INGESTED, Status.ALREADY)
    assert (first.n_reps, again.n_reps) == (N_REPS, N_REPS)
    assert first.clip == again.clip
    from labeler.workflows.importing import clip_id_of

    assert first.clip == clip_id_of(path)
    assert len(dataset.clips.all()) == 1


def test_labels_and_cuts_survive_a_second_import(dataset, tmp_path):
    from labeler.workflows.labeling import all_clear

    clip = bring_one(dataset, written_json(tmp_path))
    all_clear(dataset, clip, rep="1", rater="Ann")
    before = dataset.journal.actions()
    bring(dataset, tmp_path / "a.json", tags=ClipTags("A02", "squat", View.FRONT))
    assert dataset.journal.actions() == before
    assert dataset.clips.get(clip.clip_id) == clip


def test_read_otherwise_a_file_is_another_clip(dataset, tmp_path):
    path = written_npz(tmp_path)
    side = bring_one(dataset, path)
    front = bring_one(dataset, path, tags=ClipTags("A01", "hinge", View.FRONT))
    upside_down = bring_one(dataset, path, up="y", heading="1,0")
    assert len({side.clip_id, front.clip_id, upside_down.clip_id}) == 3
    track = dataset.tracks.load(upside_down.clip_id, dataset.clips.times(upside_down.clip_id))
    assert (track.made_by["told_up"], track.made_by["told_heading"]) == ("y", "1,0")
    assert track.made_by["sha256"] == side.clip_id


def test_joints_in_space_are_seen_from_the_side_where_no_view_is_told(dataset, tmp_path):
    clip = bring_one(dataset, written_npz(tmp_path), tags=ClipTags(movement="hinge"))
    assert clip.tags.view is View.SIDE
    assert len(dataset.journal.reps(clip.clip_id)) == N_REPS
    flat = bring_one(dataset, written_json(tmp_path), tags=ClipTags(movement="hinge"))
    assert flat.tags.view is None


def test_a_track_that_was_lost_comes_back(dataset, tmp_path):
    path = written_json(tmp_path)
    clip = bring_one(dataset, path)
    dataset.tracks.path(clip.clip_id).unlink()
    (again,) = bring(dataset, path)
    assert again.status is Status.INGESTED
    assert dataset.tracks.path(clip.clip_id).is_file()
    assert len(dataset.journal.reps(clip.clip_id)) == N_REPS


def test_the_broken_fail_with_a_reason_and_the_others_come_in(dataset, tmp_path):
    broken, lost = tmp_path / "b.json", tmp_path / "nothing.c3d"
    broken.write_text("{")
    empty = foreign.write_keypoint_json(
        tmp_path / "empty.json", np.full((3, 33, 2), np.nan), fps=FPS
    )
    results = bring(dataset, broken, lost, empty, written_json(tmp_path))
    assert [result.status for result in results] == [Status.FAILED] * 3 + [Status.INGESTED]
    messages = [result.error["message"] for result in results[:3]]
    assert "expected JSON" in messages[0]
    assert "got nothing there" in messages[1]
    assert "expected the athlete in some frame, got nobody" in messages[2]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pose_format": "bvh"}, "format: expected one of auto, blazepose, .* got 'bvh'"),
        ({"size": "big"}, "size: expected width and height"),
        ({"size": "0x10"}, "size: expected width and height"),
        ({"unit": "inch"}, "unit: expected one of m, cm, mm, px, ratio"),
        ({"up": "x"}, "up: expected one of z, y, -y"),
        ({"heading": "north"}, "heading: expected a direction"),
        ({"heading": "0,0"}, "heading: expected a direction"),
        ({"heading": "1,2,3"}, "heading: expected a direction"),
        ({"fps": 0.0}, "fps: expected a rate above 0"),
    ],
)
def test_options_that_are_none_are_said_before_any_work(dataset, tmp_path, options, message):
    with pytest.raises(UsageError, match=message):
        bring(dataset, tmp_path / "a.json", **options)


def test_an_unknown_movement_video_or_map_is_said_before_any_work(dataset, tmp_path):
    with pytest.raises(CatalogError):
        bring(dataset, tags=ClipTags(movement="hop"))
    with pytest.raises(StoreError, match="clip: expected"):
        bring(dataset, video="nothing")
    with pytest.raises(ExchangeError, match="a map of names"):
        bring(dataset, names=tmp_path / "nothing.toml")


def test_names_of_the_users_own(dataset, tmp_path):
    odd = [f"p{number}" for number in range(len(NAMES))]
    path = foreign.write_plain_csv(tmp_path / "a.csv", HINGES_PX, odd, times_s=TIMES.pts_s)
    lines = [f'{name} = "p{number}"' for number, name in enumerate(NAMES)]
    names = tmp_path / "mine.toml"
    names.write_text("[landmarks]\n" + "\n".join(lines))
    (without,) = bring(dataset, path)
    assert without.status is Status.FAILED
    clip = bring_one(dataset, path, names=names)
    assert len(dataset.journal.reps(clip.clip_id)) == N_REPS


# --------------------------------------------------------------------------- with its video


def test_a_clip_of_the_dataset_gives_times_size_and_tags(dataset, tmp_path):
    known = add_hinges(dataset, "film.mp4")
    shares = HINGES_PX / np.array([known.width_px, known.height_px])
    values = np.concatenate([shares, np.ones((*shares.shape[:2], 1))], axis=2)
    path = foreign.write_dlc_csv(tmp_path / "a.csv", values[:-30], NAMES)
    clip = bring_one(dataset, path, tags=ClipTags(), video="film.mp4", unit="ratio")
    assert clip.clip_id != known.clip_id
    assert (clip.tags, clip.n_frames) == (known.tags, known.n_frames)
    assert (clip.width_px, clip.height_px) == (known.width_px, known.height_px)
    assert len(dataset.journal.reps(clip.clip_id)) == N_REPS
    assert clip.detected_ratio == pytest.approx(1 - 30 / known.n_frames)


def test_poses_are_of_a_person_unless_their_file_or_their_video_says_otherwise(dataset, tmp_path):
    plain = {"points": np.array(NAMES), "positions_px": HINGES_PX, "fps": FPS}
    said = {"person.npz": "filmed on Monday", "made_up.npz": MADE_UP_MARK.upper(), "none.npz": None}
    for name, comment in said.items():
        told = {} if comment is None else {"comment": np.array(comment)}
        np.savez(tmp_path / name, size_px=np.array(TRACK.size_px), **plain, **told)
    found = {name: bring_one(dataset, tmp_path / name) for name in said}
    assert [found[name].is_synthetic for name in said] == [False, True, False]
    name = found["made_up.npz"].file_name
    assert bring_one(dataset, tmp_path / "person.npz", video=name).is_synthetic


def test_a_video_file_gives_times_and_size(dataset, tmp_path):
    video = support_videos.make_clip(tmp_path / "a.mp4")
    from labeler.video.reader import ClipReader

    reader = ClipReader(video)
    n_frames = sum(1 for _ in reader)
    points = np.tile(TRACK.xy_px[:1] / 1000.0, (n_frames, 1, 1))
    path = foreign.write_keypoint_json(tmp_path / "a.json", points)
    clip = bring_one(dataset, path, tags=ClipTags(), video=str(video))
    np.testing.assert_array_equal(dataset.clips.times(clip.clip_id).pts_s, reader.times.pts_s)
    assert (clip.width_px, clip.height_px) == (reader.facts.width_px, reader.facts.height_px)


# --------------------------------------------------------------------------- real files


@pytest.mark.data
def test_the_real_swing_sample_has_four_reps(dataset, data_dir):
    folder = data_dir / "poses"
    clip = bring_one(
        dataset,
        folder / "swing-sample-4reps.posetrack.json",
        tags=ClipTags("A01", "kb_swing", View.SIDE),
    )
    truth = json.loads((folder / "swing-sample-4reps.groundtruth.json").read_text())
    bottoms = [a["frame_index"] for a in truth["annotations"] if a["position"] == "bottom"]
    turns = [record.rep.turn_frame for record in dataset.journal.reps(clip.clip_id)]
    assert len(turns) == len(bottoms) == 4
    np.testing.assert_allclose(turns, bottoms, atol=2)
    assert (clip.width_px, clip.height_px, clip.n_frames) == (1920, 1080, 165)
    features = features_of(dataset, clip)
    assert features["trunk_incl_rom_deg"].notna().all()
    assert len(rules_of_all(dataset)) > 0


@pytest.mark.data
def test_a_real_squat_of_a_laboratory(dataset, data_dir, tmp_path):
    with np.load(data_dir / "uiprmd" / "deep_squat_vicon.npz") as archive:
        n_frames = int(archive["n_frames"][0])
        points, positions = archive["points"], archive["positions_m"][:n_frames]
        fps = archive["fps"]
    path = tmp_path / "squat.npz"
    np.savez(path, points=points, positions_m=positions, fps=fps)
    clip = bring_one(dataset, path, tags=ClipTags("S01", "squat"))
    assert len(dataset.journal.reps(clip.clip_id)) == 1
    track = dataset.tracks.load(clip.clip_id, dataset.clips.times(clip.clip_id))
    known = {mark for mark in Landmark if np.isfinite(track.xy_px[:, mark]).any()}
    assert {mark for pair in LEFT_RIGHT[-5:] for mark in pair} <= known


@pytest.mark.data
def test_a_real_blazepose_trial_in_shares_of_the_picture(dataset, data_dir):
    path = data_dir / "poses" / "trunk_rotation_blazepose.json"
    (without,) = bring(dataset, path, fps=FPS)
    assert "--size" in without.error["hint"]
    clip = bring_one(dataset, path, tags=ClipTags(), fps=FPS, size="1920x1080")
    assert clip.n_frames == 194
    turned = bring_one(
        dataset, path, tags=ClipTags(None, "rotation", View.FRONT), fps=FPS, size="1280x720"
    )
    assert "no_depth" in {finding.code for finding in turned.findings}


def test_an_imported_clip_goes_out_with_the_others(dataset, tmp_path):
    clip = bring_one(dataset, written_json(tmp_path))
    export_dataset(dataset, tmp_path / "out", "csv", features=features_of(dataset, clip))
    (restored,) = read_dataset(tmp_path / "out").clips
    assert restored.clip_id == clip.clip_id
