"""New videos: each frame at its time, the same bytes for the same pictures, no half files."""

from itertools import pairwise

import av
import numpy as np
import pytest

from labeler.core.origin import MADE_UP_MARK
from labeler.video.errors import VideoWriteError
from labeler.video.probe import probe
from labeler.video.reader import ClipReader
from labeler.video.upright import Size
from labeler.video.writer import VideoWriter

SIZE = Size(64, 96)
UNEVEN_S = (0.0, 1 / 24, 0.1, 0.125, 1.0, 1.0 + 1 / 240)
"""Times as a phone's: no two frames are equally far apart."""


def pictures(n_frames):
    """Greys that grow from frame to frame, with a red corner."""
    for number in range(n_frames):
        rgb = np.full((96, 64, 3), 40 + 20 * number, dtype=np.uint8)
        rgb[:48, :32] = (200, 20, 20)
        yield rgb


def written(path, times_s=UNEVEN_S, comment="made up"):
    with VideoWriter(path, SIZE, comment=comment) as writer:
        for rgb, at_s in zip(pictures(len(times_s)), times_s, strict=True):
            writer.write(rgb, at_s)
    return path


def test_times_size_and_comment_come_back(tmp_path):
    path = written(tmp_path / "clip.mp4")
    facts = probe(path)
    assert (facts.width_px, facts.height_px, facts.rotation_deg) == (64, 96, 0)
    assert (facts.codec, facts.comment) == ("h264", "made up")
    reader = ClipReader(path)
    shown = list(reader)
    np.testing.assert_allclose(reader.times.pts_s, UNEVEN_S, atol=1 / 180_000)
    greys = [float(picture.rgb[60:, 40:].mean()) for picture in shown]
    assert all(after > before + 10 for before, after in pairwise(greys))
    red, green, _ = shown[0].rgb[10:30, 8:20].mean(axis=(0, 1))
    assert red > 170
    assert green < 50


@pytest.mark.parametrize("ending", ["mkv", "mov"])
def test_the_mark_of_a_made_up_video_outlives_another_container(tmp_path, ending):
    """As another program would copy it: the packets and what the file says of itself."""
    source = written(tmp_path / "clip.mp4", comment=f"Seen. {MADE_UP_MARK.title()}!")
    assert probe(source).is_synthetic
    assert not probe(written(tmp_path / "other.mp4", comment="a recording")).is_synthetic
    copied = tmp_path / f"copy.{ending}"
    with av.open(str(source)) as old, av.open(str(copied), "w") as new:
        new.metadata.update(old.metadata)
        stream = new.add_stream_from_template(old.streams.video[0])
        for packet in old.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                new.mux(packet)
    assert probe(copied).is_synthetic


def test_times_of_common_rates_are_exact(tmp_path):
    path = written(tmp_path / "clip.mp4", [k / 240 for k in range(5)])
    reader = ClipReader(path)
    assert [picture.since_first_s * 240 for picture in reader] == [0, 1, 2, 3, 4]


def test_the_same_pictures_make_the_same_bytes(tmp_path):
    one, two = written(tmp_path / "one.mp4"), written(tmp_path / "two.mp4")
    assert one.read_bytes() == two.read_bytes()
    other = written(tmp_path / "three.mp4", comment="other")
    assert other.read_bytes() != one.read_bytes()


def test_a_video_that_breaks_off_leaves_no_file(tmp_path):
    with pytest.raises(ValueError, match="later than the frame before"):
        written(tmp_path / "clip.mp4", (0.0, 0.1, 0.1))
    assert list(tmp_path.iterdir()) == []


def test_a_video_without_pictures_is_refused(tmp_path):
    with (
        pytest.raises(VideoWriteError, match=r"clip\.mp4: .* got no pictures"),
        VideoWriter(tmp_path / "clip.mp4", SIZE),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(VideoWriteError, match="expected to write a video"):
        written(tmp_path / "nowhere" / "clip.mp4")


def test_odd_sizes_wrong_pictures_and_times_that_run_back_are_refused(tmp_path):
    with pytest.raises(ValueError, match="even numbers"):
        VideoWriter(tmp_path / "clip.mp4", Size(63, 96))
    with VideoWriter(tmp_path / "clip.mp4", SIZE) as writer:
        (rgb,) = pictures(1)
        writer.write(rgb, 0.5)
        with pytest.raises(ValueError, match="later than the frame before"):
            writer.write(rgb, 0.5)
        with pytest.raises(ValueError, match="expected a picture of"):
            writer.write(rgb[:32], 0.6)
