"""Every format of poses from elsewhere: what a file says is what is read, missing stays missing."""

import json

import numpy as np
import pytest
import support_foreign as foreign

from labeler.core.errors import ExchangeError
from labeler.exchange.foreign import c3d, lab
from labeler.exchange.foreign.formats import PoseFormat, format_of, read_points
from labeler.exchange.foreign.points import Unit, Up

PARTS = ["left_hip", "right_hip"]
FLAT = np.array([[[10.0, 20.0], [30.0, 40.0]], [[11.0, 21.0], [np.nan, np.nan]]])
SURE = np.array([[0.9, 0.8], [0.7, 0.1]])
WITH_SURE = np.concatenate([FLAT, SURE[..., None]], axis=2)
SPACE = np.array([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[1.1, 2.1, 3.1], [np.nan] * 3]])


def write_json(path, content):
    path.write_text(json.dumps(content))
    return path


# --------------------------------------------------------------------------- JSON


def test_blazepose_keypoints_with_names_pixels_and_times(tmp_path):
    frames = [
        {"frameIndex": n, "timestamp": 33.3 * n, "videoTime": 0.0333 * n, "keypoints": keypoints}
        for n, keypoints in enumerate(
            [
                [{"x": 10, "y": 20, "score": 0.9, "name": "left_hip"}],
                [{"x": 11, "y": None, "score": 0.7, "name": "left_hip"}],
                [],
            ]
        )
    ]
    told = {"fps": 30, "videoWidth": 1920, "videoHeight": 1080, "model": "blazepose"}
    path = write_json(tmp_path / "a.json", {"metadata": told, "frames": frames})
    found = read_points(path)
    assert (found.names, found.unit, found.size_px) == (("left_hip",), Unit.PIXEL, (1920, 1080))
    np.testing.assert_allclose(found.times_s, [0.0, 0.0333, 0.0666])
    np.testing.assert_allclose(found.points[0], [[10.0, 20.0]])
    assert np.isnan(found.points[1, 0]).any()
    assert np.isnan(found.points[2]).all()
    assert found.made_by["model"] == "blazepose"
    assert not found.is_crowded


@pytest.mark.parametrize(
    ("key", "ticks", "expected_s"),
    [
        ("timestamp_ms", [0, 33, 67], [0.0, 0.033, 0.067]),
        ("timestamp", [0, 33, 67], [0.0, 0.033, 0.067]),
        ("timestamp", [0.0, 0.033, 0.067], [0.0, 0.033, 0.067]),
        ("timestamp", [0, 33_000, 67_000], [0.0, 0.033, 0.067]),
        ("frame", [0, 1, 2], None),
    ],
    ids=["told ms", "ms", "s", "µs", "numbers are no times"],
)
def test_times_have_the_unit_that_their_steps_tell(tmp_path, key, ticks, expected_s):
    point = {"x": 0.4, "y": 0.5, "visibility": 1.0, "name": "nose"}
    frames = [{key: tick, "landmarks": [point]} for tick in ticks]
    found = read_points(write_json(tmp_path / "a.json", {"frames": frames}))
    assert found.unit is Unit.RATIO
    if expected_s is None:
        assert found.times_s is None
        assert found.is_numbered
    else:
        np.testing.assert_allclose(found.times_s, expected_s)


def test_landmarks_without_names_are_in_the_order_of_their_number(tmp_path):
    points = np.full((2, 33, 2), 0.5)
    points[:, 23] = 0.25
    found = read_points(foreign.write_keypoint_json(tmp_path / "a.json", points, fps=25))
    assert found.names[23] == "left_hip"
    assert found.fps == 25
    np.testing.assert_allclose(found.points[:, 23], 0.25)
    np.testing.assert_allclose(found.confidence, 0.9)


def test_a_list_of_frames_with_coco_points_as_lists(tmp_path):
    frame = {"keypoints": [[n, n + 1, 0, 0.5] for n in range(17)]}
    found = read_points(write_json(tmp_path / "a.json", [frame, frame]))
    assert found.names[11] == "left_hip"
    np.testing.assert_allclose(found.points[0, 11], [11, 12])
    np.testing.assert_allclose(found.confidence, 0.5)


