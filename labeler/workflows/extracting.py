"""From a video file to everything that is kept of it: times, the athlete's track, a proxy, a thumb.

The original is decoded once. While the pose network works in its own thread, this one decodes,
encodes the proxy, and takes a fresh look at a picture every second. Only when those looks see
somebody else, or the track leaps, is the clip read again, to follow everybody and choose.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from labeler.core.clip import FrameTimes
from labeler.core.finding import Finding
from labeler.core.origin import MADE_UP_MARK
from labeler.core.track import PoseTrack
from labeler.pose import quality
from labeler.pose.bundle import resolve_bundle
from labeler.pose.estimator import EstimatorFactory, Pose, PoseEstimator, track_from_poses
from labeler.pose.people import Look, choose_athlete, is_crowded, may_be_several
from labeler.pose.quality import RUN_MIN_S, keep_person
from labeler.video.errors import TooShortVideoError
from labeler.video.probe import VideoFacts
from labeler.video.proxy import ProxyWriter, write_thumb
from labeler.video.reader import ClipReader, Picture
from labeler.workflows.posing import PoseThread

PROXY_NAME = "proxy.mp4"
THUMB_NAME = "thumb.jpg"

LOOK_EVERY_S = 1.0
LOOKS_MIN = 8
"""A short clip is looked at more often than `LOOK_EVERY_S`, to have so many looks to judge by."""
LOOK_LEAST_S = 0.2
"""But never more often than this."""
PEOPLE_MAX = 3
"""How many people are followed when there are several: the athlete, a spotter, a passer-by."""

Progress = Callable[[int, int | None], None]
"""Called with the frames done and, where the file tells, the frames in all."""


@dataclass(frozen=True, slots=True, eq=False)
class Extraction:
    """What a video holds.

    Parameters
    ----------
    times : FrameTimes
        When each frame is shown.
    track : PoseTrack
        The athlete; frames without a plausible person are NaN.
    facts : VideoFacts
        What the container says.
    detected_ratio : float
        Share of frames in which the athlete was found, 0 to 1.
    findings : tuple[Finding, ...]
        What a person should know about the clip.
    seconds : Mapping[str, float]
        Time spent by stage. Stages overlap, so that their sum exceeds ``total``.
    """

    times: FrameTimes
    track: PoseTrack
    facts: VideoFacts
    detected_ratio: float
    findings: tuple[Finding, ...]
    seconds: Mapping[str, float]


def extract(
    path: Path,
    folder: Path,
    *,
    make_estimator: EstimatorFactory | None = None,
    on_progress: Progress | None = None,
) -> Extraction:
    """Decode `path` once; write ``proxy.mp4`` and ``thumb.jpg`` into `folder`.

    Parameters
    ----------
    path : Path
        The original video; only read.
    folder : Path
        An existing folder. After an error it may hold one of the two files: discard it.
    make_estimator : EstimatorFactory | None
        Where poses come from; MediaPipe by default.
    on_progress : Progress | None
        Told after every frame.

    Raises
    ------
    VideoError
        If the file cannot be read whole, or the proxy cannot be written.
    PoseError
        If the pose network cannot be had; `NoPersonError` if nobody is plausibly there.
    """
    clock = _Stopwatch()
    with clock.stage("total"):
        reader = ClipReader(path)
        run = _Run(reader, folder, make_estimator or mediapipe_estimator, on_progress or _ignore)
        track, crowd = run.athlete(clock)
        with clock.stage("thumb"):
            at_s = float(track.times.pts_s[quality.best_frame(track)])
            write_thumb(folder / PROXY_NAME, at_s, folder / THUMB_NAME)
    return Extraction(
        times=track.times,
        track=track,
        facts=reader.facts,
        detected_ratio=quality.detected_ratio(track),
        findings=(*crowd, *reader.findings(), *quality.findings(track)),
        seconds=dict(clock.seconds),
    )


def mark_of(facts: VideoFacts) -> str:
    """What every copy of a made-up video says of itself; empty for a recording."""
    return MADE_UP_MARK if facts.is_synthetic else ""


def mediapipe_estimator(n_people: int) -> PoseEstimator:
    """MediaPipe with the resolved bundle."""
    from labeler.pose.mediapipe_pose import MediaPipePose  # takes a second to import

    return MediaPipePose(resolve_bundle(), n_people=n_people)


@dataclass(frozen=True, slots=True)
class _Run:
    """One extraction under way."""

    reader: ClipReader
    folder: Path
    make_estimator: EstimatorFactory
    on_progress: Progress

    def athlete(self, clock: "_Stopwatch") -> tuple[PoseTrack, tuple[Finding, ...]]:
        """The athlete's track, and whether there was a choice of people."""
        facts = self.reader.facts
        size_px = (facts.width_px, facts.height_px)
        with closing(self.make_estimator(1)) as estimator:
            frames, looks = self._first_pass(estimator, clock)
            made_by = self._made_by(estimator)
        times = self.reader.times
        if times.duration_s < RUN_MIN_S:
            raise TooShortVideoError(self.reader.path, times.duration_s, RUN_MIN_S)
        first = [found[0] if found else None for found in frames]
        track = keep_person(track_from_poses(first, times, size_px=size_px, made_by=made_by))
        if not may_be_several(looks, _kept(first, track), times, size_px):
            return track, ()
        with closing(self.make_estimator(PEOPLE_MAX)) as estimator, clock.stage("people"):
            everybody = self._second_pass(estimator)
            made_by = self._made_by(estimator)
        poses = choose_athlete(everybody, times, size_px)
        track = keep_person(track_from_poses(poses, times, size_px=size_px, made_by=made_by))
        return track, (TWO_PEOPLE,) if is_crowded(everybody, times, size_px) else ()

    def _made_by(self, estimator: PoseEstimator) -> Mapping[str, str]:
        """Everything that decides about the numbers of a track."""
        return {**estimator.made_by, **self.reader.made_by, "labeler": version("labeler")}

    def _first_pass(
        self, estimator: PoseEstimator, clock: "_Stopwatch"
    ) -> tuple[list[list[Pose]], list[Look]]:
        """Poses of every frame and the fresh looks; the proxy is written on the way."""
        looks: list[Look] = []
        due = _LookSchedule(self.reader.facts)
        proxy = ProxyWriter(
            self.folder / PROXY_NAME, self.reader.size, comment=mark_of(self.reader.facts)
        )
        with PoseThread(estimator) as thread, proxy:
            for frame, picture in enumerate(clock.each("decode", self.reader)):
                thread.put(picture.rgb, float(picture.since_first_s))
                with clock.stage("proxy"):
                    proxy.write(picture.yuv, picture.since_first_s)
                if due.is_due(picture):
                    with clock.stage("looks"):
                        looks.append(Look(frame, estimator.look(picture.rgb)))
                self.on_progress(frame + 1, self.reader.facts.n_frames_declared)
            frames = thread.poses()
        clock.seconds["pose"] += thread.busy_s
        return frames, looks

    def _second_pass(self, estimator: PoseEstimator) -> list[list[Pose]]:
        """Poses of everybody in every frame."""
        n_frames = self.reader.times.n_frames
        with PoseThread(estimator) as thread:
            for frame, picture in enumerate(self.reader):
                thread.put(picture.rgb, float(picture.since_first_s))
                self.on_progress(n_frames + frame + 1, 2 * n_frames)
            return thread.poses()


