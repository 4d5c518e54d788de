"""Tracks of made-up clips: noise on true landmarks, or rendered and seen by the pose network.

What is rendered and seen is kept in a folder, under a name that holds what was asked for and the
code that made it: a change to either makes it anew.
"""

import os
import tempfile
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from synthetic_cells import Told
from synthetic_reps import ClipErrors, errors_of

import labeler
from labeler.core.arrays import ByteImage
from labeler.core.clip import ClipId
from labeler.core.track import PoseTrack
from labeler.store.files import Scratch
from labeler.store.tracks import TrackFiles
from labeler.synthetic.looks import draw_looks
from labeler.synthetic.noise import NoiseSpec, track
from labeler.synthetic.render import MADE_UP_MARK, Shot, frames
from labeler.video.upright import Size
from labeler.video.writer import VideoWriter

PACKAGE = Path(labeler.__file__).parent

RENDERS = ("synthetic/**/*.py", "video/writer.py")
"""What decides about the pixels."""

SEES = ("pose/*.py", "video/reader.py", "video/upright.py", "workflows/extracting.py")
"""What decides about the track."""

MEASURES = ("signals/*.py", "reps/*.py", "features/*.py")
"""What decides about the numbers that are read from a track."""

NO_PIXELS = ("raters.py", "noise.py", "truth.py")
"""Modules of the first that decide about no pixel."""

SHORT = 10
"""Digits of a code version that is told."""


@cache
def code_digest(*patterns: str) -> str:
    """Of the text of every file of the package that fits."""
    found = {path for pattern in patterns for path in PACKAGE.glob(pattern)}
    files = sorted(path for path in found if path.name not in NO_PIXELS)
    return sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def noisy_errors(told: Told, noise: NoiseSpec) -> ClipErrors:
    """From landmarks alone."""
    return errors_of(told, track(told.performance, told.camera, told.times, noise, told.number))


def filmed_errors(told: Told, folder: Path) -> ClipErrors:
    """From rendered video through the product's own extraction."""
    return errors_of(told, filmed_track(told, folder))


def filmed_track(told: Told, folder: Path) -> PoseTrack:
    """Rendered and seen, or as it was seen before."""
    video = video_of(told, folder)
    seen = sha256(f"{video.stem} {code_digest(*SEES)}".encode()).hexdigest()
    scratch = folder / "unfinished"
    scratch.mkdir(parents=True, exist_ok=True)
    kept = TrackFiles(folder, Scratch(scratch))
    clip_id = ClipId(seen)
    if not kept.path(clip_id).is_file():
        kept.save(clip_id, _seen(video))
    return kept.load(clip_id, told.times)


def video_of(told: Told, folder: Path) -> Path:
    """The rendered clip, whole or not at all."""
    name = sha256(f"{told.key} {code_digest(*RENDERS)}".encode()).hexdigest()
    video = folder / f"{name}.mp4"
    if not video.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f"{name}.{os.getpid()}.mp4"
        with VideoWriter(unfinished, Size(*told.camera.size_px), comment=MADE_UP_MARK) as writer:
            for rgb, at_s in _pictures(told):
                writer.write(rgb, at_s)
        unfinished.replace(video)
    return video


def _pictures(told: Told) -> Iterator[tuple[ByteImage, float]]:
    looks = draw_looks(told.seed)
    shot = Shot(told.performance, told.camera, looks, told.times, told.seed)
    yield from zip(frames(shot), (float(at_s) for at_s in told.times.pts_s), strict=True)


def _seen(video: Path) -> PoseTrack:
    from labeler.workflows.extracting import extract  # slow to import

    with tempfile.TemporaryDirectory() as folder:
        return extract(video, Path(folder)).track