def test_positions_by_frame_and_name(tmp_path):
    frame = {"Left_hip": [0.5, 0.6, -0.1], "Right_hip": [0.4, 0.6, 0.1]}
    found = read_points(write_json(tmp_path / "a.json", {"positions": {"1.0": frame}}))
    assert found.names == ("Left_hip", "Right_hip")
    np.testing.assert_allclose(found.points[0], [[0.5, 0.6], [0.4, 0.6]])
    assert found.confidence is not None
    assert np.isnan(found.confidence).all()


def test_frames_that_are_left_out_of_a_json_file_are_missing_and_no_faster_clock(tmp_path):
    points = {"LeftHip": [100.0, 200.0, 0.0]}
    by_name = tmp_path / "positions.json"
    by_name.write_text(json.dumps({"positions": {"1.0": points, "2.0": points, "5.0": points}}))
    by_number = tmp_path / "frames.json"
    keypoints = [{"name": "LeftHip", "x": 100.0, "y": 200.0}]
    frames = [{"frameIndex": n, "keypoints": keypoints} for n in (0, 1, 4)]
    by_number.write_text(json.dumps({"frames": frames}))
    for path in (by_name, by_number):
        is_there = np.isfinite(read_points(path).points[:, 0, 0])
        assert is_there.tolist() == [True, True, False, False, True]


def test_frames_by_names_that_are_no_numbers_are_in_their_order(tmp_path):
    path = tmp_path / "positions.json"
    points = {"LeftHip": [100.0, 200.0, 0.0]}
    path.write_text(json.dumps({"positions": {"b": points, "a": points}}))
    assert read_points(path).n_frames == 2


def test_world_landmarks_come_along_with_the_person_that_they_are_of(tmp_path):
    def person(x):
        return [[x + 0.01 * n, 0.1 + 0.02 * n, 0, 1.0] for n in range(33)]

    def small(x):
        return [[x + 0.001 * n, 0.1 + 0.002 * n, 0, 1.0] for n in range(33)]

    def world(value):
        return [[value, 0.0, 0.0, 1.0]] * 33

    frames = [  # the athlete is once the first and once the second of the two
        {"landmarks": [person(0.1), small(0.8)], "worldLandmarks": [world(1), world(2)]},
        {"landmarks": [small(0.8), person(0.1)], "worldLandmarks": [world(2), world(1)]},
    ]
    found = read_points(write_json(tmp_path / "a.json", {"frames": frames}))
    np.testing.assert_allclose(found.world_m[..., 0], 1.0)
    np.testing.assert_allclose(found.points[:, 0, 0], 0.1)
    assert found.is_crowded


def test_world_landmarks_alone_are_joints_in_space(tmp_path):
    frame = {"world_landmarks": [[0.1 * n, 0.2 * n, 0.3 * n, 0.9] for n in range(33)]}
    found = read_points(write_json(tmp_path / "a.json", {"frames": [frame]}))
    assert (found.is_in_space, found.unit, found.up) == (True, Unit.METRE, Up.MINUS_Y)
    np.testing.assert_allclose(found.points[0, 2], [0.2, 0.4, 0.6])


def test_a_point_in_the_corner_without_confidence_is_missing(tmp_path):
    frame = {"keypoints": [{"x": 0, "y": 0, "score": 0, "name": "nose"}, {"x": 5, "y": 6}]}
    frame["keypoints"][1] |= {"name": "left_hip", "score": 0.4}
    found = read_points(write_json(tmp_path / "a.json", [frame]))
    assert np.isnan(found.points[0, 0]).all()
    np.testing.assert_allclose(found.points[0, 1], [5, 6])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "expected JSON"),
        ("3", "a list of frames"),
        ("{}", "a list of frames"),
        ('{"frames": []}', "a list of frames"),
        ('{"frames": [{}, {"landmarks": []}]}', "points in some frame, got none"),
        ('{"frames": [{"landmarks": [[1, 2], [3, 4]]}]}', "33 or 17 of them, got 2 without names"),
    ],
)
def test_json_that_holds_no_poses_says_what_it_lacks(tmp_path, content, message):
    path = tmp_path / "a.json"
    path.write_text(content)
    with pytest.raises(ExchangeError, match=message):
        read_points(path)


# --------------------------------------------------------------------------- OpenPose


