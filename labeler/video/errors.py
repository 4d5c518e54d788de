"""What can be wrong with a video file, each with its own words."""

from pathlib import Path

from labeler.core.errors import VideoError


class MissingVideoError(VideoError):
    """There is no such file."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name}: expected a video file, got no file at {path}.",
            hint="Check the path; on an external drive, check that it is connected.",
        )


class EmptyVideoError(VideoError):
    """The file has no bytes: the usual trace of an interrupted copy or a cloud placeholder."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name}: expected a video, got a file of zero bytes.",
            hint="Copy it again from the phone or camera.",
        )


class NotAVideoError(VideoError):
    """The bytes are no video container, whatever the name says."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name}: expected a video, got a file in another format.",
            hint="Check that the right file was chosen; renaming a file does not convert it.",
        )


class NoIndexError(VideoError):
    """An MP4 or MOV whose index (moov) was never written or is cut off."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name}: expected a complete MP4, got one without its index.",
            hint="The recording or the copy was interrupted: copy it again from the phone.",
        )


class NoPictureError(VideoError):
    """The file holds sound only."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name}: expected moving pictures, got sound only.",
            hint="Choose the file with the video track.",
        )


class NoTracksError(VideoError):
    """The container is there and nothing is in it: a recording that never began."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name}: expected moving pictures, got a file with nothing in it.",
            hint="Copy it again from the phone; if it does not play there either, film again.",
        )


class StillPictureError(VideoError):
    """A photo, whatever its name says."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name}: expected moving pictures, got a photo.",
            hint="Choose the video: of a live photo it is the .mov or .mp4 of the same name.",
        )


class TooShortVideoError(VideoError):
    """The clip ends before anybody could be told from chance, let alone move."""

    def __init__(self, path: Path, duration_s: float, least_s: float) -> None:
        super().__init__(
            f"{path.name}: expected at least {least_s:g} s of pictures, got {duration_s:.2f} s.",
            hint="Choose the whole recording: a repetition with a second before and after it.",
        )


class UnreadableVideoError(VideoError):
    """The container opens, but no frame can be decoded."""

    def __init__(self, path: Path, codec: str) -> None:
        super().__init__(
            f"{path.name}: expected frames to decode ({codec}), got none.",
            hint="Copy the file again; if it plays elsewhere, re-encode it as H.264.",
        )


class UnknownCodecError(VideoError):
    """The pictures are packed in a way that the decoder library has no name for."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name}: expected pictures in a known format, got an unknown codec.",
            hint="Copy the file again; if it plays elsewhere, re-encode it as H.264.",
        )


class BrokenVideoError(VideoError):
    """The decoder library gave up on the file, for a reason of its own."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path.name}: expected a video that can be decoded, got: {reason}.",
            hint="Copy the file again; if it plays elsewhere, re-encode it as H.264.",
        )


class TruncatedVideoError(VideoError):
    """The file ends long before its own header says."""

    def __init__(self, path: Path, read: str, declared: str) -> None:
        super().__init__(
            f"{path.name}: expected {declared}, got {read} before the file broke off.",
            hint="Copy it again; if this is all there is, re-encode what plays and ingest that.",
        )


class FrameTimesError(VideoError):
    """Too many frames carry times that do not increase, so seconds cannot be trusted."""

    def __init__(self, path: Path, n_dropped: int, n_frames: int) -> None:
        super().__init__(
            f"{path.name}: expected increasing frame times, got {n_dropped} of {n_frames} frames "
            "not later than the frame before.",
            hint="Re-encode it, which writes new frame times, and ingest the result.",
        )


class ProxyError(VideoError):
    """The copy for the player cannot be written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path.name}: expected to write the player's copy, got {reason}.",
            hint="Check the free disk space and that the dataset folder is writable.",
        )


class VideoWriteError(VideoError):
    """A new video cannot be written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path.name}: expected to write a video, got {reason}.",
            hint="Check the free disk space and that the folder is writable.",
        )
