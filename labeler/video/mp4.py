"""MP4 files with H.264 and each frame's own time, complete under their name or not there at all."""

from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

import av
from av.container import OutputContainer
from av.video.stream import VideoStream

from labeler.video.errors import ProxyError, VideoWriteError
from labeler.video.timing import PROXY_TIME_BASE
from labeler.video.upright import Size

TIME_BASE = PROXY_TIME_BASE
"""Seconds per tick; 24, 25, 30, 50, 60, 120 and 240 frames a second fall on whole ticks."""
NOMINAL_RATE = 30
"""Only a hint to the rate control; frames keep their own times."""

WriteError = type[ProxyError] | type[VideoWriteError]


class Mp4File:
    """A file that is being written; it appears under its name only when it is complete.

    Parameters
    ----------
    path : Path
        Where the finished ``.mp4`` goes.
    size : Size
        Of every picture, even numbers.
    options : Mapping[str, str]
        Of the encoder, x264; decode order is show order whatever they say.
    n_threads : int
        Encoder threads; 0 lets x264 choose.
    comment : str
        Kept in the file's metadata, where `labeler.video.probe` finds it.

    Raises
    ------
    VideoError
        Of the kind `error`, if the file cannot be written.
    """

    error: ClassVar[WriteError]

    def __init__(
        self,
        path: Path,
        size: Size,
        options: Mapping[str, str],
        *,
        n_threads: int,
        comment: str,
    ) -> None:
        self._path = path
        self._part = path.with_name(f".{path.name}.part")
        self._container = self._opened()
        if comment:
            self._container.metadata["comment"] = comment
        self._stream = _h264_stream(self._container, size, options)
        self._stream.codec_context.thread_count = n_threads

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

    def _opened(self) -> OutputContainer:
        options = {"movflags": "+faststart", "video_track_timescale": str(TIME_BASE.denominator)}
        try:
            return av.open(str(self._part), "w", format="mp4", options=options)
        except (av.FFmpegError, OSError) as error:
            raise self.error(self._path, str(error)) from error

    def _encode(self, frame: av.VideoFrame | None, ticks: int = 0) -> None:
        """Add a frame that is shown `ticks` after the file's beginning; None ends the stream."""
        if frame is not None:
            frame.pts, frame.time_base = ticks, TIME_BASE
        try:
            self._container.mux(self._stream.encode(frame))
        except av.FFmpegError as error:
            raise self.error(self._path, str(error)) from error

    def _finish(self) -> None:
        self._encode(None)
        try:
            self._container.close()
            self._part.replace(self._path)
        except (av.FFmpegError, OSError) as error:
            raise self.error(self._path, str(error)) from error

    def _clean_up(self) -> None:
        """Close and remove what is unfinished; does nothing to a finished file."""
        with suppress(av.FFmpegError, OSError):  # the first error is the one to tell
            self._container.close()
        self._part.unlink(missing_ok=True)


def ticks_of(at_s: Fraction) -> int:
    """The tick nearest to a time."""
    return round(at_s / TIME_BASE)


def _h264_stream(container: OutputContainer, size: Size, options: Mapping[str, str]) -> VideoStream:
    asked = {**options, "bf": "0"}  # decode order is show order
    stream = container.add_stream("libx264", rate=NOMINAL_RATE, options=asked)
    stream.width, stream.height, stream.pix_fmt = size.width_px, size.height_px, "yuv420p"
    stream.time_base = stream.codec_context.time_base = TIME_BASE
    return stream
