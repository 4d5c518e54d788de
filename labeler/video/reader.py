"""One decode pass: every frame upright, for the player's copy and for the pose network."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream

from labeler.core.arrays import ByteImage
from labeler.core.clip import FrameTimes
from labeler.core.finding import Finding, Level
from labeler.video.errors import FrameTimesError, TruncatedVideoError, UnreadableVideoError
from labeler.video.probe import VideoFacts, container_of, open_video, probe
from labeler.video.timing import PtsClock
from labeler.video.upright import UprightPictures, fitted

PICTURE_SHORT_SIDE_PX = 720
"""All that a laptop screen shows beside the answers, and all that the pose network uses: it crops
to the person and scales to 256 x 256. Scaling to less for it costs more time than it saves."""

WHOLE_RATIO = 0.95
"""A file that gives less than this of both its declared frames and its declared time is cut off.
Both, because edit lists make whole files show fewer frames than their index holds."""
DROPPED_MAX_RATIO = 0.05
"""Above this share of frames that are not later than the one before, times are not trusted."""
FALLBACK_FRAME_S = Fraction(1, 30)
"""How long a frame lasts where the file gives no rate at all."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame, upright, with square pixels.

    Parameters
    ----------
    since_first_s : Fraction
        Time since the first frame, exactly as in the container.
    yuv : av.VideoFrame
        yuv420p, for the player's copy.
    rgb : ByteImage
        Shape (height, width, 3), for the pose network.
    """

    since_first_s: Fraction
    yuv: av.VideoFrame
    rgb: ByteImage


class ClipReader:
    """Reads a clip once, in order; after the last frame `times` and `findings` are known.

    Parameters
    ----------
    path : Path
        The original video.
    n_threads : int
        Decoder threads; 0 lets FFmpeg choose.

    Raises
    ------
    VideoError
        On opening, as in `labeler.video.probe.probe`; on iterating, `TruncatedVideoError` and
        `FrameTimesError` once the last readable frame has been given.
    """

    def __init__(self, path: Path, *, n_threads: int = 0) -> None:
        self.path = path
        self._n_threads = n_threads
        self._n_damaged = 0
        self._clock: PtsClock | None = None
        self.facts: VideoFacts = probe(path)
        self.size = fitted(self.facts, PICTURE_SHORT_SIDE_PX)

    @property
    def times(self) -> FrameTimes:
        """When each frame given so far is shown."""
        if self._clock is None:
            raise ValueError("times: expected after reading, asked before the first frame")
        return self._clock.times()

    def __iter__(self) -> Iterator[Picture]:
        """Decode from the first frame to the last."""
        upright = UprightPictures(self.facts.rotation_deg, self.size)
        with open_video(self.path) as stream:
            self._clock = clock = _clock_of(stream)
            self._n_damaged = 0
            for frame in self._frames(stream):
                if (since_first_s := clock.tick(frame.pts)) is None:
                    continue
                yuv, rgb = upright(frame)
                yield Picture(since_first_s, yuv, np.asarray(rgb.to_ndarray(), dtype=np.uint8))
        self._require_whole(clock)

    @property
    def made_by(self) -> Mapping[str, str]:
        """What decodes the pictures, and how large they are given on."""
        size = f"{self.size.width_px}x{self.size.height_px}"
        return {"reader": f"PyAV {av.__version__}", "picture_px": size}

    def findings(self) -> tuple[Finding, ...]:
        """What a person should know about the file, once it was read."""
        found: list[Finding] = []
        if self._n_damaged:
            found.append(
                Finding(
                    "damaged_frames",
                    f"{self._n_damaged} pieces of the file could not be decoded.",
                    hint="Look at the clip for grey or frozen pictures; copy it again if so.",
                )
            )
        if self._clock and (n_odd := self._clock.n_dropped + self._clock.n_guessed):
            found.append(
                Finding(
                    "frame_times_repaired",
                    f"{n_odd} frames had no usable time.",
                    Level.INFO,
                    hint="Nothing to do, unless the clip stutters.",
                )
            )
        return tuple(found)

    def _frames(self, stream: VideoStream) -> Iterator[av.VideoFrame]:
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = self._n_threads
        packets = container_of(stream).demux(stream)
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                frames = packet.decode()
            except av.EOFError:
                return  # the decoder was already told that the file ends
            except av.InvalidDataError:
                self._n_damaged += 1  # skip the damaged piece; the end decides if enough is left
                continue
            yield from (frame for frame in frames if isinstance(frame, av.VideoFrame))

    def _require_whole(self, clock: PtsClock) -> None:
        n_frames = clock.n_frames
        if n_frames == 0:
            raise UnreadableVideoError(self.path, self.facts.codec)
        if clock.n_dropped > DROPPED_MAX_RATIO * (n_frames + clock.n_dropped):
            raise FrameTimesError(self.path, clock.n_dropped, n_frames + clock.n_dropped)
        shares = _shares_read(self.facts, n_frames + clock.n_dropped, clock.times().duration_s)
        if shares and max(shares) < WHOLE_RATIO:
            raise TruncatedVideoError(
                self.path,
                read=_amount(n_frames, clock.times().duration_s),
                declared=_amount(self.facts.n_frames_declared, self.facts.duration_s),
            )


def _clock_of(stream: VideoStream) -> PtsClock:
    rate = stream.average_rate or stream.guessed_rate
    frame_s = 1 / Fraction(rate) if rate else FALLBACK_FRAME_S
    return PtsClock(stream.time_base or Fraction(1, 1), frame_s)


def _shares_read(facts: VideoFacts, n_frames: int, duration_s: float) -> list[float]:
    """How much of the declared frames and of the declared time was read, where declared."""
    shares = []
    if facts.n_frames_declared:
        shares.append(n_frames / facts.n_frames_declared)
    if facts.duration_s:
        shares.append(duration_s / facts.duration_s)
    return shares


def _amount(n_frames: int | None, duration_s: float | None) -> str:
    frames = "an unknown number of frames" if n_frames is None else f"{n_frames} frames"
    return frames if duration_s is None else f"{frames} ({duration_s:.1f} s)"
