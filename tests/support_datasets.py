"""Small datasets of made-up athletes, for tests of workflows, commands and pages."""

import dataclasses
import hashlib
from pathlib import Path

from support_bodies import hinge, steady_times

from labeler.core.clip import Clip, ClipId, ClipTags, View
from labeler.reps.segment import find_reps
from labeler.store.dataset import Dataset
from labeler.workflows.deriving import movement_of, signals_from
from labeler.workflows.importing import machine_cut

TAGS = ClipTags("A01", "hinge", View.SIDE)
FPS = 30.0
DURATION_S = 14.0
N_REPS = 4


def add_hinges(
    dataset: Dataset,
    name: str = "one.mp4",
    *,
    tags: ClipTags = TAGS,
    lag_s: float = 0.0,
    has_video: bool = True,
    is_synthetic: bool = False,
) -> Clip:
    """Put a clip with four hip hinges into a dataset, cut by the machine; it has no video."""
    times = steady_times(DURATION_S, FPS)
    track = hinge(times, lag_s=lag_s, n_reps=N_REPS)
    clip = Clip(
        clip_id=ClipId(hashlib.sha256(name.encode()).hexdigest()),
        file_name=name,
        tags=tags,
        width_px=track.size_px[0],
        height_px=track.size_px[1],
        n_frames=times.n_frames,
        duration_s=times.duration_s,
        fps_median=FPS,
        fps_jitter_ratio=0.0,
        start_offset_s=0.0,
        rotation_deg=0,
        detected_ratio=1.0,
        source_path=f"/videos/{name}",
        ingested_at="2026-01-02T03:04:05.678Z",
        is_video_present=has_video,
        is_synthetic=is_synthetic,
    )
    reps = find_reps(signals_from(track, tags), movement_of(tags)).reps
    dataset.tracks.save(clip.clip_id, track)
    dataset.clips.add(clip, times, cut=machine_cut(dataset, clip.clip_id, reps))
    return clip


def with_video(dataset: Dataset, clip: Clip, picture: bytes = b"\xff\xd8\xff\xd9") -> Clip:
    """Give a clip media files (not playable), so that pages offer it."""
    folder = dataset.media.new_folder()
    (folder / "proxy.mp4").write_bytes(b"proxy")
    (folder / "thumb.jpg").write_bytes(picture)
    dataset.media.adopt(folder, clip.clip_id)
    return dataclasses.replace(clip, is_video_present=True)


def new_dataset(folder: Path) -> Dataset:
    """An empty dataset."""
    return Dataset.open(folder / "dataset")
