"""Pose tracks on disk: exact to float32, the same bytes for the same content, or a clear error."""

import dataclasses
import io
import json
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_samples import CLIP_ID

from labeler.core.clip import ClipId, FrameTimes
from labeler.core.contour import N_STATIONS, TrunkContour
from labeler.core.errors import StoreError
from labeler.core.landmarks import N_LANDMARKS
from labeler.core.track import PoseTrack
from labeler.store.tracks import TRACK_FORMAT, npz_bytes

N = 5
TIMES = FrameTimes(np.arange(N) / 30)


def track(seed=1, **changes):
    random = np.random.default_rng(seed)
    xy_px = random.uniform(0, 1280, (N, N_LANDMARKS, 2))
    visibility = random.uniform(0, 1, (N, N_LANDMARKS))
    world_m = random.normal(size=(N, N_LANDMARKS, 3))
    xy_px[2], visibility[2], world_m[2] = np.nan, np.nan, np.nan
    made = PoseTrack(TIMES, xy_px, visibility, world_m, (720, 1280), {"model": "à", "a": "1"})
    return dataclasses.replace(made, **changes)


def outlined(seed=1):
    """A track with an outline, which the last frame lacks."""
    random = np.random.default_rng(seed)
    offset_px, area_px = random.uniform(0, 200, (N, 2, N_STATIONS)), random.uniform(0, 9e5, N)
    offset_px[-1], area_px[-1] = np.nan, np.nan
    return track(seed, contour=TrunkContour(offset_px, area_px))


def old_bytes(saved):
    """A file of format 1, as the first version wrote it."""
    meta = {"format": 1, "size_px": list(saved.size_px), "made_by": dict(saved.made_by)}
    arrays = {"meta": np.array(json.dumps(meta, sort_keys=True))}
    names = ("xy_px", "visibility", "world_m")
    return npz_bytes(arrays | {name: getattr(saved, name).astype("<f4") for name in names})


@pytest.fixture
def tracks(empty):
    return empty.tracks


def test_a_track_comes_back_as_float32_saw_it(tracks):
    saved = track()
    tracks.save(CLIP_ID, saved)
    found = tracks.load(CLIP_ID, TIMES)
    for name in ("xy_px", "visibility", "world_m"):
        expected = getattr(saved, name).astype(np.float32)
        assert getattr(found, name).dtype == np.float64
        np.testing.assert_array_equal(getattr(found, name), expected)
    assert (found.size_px, found.made_by) == ((720, 1280), saved.made_by)
    assert found.times is TIMES


def test_the_outline_comes_back(tracks):
    saved = outlined()
    tracks.save(CLIP_ID, saved)
    found = tracks.load(CLIP_ID, TIMES)
    for name in ("offset_px", "area_px"):
        expected = getattr(saved.contour, name).astype(np.float32)
        np.testing.assert_array_equal(getattr(found.contour, name), expected)


def test_a_track_without_an_outline_has_none(tracks):
    tracks.save(CLIP_ID, track())
    assert tracks.load(CLIP_ID, TIMES).contour is None


def test_a_file_of_the_first_format_is_still_read(tracks):
    saved = track()
    tracks.save(CLIP_ID, saved)
    tracks.path(CLIP_ID).write_bytes(old_bytes(saved))
    found = tracks.load(CLIP_ID, TIMES)
    np.testing.assert_array_equal(found.xy_px, saved.xy_px.astype(np.float32))
    assert found.made_by == tracks.made_by(CLIP_ID) == saved.made_by
    assert found.contour is None
    assert len(tracks.pose_bytes(CLIP_ID)) == N * N_LANDMARKS * 3 * 4


def test_an_outline_cut_in_half_says_so(tracks):
    tracks.save(CLIP_ID, outlined())
    with np.load(tracks.path(CLIP_ID)) as archive:
        arrays = {name: archive[name] for name in archive.files if name != "contour_area_px"}
    tracks.path(CLIP_ID).write_bytes(npz_bytes(arrays))
    with pytest.raises(StoreError, match="expected a whole pose track, got a damaged"):
        tracks.load(CLIP_ID, TIMES)


@pytest.mark.parametrize("make", [track, outlined])
def test_equal_tracks_give_equal_bytes(tracks, make):
    other = ClipId(64 * "b")
    first = make()
    again = dataclasses.replace(
        first,
        xy_px=np.asfortranarray(np.where(np.isnan(first.xy_px), -np.nan, first.xy_px)),
        made_by={"a": "1", "model": "à"},
    )
    tracks.save(CLIP_ID, first)
    tracks.save(other, again)
    content = tracks.path(CLIP_ID).read_bytes()
    assert tracks.path(other).read_bytes() == content
    tracks.save(other, tracks.load(CLIP_ID, TIMES))
    assert tracks.path(other).read_bytes() == content
    tracks.save(other, make(seed=2))
    assert tracks.path(other).read_bytes() != content


