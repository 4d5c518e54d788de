"""One decode pass: right order, right times, right way up, and honest about broken files."""

from fractions import Fraction

import numpy as np
import pytest
from support_videos import Recipe, cut_off, damage_packet, make_clip, number_of, red_corner

from labeler.video.errors import FrameTimesError, TruncatedVideoError
from labeler.video.reader import ClipReader

UNEVEN_S = [Fraction(k, 1000) for k in (0, 33, 67, 140, 150, 183, 290, 300, 333, 400, 433, 500)]


@pytest.mark.parametrize(
    ("recipe", "expected_s"),
    [
        (Recipe(n_frames=15, fps=30), [k / 30 for k in range(15)]),
        (Recipe(n_frames=15, fps=30, b_frames=3), [k / 30 for k in range(15)]),
        (Recipe(times_s=UNEVEN_S), [float(at_s) for at_s in UNEVEN_S]),
        (Recipe(times_s=[at_s + 2 for at_s in UNEVEN_S]), [float(at_s) for at_s in UNEVEN_S]),
    ],
    ids=["steady", "B-frames", "variable frame rate", "variable, starting at 2 s"],
)
def test_every_frame_comes_once_in_order_at_its_own_time(tmp_path, recipe, expected_s):
    reader = ClipReader(make_clip(tmp_path / "clip.mp4", recipe))
    pictures = list(reader)
    assert [number_of(picture.rgb) for picture in pictures] == list(range(len(expected_s)))
    np.testing.assert_allclose(reader.times.pts_s, expected_s, atol=1e-4)
    assert [float(p.since_first_s) for p in pictures] == reader.times.pts_s.tolist()
    assert reader.findings() == ()


def test_the_start_offset_is_kept_beside_the_times(tmp_path):
    recipe = Recipe(times_s=[Fraction(k, 30) + Fraction(5, 2) for k in range(12)])
    reader = ClipReader(make_clip(tmp_path / "late.mp4", recipe))
    list(reader)
    assert reader.times.pts_s[0] == 0.0
    assert reader.times.start_offset_s == pytest.approx(2.5)


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
def test_pictures_are_upright_as_opencv_sees_them(tmp_path, rotation_deg):
    """OpenCV turns pictures by itself: an independent witness."""
    import cv2

    path = make_clip(tmp_path / "turned.mp4", Recipe(rotation_deg=rotation_deg))
    reader = ClipReader(path)
    ours = next(iter(reader))
    is_read, theirs = cv2.VideoCapture(str(path)).read()
    assert is_read
    assert ours.rgb.shape == theirs.shape
    assert red_corner(ours.rgb) == red_corner(theirs[..., ::-1])
    assert (ours.yuv.width, ours.yuv.height) == (ours.rgb.shape[1], ours.rgb.shape[0])
    assert ours.rgb.shape == (reader.facts.height_px, reader.facts.width_px, 3)


@pytest.mark.parametrize(
    ("recipe", "expected_px"),
    [
        (Recipe(n_frames=2, size=(1920, 1080)), (1280, 720)),
        (Recipe(n_frames=2, size=(1920, 1080), rotation_deg=90), (720, 1280)),
        (Recipe(n_frames=2, size=(96, 64)), (96, 64)),
        (Recipe(n_frames=2, size=(96, 64), aspect=Fraction(4, 3)), (128, 64)),
    ],
    ids=["shrunk to 720", "shrunk and turned", "never enlarged", "square pixels"],
)
def test_size_of_the_pictures(tmp_path, recipe, expected_px):
    reader = ClipReader(make_clip(tmp_path / "clip.mp4", recipe))
    picture = next(iter(reader))
    assert reader.size == expected_px
    assert (picture.yuv.width, picture.yuv.height) == expected_px
    assert picture.yuv.format.name == "yuv420p"


def test_a_reader_can_be_read_twice(tmp_path):
    reader = ClipReader(make_clip(tmp_path / "clip.mp4"))
    assert len(list(reader)) == len(list(reader)) == reader.times.n_frames


def test_times_are_unknown_before_reading(tmp_path):
    reader = ClipReader(make_clip(tmp_path / "clip.mp4"))
    assert reader.findings() == ()
    with pytest.raises(ValueError, match="asked before the first frame"):
        _ = reader.times


