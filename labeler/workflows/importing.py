"""Bring videos into a dataset: each file whole or not at all, and never twice."""

import dataclasses
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeler.core.clip import Clip, ClipId, ClipTags
from labeler.core.errors import LabelerError, VideoError
from labeler.core.finding import Finding
from labeler.core.label import MACHINE, Action, ActionId, ActionKind, RepFact
from labeler.core.names import tidy_name
from labeler.core.rep import Rep
from labeler.core.track import PoseTrack
from labeler.store.dataset import Dataset
from labeler.workflows.deriving import movement_of, signals_from

if TYPE_CHECKING:
    from labeler.workflows.extracting import Extraction

HASH_CHUNK_BYTES = 1 << 20

Progress = Callable[[Path, int, int | None], None]
"""Called with the file, the frames done and, when known, the frames in all."""


class Status(StrEnum):
    """What became of a file."""

    INGESTED = "ingested"
    ALREADY = "already"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What became of one file; the facts are None where the file could not be read.

    `seconds` says how long each stage took; `error` has the keys ``message`` and ``hint``.
    """

    path: str
    status: Status
    clip: ClipId | None = None
    n_frames: int | None = None
    duration_s: float | None = None
    fps_median: float | None = None
    detected_ratio: float | None = None
    n_reps: int | None = None
    flags: tuple[str, ...] = ()
    is_synthetic: bool | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    error: Mapping[str, str] | None = None

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON-ready values."""
        return dataclasses.asdict(self)


@dataclass(frozen=True, slots=True)
class IngestJob:
    """One file to bring in."""

    path: Path
    dataset_folder: Path
    tags: ClipTags
    is_upload: bool = False
    """Uploaded files are moved into the dataset; files named on a command line stay in place."""


def failure(path: Path, error: LabelerError | OSError) -> IngestResult:
    """The result of a file that could not be brought in."""
    if isinstance(error, LabelerError):
        return failure_of(path, error.message, hint=error.hint)
    message = f"{path.name}: expected to read it, got: {error.strerror or error}."
    return failure_of(path, message, hint="Check the path and its permissions.")


def failure_of(path: Path, message: str, *, hint: str = "") -> IngestResult:
    """The result of a file that could not be brought in, in words."""
    error = {"message": message, "hint": hint}
    return IngestResult(path=str(path), status=Status.FAILED, error=error)


def videos_among(paths: Sequence[Path]) -> Iterator[Path | IngestResult]:
    """The files that were named, and those in the folders that were; failures in their place."""
    for path in paths:
        try:
            found = _videos_in(path) if path.is_dir() else [path]
        except (LabelerError, OSError) as error:
            yield failure(path, error)
        else:
            yield from found


def _videos_in(folder: Path) -> list[Path]:
    from labeler.video.probe import list_videos  # brings PyAV

    if found := list_videos(folder):
        return found
    raise VideoError(
        f"{folder}: expected videos in this folder, got none.",
        hint="Name the folder that holds them, or the files themselves.",
    )


def clip_id_of(path: Path) -> ClipId:
    """SHA-256 of the file's bytes."""
    _require_file(path)
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(HASH_CHUNK_BYTES):
            digest.update(chunk)
    return ClipId(digest.hexdigest())


def _require_file(path: Path) -> None:
    """Refuse what is not there, and what never ends, such as a pipe or a camera device."""
    if path.is_file():
        return
    got = "something else there" if path.exists() else "nothing there"
    raise VideoError(
        f"{path}: expected a video file, got {got}.",
        hint="Check the path for a typing mistake.",
    )


def ingest(job: IngestJob, on_progress: Progress) -> IngestResult:
    """Bring one file in: decode once, find the person, cut the repetitions, store it all.

    Every failure that belongs to the file is an answer, not an exception. Nothing is left behind
    by a failed or interrupted file.
    """
    try:
        with Dataset.open(job.dataset_folder) as dataset:
            return ingest_or_raise(job, dataset, on_progress)
    except (LabelerError, OSError) as error:
        return failure(job.path, error)


def ingest_or_raise(job: IngestJob, dataset: Dataset, on_progress: Progress) -> IngestResult:
    """Bring one file in, as `ingest` does; what is wrong with the file is raised."""
    started_s = time.perf_counter()
    clip_id = clip_id_of(job.path)
    hash_s = time.perf_counter() - started_s
    known = dataset.clips.find(clip_id)
    if known is not None and _has_files(dataset, known):
        return _result(job, Status.ALREADY, known, len(dataset.journal.reps(clip_id)))
    return _ingest_new(job, dataset, clip_id, on_progress=on_progress, hash_s=hash_s)


