"""Upright pictures when the stored frames change on the way."""

from fractions import Fraction

import av
import numpy as np
import pytest
from support_videos import picture, red_corner

from labeler.video.upright import Size, UprightPictures, _pulled


def stored(size, pix_fmt="yuv420p", number=0):
    frame = av.VideoFrame.from_ndarray(picture(number, size), format="rgb24").reformat(
        format=pix_fmt
    )
    frame.pts, frame.time_base = number, Fraction(1, 30)
    return frame


def test_a_change_of_size_and_format_on_the_way():
    """Screen recordings and cut clips do this; phones film in 10 bits. Out comes one size."""
    upright = UprightPictures(90, Size(64, 96))
    for frame in (stored((96, 64)), stored((192, 128)), stored((96, 64), "yuv420p10le")):
        yuv, rgb = upright(frame)
        assert (yuv.width, yuv.height, yuv.format.name) == (64, 96, "yuv420p")
        assert rgb.to_ndarray().shape == (96, 64, 3)
        assert red_corner(rgb.to_ndarray()) == ("top", "right")


def test_colours_survive():
    _, rgb = UprightPictures(0, Size(96, 64))(stored((96, 64)))
    difference = np.abs(rgb.to_ndarray().astype(int) - picture(0, (96, 64)))
    assert np.median(difference) <= 3


def test_full_range_pixels_become_the_usual_range():
    """A phone's full-range black (0) is 16 in what browsers expect."""
    black = av.VideoFrame(96, 64, "yuvj420p")
    for plane, level in zip(black.planes, (0, 128, 128), strict=True):
        plane.update(bytes([level]) * plane.buffer_size)
    black.color_range = 2
    black.pts, black.time_base = 0, Fraction(1, 30)
    yuv, _ = UprightPictures(0, Size(96, 64))(black)
    assert np.asarray(yuv.to_ndarray())[:64].mean() == pytest.approx(16, abs=1)


def test_only_pictures_come_out():
    class Sound:
        def pull(self):
            return av.AudioFrame()

    with pytest.raises(TypeError, match="expected a picture, got AudioFrame"):
        _pulled(Sound())
