"""The player's copy: H.264 that every browser plays and that can be stepped frame by frame."""

from fractions import Fraction
from pathlib import Path

import av
from av.video.stream import VideoStream

from labeler.video.errors import ProxyError
from labeler.video.mp4 import Mp4File, ticks_of
from labeler.video.timing import PROXY_TIME_BASE
from labeler.video.upright import Size

GOP_FRAMES = 8
"""Frames from one key frame to the next: a random seek decodes at most this many."""
X264_PRESET = "superfast"
X264_CRF = 23
OPTIONS = {
    "preset": X264_PRESET,
    "crf": str(X264_CRF),
    "g": str(GOP_FRAMES),
    "keyint_min": str(GOP_FRAMES),
    "sc_threshold": "0",  # key frames at fixed distances only
}
THUMB_WIDTH_PX = 320
_JPEG_QSCALE = "4"  # 2 is best, 31 worst


class ProxyWriter(Mp4File):
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

    error = ProxyError

    def __init__(self, path: Path, size: Size, *, n_threads: int = 0, comment: str = "") -> None:
        super().__init__(path, size, OPTIONS, n_threads=n_threads, comment=comment)

    def write(self, frame: av.VideoFrame, since_first_s: Fraction) -> None:
        """Add one yuv420p frame that is shown `since_first_s` after the first one."""
        if not self._stream.codec_context.is_open:
            _tell_colours(self._stream, frame)
        frame.pict_type = av.video.frame.PictureType.NONE  # the original's choice is not ours
        self._encode(frame, ticks_of(since_first_s))


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


def _tell_colours(stream: VideoStream, frame: av.VideoFrame) -> None:
    """Say in the file what the pixels mean, or players guess by the picture's size."""
    codec = stream.codec_context
    codec.color_range = frame.color_range
    codec.colorspace = frame.colorspace
    codec.color_primaries = frame.color_primaries
    codec.color_trc = frame.color_trc