def test_a_file_that_breaks_off_says_how_much_could_be_read(tmp_path):
    whole = make_clip(tmp_path / "whole.mp4", Recipe(n_frames=17), movflags="+faststart")
    reader = ClipReader(cut_off(whole, 0.8, tmp_path / "cut.mp4"))
    message = r"cut.mp4: expected 17 frames \(0.6 s\), got \d+ frames \(0.\d s\) before the file"
    with pytest.raises(TruncatedVideoError, match=message):
        list(reader)


def test_a_broken_off_file_without_a_frame_count(tmp_path):
    whole = make_clip(tmp_path / "whole.mkv", Recipe(n_frames=17))
    reader = ClipReader(cut_off(whole, 0.8, tmp_path / "cut.mkv"))
    with pytest.raises(TruncatedVideoError, match="expected an unknown number of frames"):
        list(reader)


@pytest.mark.parametrize(("kind", "codec"), [("mkv", "libx264"), ("webm", "libvpx")])
def test_half_of_a_file_of_which_only_the_container_knows_the_length(tmp_path, kind, codec):
    whole = make_clip(tmp_path / f"whole.{kind}", Recipe(n_frames=120, codec=codec))
    assert len(list(ClipReader(whole))) == 120
    reader = ClipReader(cut_off(whole, 0.5, tmp_path / f"cut.{kind}"))
    with pytest.raises(
        TruncatedVideoError, match=r"frames \(4\.0 s\), got \d+ frames \([12]\.\d s"
    ):
        list(reader)


def test_a_damaged_piece_is_skipped_and_told(tmp_path):
    """One packet overwritten in the middle: the rest of the clip is still worth having."""
    recipe = Recipe(n_frames=17, codec="mjpeg", pix_fmt="yuvj420p")
    path = damage_packet(make_clip(tmp_path / "clip.avi", recipe), 8)
    reader = ClipReader(path)
    numbers = [number_of(picture.rgb) for picture in reader]
    assert numbers == [k for k in range(17) if k != 8]
    (finding,) = reader.findings()
    assert finding.code == "damaged_frames"


class _StuckFrames:
    """A reader's frames with timestamps that stand still from some frame on."""

    def __init__(self, reader, stuck_from):
        self._frames = reader._frames
        self._stuck_from = stuck_from

    def __call__(self, stream):
        for number, frame in enumerate(self._frames(stream)):
            if number >= self._stuck_from:
                frame.pts = 0
            yield frame


def test_a_few_times_that_stand_still_are_told(tmp_path, monkeypatch):
    reader = ClipReader(make_clip(tmp_path / "clip.mp4", Recipe(n_frames=17)))
    monkeypatch.setattr("labeler.video.reader.DROPPED_MAX_RATIO", 0.2)
    monkeypatch.setattr(reader, "_frames", _StuckFrames(reader, stuck_from=15))
    assert len(list(reader)) == 15
    assert [finding.code for finding in reader.findings()] == ["frame_times_repaired"]


def test_many_times_that_stand_still_are_an_error(tmp_path, monkeypatch):
    reader = ClipReader(make_clip(tmp_path / "clip.mp4", Recipe(n_frames=17)))
    monkeypatch.setattr(reader, "_frames", _StuckFrames(reader, stuck_from=10))
    with pytest.raises(FrameTimesError, match="got 7 of 17 frames not later"):
        list(reader)


def test_no_frame_after_the_first_look_is_an_error(tmp_path, monkeypatch):
    from labeler.video.errors import UnreadableVideoError

    reader = ClipReader(make_clip(tmp_path / "clip.mp4"))
    monkeypatch.setattr(reader, "_frames", lambda _stream: iter(()))
    with pytest.raises(UnreadableVideoError, match="got none"):
        list(reader)


@pytest.mark.data
def test_a_real_phone_clip(data_dir):
    reader = ClipReader(data_dir / "videos" / "rdl_side.mp4")
    assert sum(1 for _ in reader) == 54
    assert reader.times.fps_median == pytest.approx(30, abs=0.1)