@pytest.mark.parametrize(("n_points", "hip"), [(25, 12), (18, 11)], ids=["BODY_25", "COCO"])
def test_openpose_tells_its_model_by_the_number_of_keypoints(tmp_path, n_points, hip):
    people = np.arange(2 * n_points, dtype=float).reshape(1, 1, n_points, 2).repeat(3, axis=0) + 5.0
    people[1, 0, hip] = np.nan
    found = read_points(foreign.write_openpose(tmp_path / "frames", people))
    assert found.names[hip] == "LHip"
    np.testing.assert_allclose(found.points[0, hip], people[0, 0, hip])
    assert np.isnan(found.points[1, hip]).all()
    np.testing.assert_allclose(found.confidence[0], 0.8)


def test_openpose_frames_count_by_the_numbers_in_their_names(tmp_path):
    people = np.full((3, 1, 25, 2), 7.0)
    folder = foreign.write_openpose(tmp_path / "frames", people, first=100)
    sorted(folder.iterdir())[1].unlink()
    found = read_points(folder)
    assert np.isfinite(found.points[:, 0, 0]).tolist() == [True, False, True]


def test_openpose_numbers_that_are_dates_do_not_count(tmp_path):
    people = np.full((2, 1, 25, 2), 7.0)
    folder = foreign.write_openpose(tmp_path / "frames", people, first=20240101)
    sorted(folder.iterdir())[1].rename(folder / "clip_20250101_keypoints.json")
    assert read_points(folder).n_frames == 2


def test_openpose_follows_the_larger_person(tmp_path):
    body = np.random.default_rng(0).uniform(0, 100, (25, 2))
    large, small = 3 * body + 50, body + 600
    people = np.array([[large, small], [small, large + 1], [large + 2, small]])
    found = read_points(foreign.write_openpose(tmp_path / "frames", people))
    np.testing.assert_allclose(found.points[:, 0, 0] - large[0, 0], [0, 1, 2])
    assert found.is_crowded


def test_openpose_errors_name_the_folder_or_the_frame(tmp_path):
    folder = foreign.write_openpose(tmp_path / "odd", np.ones((1, 1, 7, 2)))
    with pytest.raises(ExchangeError, match=r"odd: expected people with 25 .*or 18 .* got 7"):
        read_points(folder)
    frame = next(folder.iterdir())
    with pytest.raises(ExchangeError, match="one frame of OpenPose") as caught:
        read_points(frame)
    assert "Name the folder" in caught.value.hint
    frame.write_text("{}")
    with pytest.raises(ExchangeError, match="a list of people"):
        read_points(folder)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ExchangeError, match="a folder of OpenPose"):
        read_points(tmp_path / "empty")
    with pytest.raises(ExchangeError, match="a folder with files that end in"):
        read_points(tmp_path / "empty", PoseFormat.OPENPOSE)


# --------------------------------------------------------------------------- DeepLabCut


@pytest.mark.parametrize(
    ("ending", "write"), [(".csv", foreign.write_dlc_csv), (".h5", foreign.write_dlc_h5)]
)
def test_deeplabcut_keeps_likelihood_as_confidence(tmp_path, ending, write):
    path = write(tmp_path / f"a{ending}", WITH_SURE, PARTS)
    assert format_of(path) is PoseFormat.DEEPLABCUT
    found = read_points(path)
    assert (found.names, found.unit, found.is_crowded) == (tuple(PARTS), Unit.PIXEL, False)
    np.testing.assert_allclose(found.points, FLAT)
    np.testing.assert_allclose(found.confidence, SURE)
    assert found.made_by == {"model": "DeepLabCut DLC_net"}


def test_deeplabcut_takes_the_individual_that_is_seen_most(tmp_path):
    rows = [
        "scorer,n,n,n,n,n,n,n,n",
        "individuals,dog,dog,dog,dog,man,man,man,man",
        "bodyparts,hip,hip,toe,toe,hip,hip,toe,toe",
        "coords,x,y,x,y,x,y,x,y",
        "0,1,1,2,2,10,10,90,90",
        "2,1,1,2,2,11,10,91,90",
    ]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(rows))
    found = read_points(path)
    assert found.names == ("hip", "toe")
    assert np.isfinite(found.points[:, 0, 0]).tolist() == [True, False, True]
    assert found.points[2, 0, 0] == 11
    assert found.confidence is None
    assert not found.is_crowded, "the dog is much smaller"


