"""The player's copy: H.264 that every browser plays and that can be stepped frame by frame."""

from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.container import OutputContainer
from av.video.stream import VideoStream

from labeler.video.errors import ProxyError
from labeler.video.timing import PROXY_TIME_BASE
from labeler.video.upright import Size

GOP_FRAMES = 8
"""Frames from one key frame to the next: a random seek decodes at most this many."""
X264_PRESET = "superfast"
X264_CRF = 23
NOMINAL_RATE = 30
"""Only a hint to the rate control; frames keep their own times."""
THUMB_WIDTH_PX = 320
_JPEG_QSCALE = "4"  # 2 is best, 31 worst


class ProxyWriter:
    """Writes frames one by one; the file appears under its name only when it is complete.

    Parameters
    ----------
    path : Path
        Where the finished ``.mp4`` goes.
    size : Size
        Of every frame, even numbers.
    n_threads : int
        Encoder threads; 0 lets x264 choose.
    comment : str
        Kept in the file's metadata: what a copy shows must be known of it too.

    Raises
    ------
    ProxyError
        If the file cannot be written.
    """

    def __init__(self, path: Path, size: Size, *, n_threads: int = 0, comment: str = "") -> None:
        self._path = path
        self._part = path.with_name(f".{path.name}.part")
        self._container = _opened(self._part, path)
        if comment:
            self._container.metadata["comment"] = comment
        self._stream = _h264_stream(self._container, size, n_threads)

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

    def write(self, frame: av.VideoFrame, since_first_s: Fraction) -> None:
        """Add one yuv420p frame that is shown `since_first_s` after the first one."""
        if not self._stream.codec_context.is_open:
            _tell_colours(self._stream, frame)
        frame.pts = round(since_first_s / PROXY_TIME_BASE)
        frame.time_base = PROXY_TIME_BASE
        frame.pict_type = av.video.frame.PictureType.NONE  # the original's choice is not ours
        self._encode(frame)

    def _encode(self, frame: av.VideoFrame | None) -> None:
        try:
            self._container.mux(self._stream.encode(frame))
        except av.FFmpegError as error:
            raise ProxyError(self._path, str(error)) from error

    def _finish(self) -> None:
        self._encode(None)
        try:
            self._container.close()
            self._part.replace(self._path)
        except (av.FFmpegError, OSError) as error:
            raise ProxyError(self._path, str(error)) from error

    def _clean_up(self) -> None:
        """Close and remove what is unfinished; does nothing to a finished file."""
        with suppress(av.FFmpegError, OSError):  # the first error is the one to tell
            self._container.close()
        self._part.unlink(missing_ok=True)


def write_thumb(video: Path, at_s: float, path: Path) -> None:
    """Save the frame shown at `at_s` seconds as a small JPEG, `THUMB_WIDTH_PX` wide."""
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        frame = frame_at(video, at_s)
        width_px = min(THUMB_WIDTH_PX, frame.width)
        height_px = max(2, round(frame.height * width_px / frame.width / 2) * 2)
        frame.reformat(width_px, height_px, "yuvj420p").save(part, qscale=_JPEG_QSCALE)
        part.replace(path)
    except (av.FFmpegError, OSError) as error:
        part.unlink(missing_ok=True)
        raise ProxyError(path, str(error)) from error


def frame_at(video: Path, at_s: float) -> av.VideoFrame:
    """The frame of a proxy that is on screen at `at_s` seconds."""
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        ticks = round(Fraction(at_s) / (stream.time_base or PROXY_TIME_BASE))
        container.seek(ticks, stream=stream)
        shown: av.VideoFrame | None = None
        for frame in container.decode(stream):
            if shown is not None and frame.pts is not None and frame.pts > ticks:
                break
            shown = frame
    if shown is None:
        raise ProxyError(video, f"no frame at {at_s:.2f} s")
    return shown


def _opened(part: Path, path: Path) -> OutputContainer:
    options = {"movflags": "+faststart", "video_track_timescale": str(PROXY_TIME_BASE.denominator)}
    try:
        return av.open(str(part), "w", format="mp4", options=options)
    except (av.FFmpegError, OSError) as error:
        raise ProxyError(path, str(error)) from error


def _tell_colours(stream: VideoStream, frame: av.VideoFrame) -> None:
    """Say in the file what the pixels mean, or players guess by the picture's size."""
    codec = stream.codec_context
    codec.color_range = frame.color_range
    codec.colorspace = frame.colorspace
    codec.color_primaries = frame.color_primaries
    codec.color_trc = frame.color_trc


def _h264_stream(container: OutputContainer, size: Size, n_threads: int) -> VideoStream:
    options = {
        "preset": X264_PRESET,
        "crf": str(X264_CRF),
        "g": str(GOP_FRAMES),
        "keyint_min": str(GOP_FRAMES),
        "sc_threshold": "0",  # key frames at fixed distances only
        "bf": "0",  # decode order is show order
    }
    stream = container.add_stream("libx264", rate=NOMINAL_RATE, options=options)
    stream.width, stream.height, stream.pix_fmt = size.width_px, size.height_px, "yuv420p"
    stream.time_base = PROXY_TIME_BASE
    stream.codec_context.time_base = PROXY_TIME_BASE
    stream.codec_context.thread_count = n_threads
    return stream
