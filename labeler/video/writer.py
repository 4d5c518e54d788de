"""New videos from pictures in memory: H.264 with each frame's own time and a word on its origin."""

from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.container import OutputContainer
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from labeler.core.arrays import ByteImage
from labeler.video.errors import VideoWriteError
from labeler.video.timing import PROXY_TIME_BASE
from labeler.video.upright import Size

TIME_BASE = PROXY_TIME_BASE
"""Seconds per tick; 24, 25, 30, 50, 60, 120 and 240 frames a second fall on whole ticks."""
GOP_FRAMES = 30
X264_PRESET = "veryfast"
X264_CRF = 22
"""As a phone's own recording looks: blocks cannot be seen, and the camera's noise stays."""
NOMINAL_RATE = 30
"""Only a hint to the rate control; frames keep their own times."""
_SQUARE_PX = Fraction(1)


class VideoWriter:
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

    def __init__(self, path: Path, size: Size, *, comment: str = "") -> None:
        if size.width_px % 2 or size.height_px % 2:
            raise ValueError(f"size: expected even numbers, got {size}")
        self._path, self._size = path, size
        self._part = path.with_name(f".{path.name}.part")
        self._last_ticks = -1
        self._container = _opened(self._part, path)
        self._container.metadata["comment"] = comment
        self._stream = _h264_stream(self._container, size)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._clean_up()

    def write(self, rgb: ByteImage, at_s: float) -> None:
        """Add one picture, shown `at_s` seconds into the file, to the nearest tick."""
        if rgb.shape != (self._size.height_px, self._size.width_px, 3):
            raise ValueError(f"rgb: expected a picture of {self._size}, got {rgb.shape}")
        ticks = round(Fraction(at_s) / TIME_BASE)
        if ticks <= self._last_ticks:
            raise ValueError(f"at_s: expected later than the frame before, got {at_s} s")
        self._last_ticks = ticks
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
            format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
        )
        frame.pts, frame.time_base = ticks, TIME_BASE
        self._encode(frame)

    def _encode(self, frame: av.VideoFrame | None) -> None:
        try:
            self._container.mux(self._stream.encode(frame))
        except av.FFmpegError as error:
            raise VideoWriteError(self._path, str(error)) from error

    def _finish(self) -> None:
        if self._last_ticks < 0:
            raise VideoWriteError(self._path, "no pictures")
        self._encode(None)
        try:
            self._container.close()
            self._part.replace(self._path)
        except (av.FFmpegError, OSError) as error:
            raise VideoWriteError(self._path, str(error)) from error

    def _clean_up(self) -> None:
        """Close and remove what is unfinished; does nothing to a finished file."""
        with suppress(av.FFmpegError, OSError):  # the first error is the one to tell
            self._container.close()
        self._part.unlink(missing_ok=True)


def _opened(part: Path, path: Path) -> OutputContainer:
    options = {"movflags": "+faststart", "video_track_timescale": str(TIME_BASE.denominator)}
    try:
        return av.open(str(part), "w", format="mp4", options=options)
    except (av.FFmpegError, OSError) as error:
        raise VideoWriteError(path, str(error)) from error


def _h264_stream(container: OutputContainer, size: Size) -> VideoStream:
    options = {"preset": X264_PRESET, "crf": str(X264_CRF), "g": str(GOP_FRAMES), "bf": "0"}
    stream = container.add_stream("libx264", rate=NOMINAL_RATE, options=options)
    stream.width, stream.height, stream.pix_fmt = size.width_px, size.height_px, "yuv420p"
    stream.time_base = TIME_BASE
    codec = stream.codec_context
    codec.time_base = TIME_BASE
    codec.thread_count = 1
    codec.sample_aspect_ratio = _SQUARE_PX
    codec.color_range = ColorRange.MPEG
    codec.colorspace = Colorspace.ITU709
    return stream