def test_deeplabcut_in_space_needs_a_unit_and_labelled_pictures_have_no_numbers(tmp_path):
    rows = [
        "scorer,,me,me,me",
        "bodyparts,,hip,hip,hip",
        "coords,,x,y,z",
        "videos,img12.png,1,2,3",
        "videos,img40.png,1,2,3",
    ]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(rows))
    found = read_points(path)
    assert (found.unit, found.is_in_space, found.n_frames) == (None, True, 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scorer,a\n0,1\n", "lines that begin with scorer, bodyparts and coords"),
        ("scorer,a\nbodyparts,b\ncoords,x\n0,1\n", "columns x and y, got x"),
        ("scorer,a,a\nbodyparts,b,b\ncoords,x,y\n0,1,oh\n", "numbers below the names, got 'oh'"),
        ("scorer,a,a\nbodyparts,b,b\ncoords,x,y\n0,1\n", "3 cells in every line"),
    ],
)
def test_deeplabcut_tables_that_do_not_fit(tmp_path, text, message):
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(ExchangeError, match=message):
        read_points(path)


def test_hdf5_files_that_are_none(tmp_path):
    import h5py

    path = tmp_path / "a.h5"
    path.write_text("no")
    with pytest.raises(ExchangeError, match="expected an HDF5 file"):
        read_points(path)
    with h5py.File(path, "w") as file:
        file["something"] = 1
    with pytest.raises(ExchangeError, match="expected a table of predictions") as caught:
        read_points(path)
    assert "CSV" in caught.value.hint


def test_code_in_an_hdf5_file_is_never_run(tmp_path):
    import os
    import pickle

    import h5py

    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "was here"),)

    path = foreign.write_dlc_h5(tmp_path / "a.h5", WITH_SURE, PARTS)
    with h5py.File(path, "r+") as file:
        file["df_with_missing"].attrs["non_index_axes"] = np.bytes_(pickle.dumps(Evil(), 0))
    with pytest.raises(ExchangeError, match="is no plain value"):
        read_points(path)
    assert not (tmp_path / "was here").exists()


# --------------------------------------------------------------------------- SLEAP


@pytest.mark.parametrize("ending", [".slp", ".h5"])
def test_sleap_of_one_person(tmp_path, ending):
    labels = foreign.sleap_labels(WITH_SURE[:, None], PARTS)
    path = tmp_path / f"a{ending}"
    save_sleap(labels, path)
    found = read_points(path)
    assert format_of(path) is PoseFormat.SLEAP
    assert (found.names, found.unit) == (tuple(PARTS), Unit.PIXEL)
    np.testing.assert_allclose(found.points, FLAT)
    np.testing.assert_allclose(found.confidence[0], SURE[0])


def save_sleap(labels, path):
    import sleap_io

    if path.suffix == ".slp":
        sleap_io.save_slp(labels, str(path))
    else:
        sleap_io.save_analysis_h5(labels, str(path))


@pytest.mark.parametrize("has_tracks", [True, False])
def test_sleap_takes_the_most_prominent_person(tmp_path, has_tracks):
    large = np.array([[0.0, 0.0, 0.9], [100.0, 200.0, 0.9]])
    small = np.array([[500.0, 0.0, 0.9], [550.0, 100.0, 0.9]])
    people = np.array([[small, large]] * 3)
    save_sleap(foreign.sleap_labels(people, PARTS, has_tracks=has_tracks), tmp_path / "a.slp")
    found = read_points(tmp_path / "a.slp")
    np.testing.assert_allclose(found.points, people[:, 1, :, :2])
    assert found.is_crowded


def test_sleap_files_that_are_none_or_empty(tmp_path):
    path = tmp_path / "a.slp"
    path.write_text("no")
    with pytest.raises(ExchangeError, match="a file that SLEAP has written"):
        read_points(path)
    save_sleap(foreign.sleap_labels(np.full((1, 1, 2, 3), np.nan), PARTS), path)
    with pytest.raises(ExchangeError, match="a person in some frame, got nobody"):
        read_points(path)


