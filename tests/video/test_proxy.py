"""The player's copy: exact times, steppable, whole or not at all."""

from fractions import Fraction

import av
import numpy as np
import pytest
from support_videos import Recipe, make_clip, number_of

from labeler.video.errors import ProxyError
from labeler.video.proxy import GOP_FRAMES, THUMB_WIDTH_PX, ProxyWriter, frame_at, write_thumb
from labeler.video.reader import ClipReader
from labeler.video.timing import PROXY_TIME_BASE

UNEVEN_S = [Fraction(k * k + 11 * k, 1024) for k in range(18)]


def proxy_of(folder, recipe):
    reader = ClipReader(make_clip(folder / "clip.mp4", recipe))
    path = folder / "proxy.mp4"
    with ProxyWriter(path, reader.size) as writer:
        for picture in reader:
            writer.write(picture.yuv, picture.since_first_s)
    return path, reader.times


def frames_of(path):
    with av.open(str(path)) as container:
        return [(float(f.pts * f.time_base), f.key_frame, f) for f in container.decode(video=0)]


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(n_frames=18, fps=30),
        Recipe(times_s=UNEVEN_S),
        Recipe(times_s=[at_s + 3 for at_s in UNEVEN_S], b_frames=2),
        Recipe(n_frames=18, fps=240),
    ],
    ids=["30 fps", "variable", "variable with offset and B-frames", "240 fps"],
)
def test_every_frame_keeps_its_time(tmp_path, recipe):
    path, times = proxy_of(tmp_path, recipe)
    shown = frames_of(path)
    np.testing.assert_allclose(
        [at_s for at_s, _, _ in shown], times.pts_s, rtol=0, atol=float(PROXY_TIME_BASE) / 2
    )
    numbers = [number_of(frame.to_ndarray(format="rgb24")) for _, _, frame in shown]
    assert numbers == list(range(times.n_frames))


def test_it_can_be_stepped_and_streamed(tmp_path):
    path, _ = proxy_of(tmp_path, Recipe(n_frames=18))
    keys = [index for index, (_, is_key, _) in enumerate(frames_of(path)) if is_key]
    assert keys == list(range(0, 18, GOP_FRAMES))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert not stream.codec_context.has_b_frames
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_it_says_what_its_colours_mean(tmp_path):
    """Else a player guesses from the size of the picture, and skin turns green or red."""
    bt709 = int(av.video.reformatter.Colorspace.ITU709)
    path, _ = proxy_of(tmp_path, Recipe(n_frames=4, colorspace=bt709))
    (_, _, frame), *_ = frames_of(path)
    assert frame.colorspace == bt709
    assert frame.color_range == int(av.video.reformatter.ColorRange.MPEG)


def test_nothing_is_left_of_an_interrupted_copy(tmp_path):
    reader = ClipReader(make_clip(tmp_path / "clip.mp4"))
    folder = tmp_path / "out"
    folder.mkdir()

    def interrupted():
        with ProxyWriter(folder / "proxy.mp4", reader.size) as writer:
            for picture in reader:
                writer.write(picture.yuv, picture.since_first_s)
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("folder", "times_s"),
    [("nowhere", (0, 1)), ("", (1, 0))],
    ids=["a folder that is not there", "times that run backwards"],
)
def test_what_cannot_be_written_is_told_and_leaves_nothing(tmp_path, folder, times_s):
    reader = ClipReader(make_clip(tmp_path / "clip.mp4"))
    picture = next(iter(reader))

    def write():
        with ProxyWriter(tmp_path / folder / "proxy.mp4", reader.size) as writer:
            for at_s in times_s:
                writer.write(picture.yuv, Fraction(at_s))

    with pytest.raises(ProxyError, match=r"proxy\.mp4: expected to write the player's copy, got"):
        write()
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


@pytest.mark.parametrize(("at_s", "number"), [(0.0, 0), (0.5, 15), (0.549, 16), (9.0, 17)])
def test_the_frame_on_screen_at_a_time(tmp_path, at_s, number):
    path, _ = proxy_of(tmp_path, Recipe(n_frames=18, fps=30))
    assert number_of(frame_at(path, at_s).to_ndarray(format="rgb24")) == number


def test_a_thumb_is_small_and_whole(tmp_path):
    path, _ = proxy_of(tmp_path, Recipe(n_frames=9, size=(640, 400)))
    write_thumb(path, 0.1, tmp_path / "thumb.jpg")
    with av.open(str(tmp_path / "thumb.jpg")) as container:
        image = next(container.decode(video=0))
    assert (image.width, image.height) == (THUMB_WIDTH_PX, 200)
    assert number_of(image.to_ndarray(format="rgb24")) == 3
    assert not list(tmp_path.glob(".*"))


def test_a_small_video_has_a_thumb_of_its_own_size(tmp_path):
    path, _ = proxy_of(tmp_path, Recipe(n_frames=2, size=(96, 64)))
    write_thumb(path, 0.0, tmp_path / "thumb.jpg")
    with av.open(str(tmp_path / "thumb.jpg")) as container:
        assert next(container.decode(video=0)).width == 96


def test_a_thumb_that_cannot_be_written(tmp_path):
    path, _ = proxy_of(tmp_path, Recipe(n_frames=2))
    with pytest.raises(ProxyError, match=r"thumb\.jpg"):
        write_thumb(path, 0.0, tmp_path / "nowhere" / "thumb.jpg")