def _ingest_new(
    job: IngestJob, dataset: Dataset, clip_id: ClipId, *, on_progress: Progress, hash_s: float
) -> IngestResult:
    """Extract into a folder of its own, move it into place, then make it known: in this order."""
    from labeler.workflows.extracting import extract  # brings MediaPipe and PyAV

    folder = dataset.media.new_folder()
    try:
        extraction = extract(
            job.path, folder, on_progress=lambda done, total: on_progress(job.path, done, total)
        )
        stored_s = time.perf_counter()
        status, clip = _store(job, dataset, clip_id, extraction=extraction, folder=folder)
    finally:
        dataset.media.discard(folder)
    seconds = {"hash": hash_s, **extraction.seconds, "store": time.perf_counter() - stored_s}
    if job.is_upload:
        dataset.media.keep_source(job.path, clip_id)
    n_reps = len(dataset.journal.reps(clip_id))
    return dataclasses.replace(_result(job, status, clip, n_reps), seconds=seconds)


def _store(
    job: IngestJob, dataset: Dataset, clip_id: ClipId, *, extraction: "Extraction", folder: Path
) -> tuple[Status, Clip]:
    """Write everything about a clip; it becomes known last, together with its repetitions.

    A clip that is known gets what it lacks, because it came in without its video, lost a file, or
    was measured before outlines were; it keeps everything else. One that another process has
    brought in meanwhile stays as that process left it.
    """
    if (known := dataset.clips.find(clip_id)) is not None:
        if _has_files(dataset, known):
            return Status.ALREADY, known
        if not _is_posed(dataset, clip_id):
            dataset.tracks.save(clip_id, extraction.track)
        dataset.media.adopt(folder, clip_id)
        dataset.clips.set_video_present(clip_id, source_path=_source_path(job))
        return Status.INGESTED, known
    cutting = cut_track(extraction.track, job.tags)
    dataset.tracks.save(clip_id, extraction.track)
    dataset.media.adopt(folder, clip_id)
    clip = _clip(job, clip_id, extraction, more=cutting.findings)
    cut = machine_cut(dataset, clip_id, cutting.reps)
    is_first = dataset.clips.add(clip, extraction.times, cut=cut)
    return Status.INGESTED if is_first else Status.ALREADY, dataset.clips.get(clip_id)


def _has_files(dataset: Dataset, clip: Clip) -> bool:
    """Whether everything that lies beside the database is there for a clip."""
    is_whole = clip.is_video_present and dataset.media.is_whole(clip.clip_id)
    return is_whole and _is_posed(dataset, clip.clip_id)


def _is_posed(dataset: Dataset, clip_id: ClipId) -> bool:
    """Whether a clip has all that is measured in its frames.

    A track that our own network made before it measured the outline of the trunk lacks that; one
    of another tool stays as it came.
    """
    from labeler.pose.bundle import MODEL_NAME

    if not dataset.tracks.path(clip_id).is_file():
        return False
    made_by = dataset.tracks.made_by(clip_id)
    return made_by.get("model") != MODEL_NAME or "outline" in made_by


def _clip(
    job: IngestJob, clip_id: ClipId, extraction: "Extraction", *, more: tuple[Finding, ...]
) -> Clip:
    times = extraction.times
    return Clip(
        clip_id=clip_id,
        file_name=job.path.name,
        tags=tidied(job.tags),
        width_px=extraction.facts.width_px,
        height_px=extraction.facts.height_px,
        n_frames=times.n_frames,
        duration_s=times.duration_s,
        fps_median=times.fps_median,
        fps_jitter_ratio=times.fps_jitter_ratio,
        start_offset_s=times.start_offset_s,
        rotation_deg=extraction.facts.rotation_deg,
        detected_ratio=extraction.detected_ratio,
        source_path=_source_path(job),
        ingested_at=utc_now(),
        findings=(*extraction.findings, *more),
        is_synthetic=extraction.facts.is_synthetic,
    )


def _source_path(job: IngestJob) -> str | None:
    """Where the original lies; None when it is kept inside the dataset."""
    return None if job.is_upload else str(job.path.resolve())


@dataclass(frozen=True, slots=True)
class Cutting:
    """The repetitions of a clip, and what its signals and the search for them found."""

    reps: tuple[Rep, ...]
    findings: tuple[Finding, ...]


def cut_track(track: PoseTrack, tags: ClipTags) -> Cutting:
    """Cut a track into repetitions as its movement asks."""
    from labeler.reps.segment import find_reps  # brings SciPy

    signals = signals_from(track, tags)
    search = find_reps(signals, movement_of(tags))
    return Cutting(search.reps, (*signals.findings, *search.findings))