# --------------------------------------------------------------------------- C3D and TRC


def test_c3d_points_that_were_not_measured_are_missing(tmp_path):
    path = foreign.write_c3d(tmp_path / "a.c3d", SPACE, ["S1:LHJC", "S1:RHJC"], rate=120.0)
    found = read_points(path)
    assert (found.names, found.unit, found.fps) == (("S1:LHJC", "S1:RHJC"), Unit.MILLIMETRE, 120.0)
    np.testing.assert_allclose(found.points, SPACE, rtol=1e-6)
    assert found.up is None
    assert found.made_by == {"company": "Somebody"}


def test_c3d_with_an_odd_unit_or_no_rate(tmp_path, monkeypatch):
    path = foreign.write_c3d(tmp_path / "a.c3d", SPACE, PARTS, unit="in")
    with pytest.raises(ExchangeError, match="POINT:UNITS of m, cm, mm, got 'in'"):
        read_points(path)
    monkeypatch.setattr(
        c3d, "_content", lambda _: (np.ones((4, 1, 2)), np.zeros((1, 1, 2)), NO_RATE)
    )
    with pytest.raises(ExchangeError, match="POINT:RATE above 0, got 0"):
        read_points(path)


NO_RATE = {"POINT": {"LABELS": ["a"], "UNITS": ["m"], "RATE": []}, "MANUFACTURER": {}}


def test_a_c3d_file_that_brings_its_reader_down_is_an_error_like_any_other(tmp_path, monkeypatch):
    path = foreign.write_c3d(tmp_path / "a.c3d", SPACE, PARTS)
    monkeypatch.setattr(c3d.sys, "executable", broken_python(tmp_path))
    with pytest.raises(ExchangeError, match="expected a C3D file, got a damaged one"):
        read_points(path)
    monkeypatch.setattr(c3d, "PATIENCE_S", 0.0)
    with pytest.raises(ExchangeError, match="cannot be read to its end"):
        read_points(path)


def broken_python(folder):
    """A program that ends itself as a crash would."""
    script = folder / "python"
    script.write_text("#!/bin/sh\nkill -SEGV $$\n")
    script.chmod(0o755)
    return str(script)


def test_a_c3d_file_that_was_cut_off_is_refused_and_not_read_in_part(tmp_path):
    path = foreign.write_c3d(tmp_path / "a.c3d", np.tile(SPACE, (200, 1, 1)), PARTS)
    n_all = len(SPACE) * 200
    assert read_points(path).n_frames == n_all
    path.write_bytes(path.read_bytes()[:-4000])
    with pytest.raises(ExchangeError, match=f"{n_all} frames, as its header says, got"):
        read_points(path)


@pytest.mark.parametrize(("ending", "write"), [("c3d", "write_c3d"), ("trc", "write_trc")])
def test_a_marker_at_the_origin_was_lost(tmp_path, ending, write):
    points = SPACE.copy()
    points[0, 0], points[1, 1, :2] = 0.0, 0.0
    found = read_points(getattr(foreign, write)(tmp_path / f"a.{ending}", points, PARTS))
    is_lost = np.isnan(found.points).all(axis=-1)
    assert is_lost.tolist() == [[True, False], [False, False]]


def test_what_the_process_apart_writes(tmp_path):
    path = foreign.write_c3d(tmp_path / "a.c3d", SPACE, PARTS)
    c3d.c3d_apart.write_content(path, tmp_path / "content.npz")
    with np.load(tmp_path / "content.npz") as content:
        assert content["points"].shape == (4, 2, 2)
        assert json.loads(str(content["told"]))["POINT"]["LABELS"] == PARTS


def test_c3d_files_that_are_none_or_empty(tmp_path, monkeypatch):
    path = tmp_path / "a.c3d"
    path.write_bytes(b"no" * 600)
    with pytest.raises(ExchangeError, match="expected a C3D file"):
        read_points(path)
    empty = {"POINT": {"LABELS": []}, "MANUFACTURER": {}}
    monkeypatch.setattr(c3d, "_content", lambda _: (np.ones((4, 0, 0)), np.zeros((1, 0, 0)), empty))
    with pytest.raises(ExchangeError, match="points in the file, got 0 in 0 frames"):
        read_points(path)