@pytest.mark.parametrize("name", ["", "../x", "/x", 64 * "A", 65 * "a", f"{64 * 'a'}\n"])
def test_no_path_is_made_of_what_is_no_clip_id(tracks, empty, name):
    for path_of in (tracks.path, empty.media.folder):
        with pytest.raises(StoreError, match="clip id: expected 64 hexadecimal digits"):
            path_of(ClipId(name))


def test_nothing_of_the_system_that_wrote_it_is_left():
    """Golden bytes: a change here changes every export."""
    with zipfile.ZipFile(io.BytesIO(npz_bytes({"a": np.arange(3, dtype="<f4")}))) as archive:
        (member,) = archive.infolist()
        content = archive.read(member)
    assert (member.filename, member.date_time) == ("a.npy", (1980, 1, 1, 0, 0, 0))
    assert (member.create_system, member.compress_type) == (3, zipfile.ZIP_STORED)
    assert content.startswith(b"\x93NUMPY\x01\x00")
    assert content.endswith(b"\x00\x00\x00\x00\x00\x00\x80?\x00\x00\x00@")


def test_the_player_gets_x_y_and_visibility_of_each_landmark(tracks):
    saved = track()
    tracks.save(CLIP_ID, saved)
    drawn = np.frombuffer(tracks.pose_bytes(CLIP_ID), "<f4").reshape(N, N_LANDMARKS, 3)
    np.testing.assert_array_equal(drawn[..., :2], saved.xy_px.astype(np.float32))
    np.testing.assert_array_equal(drawn[..., 2], saved.visibility.astype(np.float32))


def test_saving_again_replaces(tracks, folder):
    tracks.save(CLIP_ID, track(seed=1))
    tracks.save(CLIP_ID, track(seed=2))
    np.testing.assert_array_equal(
        tracks.load(CLIP_ID, TIMES).xy_px, track(seed=2).xy_px.astype(np.float32)
    )
    assert [path.name for path in (folder / "poses").iterdir()] == [f"{CLIP_ID}.npz"]
    assert list((folder / "tmp").iterdir()) == []


@pytest.mark.parametrize("ask", ["load", "pose_bytes"])
def test_a_missing_track_says_so(tracks, ask):
    with pytest.raises(StoreError, match="expected the clip's pose track, got no such file"):
        read(tracks, ask)


def read(tracks, ask):
    return tracks.load(CLIP_ID, TIMES) if ask == "load" else tracks.pose_bytes(CLIP_ID)


def flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]


DAMAGES = {
    "empty": lambda _: b"",
    "garbage": lambda _: b"not an archive" * 50,
    "cut short": lambda content: content[:-40],
    "one byte turned": flipped,
    "one array": lambda content: content[content.index(b"\x93NUMPY") :][:400],
    "others inside": lambda _: npz_bytes({"xy_px": np.zeros((N, 33, 2), "<f4")}),
}


@pytest.mark.parametrize("meta", ["{", "[]", "{}", '{"format": 1, "size_px": 3}'])
def test_a_description_of_nonsense_says_so(tracks, meta):
    tracks.save(CLIP_ID, track())
    with np.load(tracks.path(CLIP_ID)) as archive:
        arrays = dict(archive)
    tracks.path(CLIP_ID).write_bytes(npz_bytes(arrays | {"meta": np.array(meta)}))
    with pytest.raises(StoreError, match="expected a whole pose track, got a damaged"):
        tracks.load(CLIP_ID, TIMES)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
@pytest.mark.parametrize("ask", ["load", "pose_bytes"])
def test_a_damaged_track_says_so(tracks, ask, damage):
    tracks.save(CLIP_ID, track())
    path = tracks.path(CLIP_ID)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(StoreError, match="expected a whole pose track, got a damaged") as caught:
        read(tracks, ask)
    assert "ingest the video again" in caught.value.hint


def test_a_track_of_another_number_of_frames_is_refused(tracks):
    tracks.save(CLIP_ID, track())
    with pytest.raises(StoreError, match="expected 3 frames, got 5"):
        tracks.load(CLIP_ID, FrameTimes(np.arange(3.0)))


def test_a_newer_format_is_refused(tracks):
    tracks.save(CLIP_ID, track())
    with np.load(tracks.path(CLIP_ID)) as archive:
        arrays = dict(archive)
    meta = json.loads(str(arrays["meta"])) | {"format": TRACK_FORMAT + 1}
    tracks.path(CLIP_ID).write_bytes(npz_bytes(arrays | {"meta": np.array(json.dumps(meta))}))
    with pytest.raises(StoreError, match="expected track format 1 to 2, got 3") as caught:
        tracks.load(CLIP_ID, TIMES)
    assert "update labeler" in caught.value.hint


@given(st.lists(st.floats(width=32, allow_infinity=False), min_size=1, max_size=20))
def test_any_float32_survives(values):
    array = np.array(values, "<f4")
    with np.load(io.BytesIO(npz_bytes({"values": array}))) as archive:
        np.testing.assert_array_equal(archive["values"], array)