TWO_PEOPLE = Finding(
    "two_people",
    "Two or more people are in view; the largest and most central one over the clip was tracked.",
    hint="Check on the overlay that it is the athlete; if not, film again with one person.",
)


def _kept(poses: Sequence[Pose | None], track: PoseTrack) -> list[Pose | None]:
    """The poses of the frames that `track` kept."""
    is_kept = quality.is_found(track)
    return [pose if kept else None for pose, kept in zip(poses, is_kept, strict=True)]


class _LookSchedule:
    """When to take a fresh look: at the first frame, and then at even distances."""

    def __init__(self, facts: VideoFacts) -> None:
        shortened_s = (facts.duration_s or LOOKS_MIN * LOOK_EVERY_S) / LOOKS_MIN
        self._every_s = max(LOOK_LEAST_S, min(LOOK_EVERY_S, shortened_s))
        self._next_s = 0.0

    def is_due(self, picture: Picture) -> bool:
        at_s = float(picture.since_first_s)
        if at_s < self._next_s:
            return False
        self._next_s = at_s + self._every_s
        return True


class _Stopwatch:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started_s = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += time.perf_counter() - started_s

    def each(self, name: str, pictures: ClipReader) -> Iterator[Picture]:
        """Time what the reader takes for each picture."""
        source = iter(pictures)
        while True:
            with self.stage(name):
                picture = next(source, None)
            if picture is None:
                return
            yield picture


def _ignore(_done: int, _total: int | None) -> None:
    """Tell nobody."""