def test_trc_cells_that_are_empty_are_missing(tmp_path):
    path = foreign.write_trc(tmp_path / "a.trc", SPACE, ["LHip", "RHip"], rate=60.0)
    found = read_points(path)
    assert (found.names, found.unit, found.up) == (("LHip", "RHip"), Unit.MILLIMETRE, Up.Y)
    np.testing.assert_allclose(found.points, SPACE)
    np.testing.assert_allclose(found.times_s, [0.0, 1 / 60])
    path.write_text(path.read_text().replace("\t\t\t\n", "\n"))  # some leave out the last cells
    np.testing.assert_allclose(read_points(path).points, SPACE)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("PathFileType", "Nonsense"), "begins with PathFileType, got one that begins with"),
        (("mm", "yards"), "Units of m, cm, mm, got 'yards'"),
        (("LHip\t\t\tRHip", ""), "names of markers in line 4"),
        (("4.0", "four"), "numbers in line 7"),
        (("6.0", "6.0\t7\t8\t9"), "line 7 to have 8 cells, got 11"),
        (("100.0\t100.0\t2", "100.0\t100.0\t3"), "3 frames, as line 3 says, got 2"),
    ],
)
def test_trc_tables_that_do_not_fit(tmp_path, change, message):
    path = foreign.write_trc(tmp_path / "a.trc", SPACE, ["LHip", "RHip"])
    path.write_text(path.read_text().replace(*change))
    with pytest.raises(ExchangeError, match=message):
        read_points(path)


def test_trc_without_frames_or_in_another_encoding(tmp_path):
    path = foreign.write_trc(tmp_path / "a.trc", SPACE[:0], ["LHip", "RHip"])
    with pytest.raises(ExchangeError, match="frames below the names"):
        read_points(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ExchangeError, match="a text file"):
        read_points(path)
    path.write_text("")
    with pytest.raises(ExchangeError, match="an empty file"):
        read_points(path)


def test_trc_without_a_rate_has_its_times(tmp_path):
    path = foreign.write_trc(tmp_path / "a.trc", SPACE, ["LHip", "RHip"])
    path.write_text(path.read_text().replace("100.0\t100.0\t2", "\t\t2").replace("mm", ""))
    found = read_points(path)
    assert (found.fps, found.unit) == (None, None)
    np.testing.assert_allclose(found.times_s, [0.0, 0.01])


# --------------------------------------------------------------------------- plain tables


def test_a_plain_csv_in_pixels(tmp_path):
    path = foreign.write_plain_csv(tmp_path / "a.csv", FLAT, PARTS, times_s=[0.0, 0.04])
    found = read_points(path)
    assert (found.names, found.unit) == (tuple(PARTS), Unit.PIXEL)
    np.testing.assert_allclose(found.points, FLAT)
    np.testing.assert_allclose(found.times_s, [0.0, 0.04])


@pytest.mark.parametrize(("unit", "expected"), [("_mm", Unit.MILLIMETRE), ("", None)])
def test_a_plain_csv_in_space(tmp_path, unit, expected):
    path = foreign.write_plain_csv(tmp_path / "a.csv", SPACE, PARTS, unit=unit)
    found = read_points(path)
    assert (found.unit, found.times_s) == (expected, None)
    np.testing.assert_allclose(found.points, SPACE)


def test_a_plain_csv_without_a_unit_is_told_by_its_size(tmp_path):
    path = foreign.write_plain_csv(tmp_path / "a.csv", FLAT / 100, PARTS, unit="")
    assert read_points(path).unit is Unit.RATIO


