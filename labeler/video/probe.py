"""What a video file is, before any of it is used; and what is wrong with it, in words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.codec.context import CodecContext
from av.container import InputContainer
from av.video.stream import VideoStream

from labeler.core.origin import is_marked
from labeler.video.errors import (
    BrokenVideoError,
    EmptyVideoError,
    MissingVideoError,
    NoIndexError,
    NoPictureError,
    NotAVideoError,
    NoTracksError,
    StillPictureError,
    UnknownCodecError,
    UnreadableVideoError,
)

VIDEO_SUFFIXES = frozenset(
    {".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".mts", ".m2ts", ".3gp"}
)
"""Endings, in lower case, by which a folder's videos are found."""

_QUARTER_TURN_DEG = 90
_DURATION_TAG = re.compile(r"(\d+):(\d+):(\d+(?:\.\d+)?)", re.ASCII)
"""Hours, minutes and seconds."""
_STILL_READER = "_pipe"
"""How FFmpeg's readers of photos end: ``jpeg_pipe``, ``png_pipe``, ``webp_pipe``."""
_BOX_NAME = slice(4, 8)
_MP4_FIRST_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"})
"""What an MP4 or MOV file starts with; old QuickTime files have no ``ftyp``."""


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What the container and its first frame say.

    Parameters
    ----------
    width_px, height_px : int
        Of the upright picture with square pixels.
    rotation_deg : int
        Clockwise turn that makes the stored picture upright: 0, 90, 180 or 270.
    codec : str
        FFmpeg's name, such as ``h264``.
    n_frames_declared : int | None
        As the header claims; None where it does not.
    duration_s : float | None
        As the header claims; None where it does not.
    comment : str
        The container's own remark on where it comes from; empty where there is none.
    """

    width_px: int
    height_px: int
    rotation_deg: int
    codec: str
    n_frames_declared: int | None
    duration_s: float | None
    comment: str = ""

    @property
    def is_synthetic(self) -> bool:
        """Whether the file says of itself that it shows a made-up athlete."""
        return is_marked(self.comment)

    @property
    def short_side_px(self) -> int:
        """The smaller of width and height."""
        return min(self.width_px, self.height_px)


def list_videos(folder: Path) -> list[Path]:
    """Videos inside `folder` and the folders inside it, by path; may be empty.

    Hidden files and folders are left out, and links to other folders, which could lead in a circle.
    """
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink() and not path.name.startswith("."):
            found += list_videos(path)
        elif _is_video_name(path):
            found.append(path)
    return found


def probe(path: Path) -> VideoFacts:
    """Look at the header and the first frame.

    Raises
    ------
    VideoError
        One kind for each of: no file, zero bytes, no video format, a photo, an MP4 without its
        index or without anything else, sound only, an unknown codec, no frame that decodes, and
        all else that FFmpeg refuses.
    """
    with open_video(path) as stream:
        return facts_of(stream, first_frame(stream, path))


@contextmanager
def open_video(path: Path) -> Iterator[VideoStream]:
    """Open the first picture stream of `path`; what cannot be opened or read says why.

    Whatever FFmpeg raises while the stream is open becomes a `BrokenVideoError`.
    """
    try:
        with _open(path) as container:
            yield _picture_stream(container, path)
    except av.FFmpegError as error:
        raise BrokenVideoError(path, error.strerror or str(error)) from error


def first_frame(stream: VideoStream, path: Path) -> av.VideoFrame:
    """Decode up to the first frame that can be decoded; the stream is left behind it."""
    codec = stream.codec_context.name
    for packet in container_of(stream).demux(stream):
        try:
            for frame in packet.decode():
                if isinstance(frame, av.VideoFrame):
                    return frame
        except av.FFmpegError:
            continue  # a damaged packet; a later one may do
    raise UnreadableVideoError(path, codec)


def facts_of(stream: VideoStream, frame: av.VideoFrame) -> VideoFacts:
    """Facts from the stream's header and one of its frames."""
    rotation_deg = upright_turn_deg(frame)
    aspect = stream.sample_aspect_ratio or Fraction(1)
    width_px, height_px = max(1, round(frame.width * aspect)), frame.height
    if rotation_deg % (2 * _QUARTER_TURN_DEG):
        width_px, height_px = height_px, width_px
    return VideoFacts(
        width_px=width_px,
        height_px=height_px,
        rotation_deg=rotation_deg,
        codec=stream.codec_context.name,
        n_frames_declared=stream.frames or None,
        duration_s=_declared_s(stream),
        comment=_comment(container_of(stream)),
    )


