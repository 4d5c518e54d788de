"""Bring poses in that another tool or a laboratory has made: each file a clip without a video."""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import numpy as np

from labeler.core.clip import Clip, ClipId, ClipTags, FrameTimes, View
from labeler.core.errors import ExchangeError, LabelerError, UsageError
from labeler.core.finding import Finding
from labeler.core.origin import is_marked
from labeler.core.track import PoseTrack
from labeler.exchange.foreign.formats import PoseFormat, format_of, read_points
from labeler.exchange.foreign.name_map import NameMap, map_of, read_map
from labeler.exchange.foreign.openpose import frame_files
from labeler.exchange.foreign.points import ForeignPoints, Unit, Up
from labeler.exchange.foreign.tracks import Told, findings_of, foreign_track
from labeler.pose import quality
from labeler.store.dataset import Dataset
from labeler.workflows.deriving import movement_of
from labeler.workflows.importing import (
    IngestResult,
    Status,
    clip_id_of,
    cut_track,
    failure,
    machine_cut,
    merged,
    tidied,
    utc_now,
)

AUTO = "auto"
"""The format is found out, file by file."""

PELVIS_TURN = "pelvis_axial_deg"
"""The hips' signal of movements that turn: it needs points in space."""

_Named = TypeVar("_Named", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class PoseOptions:
    """What a command tells about files of poses, as it is typed; None is not told.

    Parameters
    ----------
    pose_format : str
        ``auto``, or a `PoseFormat`.
    names : Path | None
        A map of names to landmarks, over the one that comes with the format.
    video : str | None
        A clip of the dataset, or a video file: poses have its times and its size.
    fps : float | None
        Frames per second.
    size : str | None
        Width and height of the picture in pixels, such as ``1920x1080``.
    unit : str | None
        A `Unit`.
    up : str | None
        An `Up`.
    heading : str | None
        The way the athlete faces on the floor, such as ``1,0``.
    """

    pose_format: str = AUTO
    names: Path | None = None
    video: str | None = None
    fps: float | None = None
    size: str | None = None
    unit: str | None = None
    up: str | None = None
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class _Import:
    """What is told about all files of a call, understood."""

    dataset: Dataset
    tags: ClipTags
    told: Told
    pose_format: PoseFormat | None
    names: NameMap | None
    key: Mapping[str, str]
    """Everything told that decides about numbers, as text."""
    is_synthetic: bool = False
    """Whether the video that the poses were made from is made up."""


def import_poses(
    paths: Sequence[Path], dataset: Dataset, *, tags: ClipTags, options: PoseOptions
) -> Iterator[IngestResult]:
    """Bring files of poses in, one result each: named, put on a clock, cut into repetitions.

    What belongs to one file is an answer, not an exception. A clip is known by the bytes of its
    file and by what was told about reading them: told otherwise, it is another clip; nothing is
    ever overwritten.

    Parameters
    ----------
    paths : Sequence[Path]
        Files, or folders of OpenPose.
    tags : ClipTags
        What is told about all of them. For joints in space the view says where to put the camera,
        which is at the side where it is not told.

    Raises
    ------
    UsageError
        If an option is not what it should be.
    ExchangeError
        If the map of names cannot be read.
    LabelerError
        If the video is not in the dataset, or cannot be read; if the movement is unknown.
    """
    work = _understood(dataset, tags, options)
    for path in paths:
        try:
            yield _bring_in(path, work)
        except (LabelerError, OSError) as error:
            yield failure(path, error)


# --------------------------------------------------------------------------- what is told


def _understood(dataset: Dataset, tags: ClipTags, options: PoseOptions) -> _Import:
    movement_of(tags)  # a wrong movement is said before any work
    if options.fps is not None and not options.fps > 0:
        raise UsageError(f"fps: expected a rate above 0, got {options.fps:g}.")
    told = Told(
        fps=options.fps,
        size_px=None if options.size is None else _size(options.size),
        unit=None if options.unit is None else _member(Unit, "unit", options.unit),
        up=None if options.up is None else _member(Up, "up", options.up),
        heading=None if options.heading is None else _heading(options.heading),
    )
    key = {
        name: value
        for name in ("size", "unit", "up", "heading")
        if (value := getattr(options, name)) is not None
    }
    names = None if options.names is None else read_map(options.names)
    is_synthetic = False
    if options.names is not None:
        key["names"] = clip_id_of(options.names)
    if options.video is not None:
        video, clip_id = _video(dataset, options.video)
        told = replace(told, times=video.times, size_px=told.size_px or video.size_px)
        tags = merged(video.tags, tags)
        is_synthetic = video.is_synthetic
        key["video"] = clip_id
    is_auto = options.pose_format == AUTO
    return _Import(
        dataset,
        tidied(tags),
        told,
        None if is_auto else _member(PoseFormat, "format", options.pose_format, more=(AUTO,)),
        names,
        key,
        is_synthetic,
    )


def _member(kind: type[_Named], name: str, text: str, *, more: Sequence[str] = ()) -> _Named:
    try:
        return kind(text)
    except ValueError:
        known = ", ".join((*more, *(member.value for member in kind)))
        raise UsageError(f"{name}: expected one of {known}, got {text!r}.") from None


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if width.isdecimal() and height.isdecimal() and int(width) and int(height):
        return int(width), int(height)
    raise UsageError(f"size: expected width and height such as 1920x1080, got {text!r}.")


def _heading(text: str) -> tuple[float, float]:
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        x = y = np.nan
    if np.isfinite([x, y]).all() and np.hypot(x, y) > 0:
        return x, y
    raise UsageError(f"heading: expected a direction on the floor such as 1,0, got {text!r}.")


@dataclass(frozen=True, slots=True)
class _Video:
    """What poses share with the video that they were made from."""

    times: FrameTimes
    size_px: tuple[int, int]
    tags: ClipTags
    is_synthetic: bool = False


def _video(dataset: Dataset, name: str) -> tuple[_Video, ClipId]:
    """A clip of the dataset, by its name or by its file; else a video file, read to its end."""
    path = Path(name)
    known = dataset.clips.find(clip_id_of(path)) if path.is_file() else dataset.clips.get(name)
    if known is not None:
        size_px = (known.width_px, known.height_px)
        times = dataset.clips.times(known.clip_id)
        return _Video(times, size_px, known.tags, known.is_synthetic), known.clip_id
    from labeler.video.reader import ClipReader  # brings PyAV

    reader = ClipReader(path)
    for _ in reader:
        pass  # times are known after the last frame
    size_px = (reader.facts.width_px, reader.facts.height_px)
    marked = reader.facts.is_synthetic
    return _Video(reader.times, size_px, ClipTags(), marked), clip_id_of(path)


# --------------------------------------------------------------------------- one file


def _bring_in(path: Path, work: _Import) -> IngestResult:
    started_s = time.perf_counter()
    _require_there(path)
    pose_format = work.pose_format or format_of(path)
    found = read_points(path, pose_format)
    view = (work.tags.view or View.SIDE) if found.is_in_space else work.tags.view
    told, tags = replace(work.told, view=view), replace(work.tags, view=view)
    key = _key(work, found, view)
    clip_id = _clip_id(path, key)
    known = work.dataset.clips.find(clip_id)
    if known is not None and work.dataset.tracks.path(clip_id).is_file():
        return _result(path, Status.ALREADY, known, work.dataset)
    own, packaged = work.names, map_of(pose_format.value)
    track = foreign_track(found, packaged if own is None else own.over(packaged), told)
    track = replace(track, made_by=_made_by(path, track, pose_format, key))
    if not quality.is_found(track).any():
        raise ExchangeError(
            f"{path.name}: expected the athlete in some frame, got nobody.",
            hint="Look at the file with the tool that wrote it.",
        )
    cutting = cut_track(track, tags)
    about_file = findings_of(found, track, is_turn=_is_turn(tags))
    findings = (*about_file, *quality.findings(track), *cutting.findings)
    clip = _clip(path, clip_id, track, tags=tags, findings=findings)
    clip = replace(clip, is_synthetic=work.is_synthetic or _says_synthetic(found))
    work.dataset.tracks.save(clip_id, track)
    cut = machine_cut(work.dataset, clip_id, cutting.reps)
    work.dataset.clips.add(clip, track.times, cut=cut)  # last: now the clip is known
    result = _result(path, Status.INGESTED, clip, work.dataset)
    return replace(result, seconds={"total": time.perf_counter() - started_s})


def _says_synthetic(found: ForeignPoints) -> bool:
    """Whether the file says of itself that nobody was measured; otherwise it is of a person."""
    return any(is_marked(told) for told in found.made_by.values())


def _is_turn(tags: ClipTags) -> bool:
    """Whether the hips of the movement are read from a turn about the long axis."""
    movement = movement_of(tags)
    return movement is not None and movement.hip_signal == PELVIS_TURN


def _require_there(path: Path) -> None:
    if not path.exists():
        raise ExchangeError(
            f"{path}: expected a file of poses, got nothing there.",
            hint="Check the path for a typing mistake.",
        )


def _key(work: _Import, found: ForeignPoints, view: View | None) -> Mapping[str, str]:
    """What decides about the numbers beside the file's bytes; what is usual is left out."""
    key = dict(work.key)
    if work.told.fps is not None and found.fps is None and found.times_s is None:
        key["fps"] = f"{work.told.fps:g}"
    if found.is_in_space and view is not None and view is not View.SIDE:
        key["view"] = view.value
    return key


def _clip_id(path: Path, key: Mapping[str, str]) -> ClipId:
    """SHA-256 of the file's bytes, or of those of a folder's frames; and of `key`, if any."""
    files = frame_files(path) if path.is_dir() else [path]
    if len(files) == 1 and not key:
        return clip_id_of(files[0])
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    if key:
        digest.update(json.dumps(key, sort_keys=True).encode())
    return ClipId(digest.hexdigest())


def _made_by(
    path: Path, track: PoseTrack, pose_format: PoseFormat, key: Mapping[str, str]
) -> Mapping[str, str]:
    """What measured the joints, as its file says, and how they came in."""
    told = {f"told_{name}": value for name, value in key.items()}
    origin = {"imported_from": pose_format.value, "sha256": _clip_id(path, {})}
    return {**track.made_by, **origin, **told, "labeler": version("labeler")}


def _clip(
    path: Path,
    clip_id: ClipId,
    track: PoseTrack,
    *,
    tags: ClipTags,
    findings: tuple[Finding, ...],
) -> Clip:
    """What is known about a clip that has no video."""
    times = track.times
    return Clip(
        clip_id=clip_id,
        file_name=path.name,
        tags=tags,
        width_px=track.size_px[0],
        height_px=track.size_px[1],
        n_frames=times.n_frames,
        duration_s=times.duration_s,
        fps_median=times.fps_median,
        fps_jitter_ratio=times.fps_jitter_ratio,
        start_offset_s=times.start_offset_s,
        rotation_deg=0,
        detected_ratio=quality.detected_ratio(track),
        source_path=str(path.resolve()),
        ingested_at=utc_now(),
        findings=findings,
        is_video_present=False,
    )


def _result(path: Path, status: Status, clip: Clip, dataset: Dataset) -> IngestResult:
    return IngestResult(
        path=str(path),
        status=status,
        clip=clip.clip_id,
        n_frames=clip.n_frames,
        duration_s=clip.duration_s,
        fps_median=clip.fps_median,
        detected_ratio=clip.detected_ratio,
        n_reps=len(dataset.journal.reps(clip.clip_id)),
        flags=tuple(finding.code for finding in clip.findings),
        is_synthetic=clip.is_synthetic,
    )
