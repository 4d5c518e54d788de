"""New videos from pictures in memory: H.264 with each frame's own time and a word on its origin."""

from fractions import Fraction
from pathlib import Path

import av
from av.video.reformatter import ColorRange, Colorspace

from labeler.core.arrays import ByteImage
from labeler.video.errors import VideoWriteError
from labeler.video.mp4 import Mp4File, ticks_of
from labeler.video.upright import Size

GOP_FRAMES = 30
X264_PRESET = "veryfast"
X264_CRF = 22
"""As a phone's own recording looks: blocks cannot be seen, and the camera's noise stays."""
OPTIONS = {"preset": X264_PRESET, "crf": str(X264_CRF), "g": str(GOP_FRAMES)}
_SQUARE_PX = Fraction(1)


class VideoWriter(Mp4File):
    """Writes pictures one by one; the file appears under its name only when it is complete.

    The same pictures and times make the same bytes on the same machine: one encoder thread, and
    no date in the file.

    Parameters
    ----------
    path : Path
        Where the finished ``.mp4`` goes.
    size : Size
        Of every picture, even numbers.
    comment : str
        Kept in the file's metadata, where `labeler.video.probe` finds it.

    Raises
    ------
    VideoWriteError
        If the file cannot be written.
    """

    error = VideoWriteError

    def __init__(self, path: Path, size: Size, *, comment: str = "") -> None:
        if size.width_px % 2 or size.height_px % 2:
            raise ValueError(f"size: expected even numbers, got {size}")
        super().__init__(path, size, OPTIONS, n_threads=1, comment=comment)
        self._size = size
        self._last_ticks = -1
        codec = self._stream.codec_context
        codec.sample_aspect_ratio = _SQUARE_PX
        codec.color_range = ColorRange.MPEG
        codec.colorspace = Colorspace.ITU709

    def write(self, rgb: ByteImage, at_s: float) -> None:
        """Add one picture, shown `at_s` seconds into the file, to the nearest tick."""
        if rgb.shape != (self._size.height_px, self._size.width_px, 3):
            raise ValueError(f"rgb: expected a picture of {self._size}, got {rgb.shape}")
        ticks = ticks_of(Fraction(at_s))
        if ticks <= self._last_ticks:
            raise ValueError(f"at_s: expected later than the frame before, got {at_s} s")
        self._last_ticks = ticks
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
            format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
        )
        self._encode(frame, ticks)

    def _finish(self) -> None:
        if self._last_ticks < 0:
            raise VideoWriteError(self._path, "no pictures")
        super()._finish()