def test_our_own_pose_tables_come_in_again(tmp_path):
    path = tmp_path / "a.csv"
    columns = ["x_px", "y_px", "visibility", "world_x_m", "world_y_m", "world_z_m"]
    header = ["frame", "pts_s", *(f"nose_{column}" for column in columns)]
    path.write_text(",".join(header) + "\n0,0,10,20,0.5,1,2,3\n1,0.1,,,,,,\n")
    found = read_points(path)
    np.testing.assert_allclose(found.points[0], [[10, 20]])
    np.testing.assert_allclose(found.world_m[0], [[1, 2, 3]])
    np.testing.assert_allclose(found.confidence[0], [0.5])
    assert np.isnan(found.points[1]).all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a line of names, and a line of numbers per frame, got an empty file"),
        ("a,b\n1,2\n", "columns such as left_hip_x_px, got a, b"),
        ("hip_x_px,hip_y_px\n1,oh\n", "numbers in line 2, got could not convert"),
        ("hip_x_px,hip_y_px\n1,2\n3\n", "2 cells in line 3, got 1"),
        ("frame,hip_x_px,hip_y_px\n2,1,2\n1,1,2\n", "whole numbers that count the frames"),
        ("hip_x_px,hip_y_px,toe_x_m,toe_y_m\n1,2,3,4\n", "one unit for all points, got m, px"),
    ],
)
def test_plain_csv_tables_that_do_not_fit(tmp_path, text, message):
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(ExchangeError, match=message):
        read_points(path)


def test_a_plain_csv_encoded_otherwise(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ExchangeError, match="a CSV table in UTF-8"):
        read_points(path)


@pytest.mark.parametrize(
    ("column", "ticks"),
    [("Time", "0,0.04"), ("time_ms", "0,40"), ("timestamp", "0,40000"), ("PTS_S", "0,0.04")],
)
def test_a_plain_csv_may_name_its_times_in_several_ways(tmp_path, column, ticks):
    path = tmp_path / "a.csv"
    first, second = ticks.split(",")
    path.write_text(f"{column},Left_Hip_X_MM,Left_Hip_Y_MM\n{first},1,2\n{second},3,4\n")
    found = read_points(path)
    np.testing.assert_allclose(found.times_s, [0.0, 0.04])
    assert (found.names, found.unit) == (("Left_Hip",), Unit.MILLIMETRE)


def test_frames_that_a_plain_csv_leaves_out_are_missing_and_no_faster_clock(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("frame,hip_x_px,hip_y_px\n1,100,200\n4,300,400\n")
    found = read_points(path)
    assert (found.n_frames, found.is_numbered) == (5, True)
    np.testing.assert_allclose(found.points[[1, 4], 0], [[100, 200], [300, 400]])
    assert np.isnan(found.points[[0, 2, 3]]).all()


def test_a_plain_npz(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, points=PARTS, positions_m=SPACE, fps=50.0)
    found = read_points(path)
    assert (found.names, found.unit, found.fps) == (tuple(PARTS), Unit.METRE, 50.0)
    np.testing.assert_allclose(found.points, SPACE)
    np.savez(
        path,
        points=PARTS,
        positions_px=FLAT,
        times_s=[0.0, 0.5],
        visibility=SURE,
        size_px=[640, 480],
    )
    found = read_points(path)
    assert (found.unit, found.size_px, found.fps) == (Unit.PIXEL, (640, 480), None)
    np.testing.assert_allclose(found.confidence, SURE)


def test_npz_archives_that_do_not_fit(tmp_path):
    path = tmp_path / "a.npz"
    path.write_text("no")
    with pytest.raises(ExchangeError, match="an NPZ archive"):
        read_points(path)
    np.savez(path, points=PARTS)
    with pytest.raises(ExchangeError, match="arrays points and positions_m"):
        read_points(path)
    np.savez(path, points=PARTS, positions_m=SPACE[:, :1])
    with pytest.raises(ExchangeError, match="of shape"):
        read_points(path)
    np.savez(path, points=PARTS, positions_m=SPACE, n_frames=[1, 1])
    with pytest.raises(ExchangeError, match="one recording, got 2 in a row") as caught:
        read_points(path)
    assert "a file of its own" in caught.value.hint


# --------------------------------------------------------------------------- all formats


def test_a_file_of_no_known_format_or_that_cannot_be_read(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("x")
    with pytest.raises(ExchangeError, match=r"ends in .json, .*got '.txt'"):
        read_points(path)
    with pytest.raises(ExchangeError, match="expected to read it"):
        read_points(tmp_path / "nothing.json")


def test_a_missing_library_says_how_to_get_it(tmp_path, monkeypatch):
    def missing(name):
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(lab, "import_module", missing)
    for name in ("a.c3d", "a.slp", "a.h5"):
        with pytest.raises(ExchangeError, match="expected the library") as caught:
            read_points(tmp_path / name)
        assert "labeler[lab]" in caught.value.hint