def _comment(container: InputContainer) -> str:
    """The container's remark; formats write the key in letters of their own."""
    told = (text for key, text in container.metadata.items() if key.casefold() == "comment")
    return next(told, "")


def upright_turn_deg(frame: av.VideoFrame) -> int:
    """Clockwise degrees, in quarter turns, that make `frame` upright."""
    return round(-frame.rotation / _QUARTER_TURN_DEG) * _QUARTER_TURN_DEG % 360


def container_of(stream: VideoStream) -> InputContainer:
    """The file that a read stream belongs to."""
    container = stream.container
    if not isinstance(container, InputContainer):
        raise TypeError("stream: expected one that is read, got one that is written")
    return container


def _open(path: Path) -> InputContainer:
    if not path.is_file():
        raise MissingVideoError(path)
    if path.stat().st_size == 0:
        raise EmptyVideoError(path)
    try:
        return av.open(str(path), metadata_errors="ignore")
    except av.FFmpegError as error:
        with path.open("rb") as file:
            is_mp4 = file.read(_BOX_NAME.stop)[_BOX_NAME] in _MP4_FIRST_BOXES
        raise (NoIndexError(path) if is_mp4 else NotAVideoError(path)) from error


def _picture_stream(container: InputContainer, path: Path) -> VideoStream:
    streams = [s for s in container.streams.video if not _is_cover_art(s)]
    if not container.streams:
        raise NoTracksError(path)
    if not streams:
        raise NoPictureError(path)
    if _is_still(container):
        raise StillPictureError(path)
    codec: CodecContext | None = streams[0].codec_context  # PyAV's types leave the None out
    if codec is None:
        raise UnknownCodecError(path)
    return streams[0]


def _declared_s(stream: VideoStream) -> float | None:
    """The stream's own claim, else its container's; Matroska and WebM make only the second."""
    time_base = stream.time_base or Fraction(0)
    if stream.duration is not None and time_base:
        return float(stream.duration * time_base)
    end_s = _tagged_end_s(stream) or _container_end_s(stream) or 0.0
    declared_s = end_s - float((stream.start_time or 0) * time_base)
    return declared_s if declared_s > 0 else None


def _tagged_end_s(stream: VideoStream) -> float | None:
    """When the stream ends, from Matroska's tag ``DURATION``: sound may last longer."""
    if not (found := _DURATION_TAG.match(stream.metadata.get("DURATION", ""))):
        return None
    hours, minutes, seconds = (float(part) for part in found.groups())
    return (hours * 60 + minutes) * 60 + seconds


def _container_end_s(stream: VideoStream) -> float | None:
    duration = container_of(stream).duration
    return None if duration is None else duration / av.time_base


def _is_still(container: InputContainer) -> bool:
    """FFmpeg reads photos as films of one picture, with readers that say so in their names."""
    return container.format.name.endswith(_STILL_READER) or container.format.name == "image2"


def _is_cover_art(stream: VideoStream) -> bool:
    """Music files carry their cover as a video stream of one picture."""
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _is_video_name(path: Path) -> bool:
    return (
        path.suffix.lower() in VIDEO_SUFFIXES and path.is_file() and not path.name.startswith(".")
    )