def utc_now(*, hours_ago: float = 0.0) -> str:
    """The time now, or so long ago, as the journal writes it: ISO 8601, milliseconds, ``Z``."""
    then = datetime.now(UTC) - timedelta(hours=hours_ago)
    return then.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def machine_cut(dataset: Dataset, clip_id: ClipId, reps: Sequence[Rep]) -> Action:
    """The machine's cut of a clip as an action; it takes out what the machine cut before.

    The id counts the cuts of the clip, so that a cut interrupted on its way is not made twice. The
    client tells which version of the search it was.
    """
    from labeler.reps.segment import REPS_VERSION  # brings SciPy

    n_cuts = sum(a.kind is ActionKind.CUT for a in dataset.journal.actions(clip_id))
    first = dataset.journal.next_rep_number(clip_id)
    removed = [RepFact(record.rep_id, None) for record in dataset.journal.reps(clip_id)]
    to_file = 1.0 / dataset.clips.time_scale(clip_id)
    added = [
        RepFact(dataset.journal.rep_id(clip_id, first + number), rep.scaled(to_file))
        for number, rep in enumerate(reps)
    ]
    return Action(
        action_id=ActionId(f"{MACHINE}-{clip_id[:12]}:{n_cuts + 1}"),
        kind=ActionKind.CUT,
        clip_id=clip_id,
        author=MACHINE,
        at_utc=utc_now(),
        client=f"{MACHINE} {REPS_VERSION}",
        reps=(*removed, *added),
    )


def retag(dataset: Dataset, clip: Clip, tags: ClipTags) -> Clip:
    """Change what is told about a clip; cut it again where no person has touched its reps.

    Raises
    ------
    CatalogError
        If the movement is not in the catalogue.
    """
    movement_of(tags)
    tags = tidied(tags)
    is_same_cut = (tags.movement, tags.view) == (clip.tags.movement, clip.tags.view)
    dataset.clips.set_tags(clip.clip_id, tags)
    if not is_same_cut:
        cut_again(dataset, clip)
    return dataset.clips.get(clip.clip_id)


def cut_again(dataset: Dataset, before: Clip) -> None:
    """Replace the machine's cut, and what it had found in the clip as it was told `before`.

    A clip whose reps or answers a person has touched keeps its cut.
    """
    clip = dataset.clips.get(before.clip_id)
    actions = dataset.journal.actions(clip.clip_id)
    if any(action.author != MACHINE and action.rep_ids for action in actions):
        return
    times = dataset.clips.stored_times(clip.clip_id)
    old, new = (
        cut_track(dataset.tracks.load(one.clip_id, times.scaled(one.time_scale)), one.tags)
        for one in (before, clip)
    )
    found = (*old.findings, *new.findings)  # the new ones too, if a kill came before the cut
    about_video = [finding for finding in before.findings if finding not in found]
    dataset.clips.set_findings(clip.clip_id, (*about_video, *new.findings))
    dataset.journal.record(machine_cut(dataset, clip.clip_id, new.reps))  # last: it ends the work


def retag_all(
    dataset: Dataset, clips: Sequence[Clip], tags: ClipTags, *, keeps_untold: bool
) -> list[Clip]:
    """Tell the same about several clips.

    Parameters
    ----------
    keeps_untold : bool
        Whether a field that is None leaves what each clip has; otherwise it takes it back.
    """
    return [
        retag(dataset, clip, merged(clip.tags, tags) if keeps_untold else tags) for clip in clips
    ]


def tidied(tags: ClipTags) -> ClipTags:
    """`tags` with names written in one way; a name without a letter is not told."""
    athlete, session = (tidy_name(name or "") or None for name in (tags.athlete, tags.session))
    return dataclasses.replace(tags, athlete=athlete, session=session)


def merged(old: ClipTags, new: ClipTags) -> ClipTags:
    """`new` where it tells something, `old` where it does not."""
    told = {name: value for name, value in dataclasses.asdict(tidied(new)).items() if value}
    return dataclasses.replace(old, **told)


def _result(job: IngestJob, status: Status, clip: Clip, n_reps: int) -> IngestResult:
    return IngestResult(
        path=str(job.path),
        status=status,
        clip=clip.clip_id,
        n_frames=clip.n_frames,
        duration_s=clip.duration_s,
        fps_median=clip.fps_median,
        detected_ratio=clip.detected_ratio,
        n_reps=n_reps,
        flags=tuple(finding.code for finding in clip.findings),
        is_synthetic=clip.is_synthetic,
    )
