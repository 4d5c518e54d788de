"""The bytes that the workbench's browser asks for: video, picture, pose, times, and uploads."""

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np

from labeler.core.clip import ClipId, ClipTags, View
from labeler.core.contour import behind
from labeler.store.dataset import Dataset
from labeler.workflows.background import IngestQueue
from labeler.workflows.beside import Beside, BesideReader
from labeler.workflows.courses import CourseReader, packed


class Inbox(Protocol):
    """Where uploaded files wait, on disk, until they are ingested."""

    async def receive(self, name: str, chunks: AsyncIterator[bytes], *, told: str) -> Path:
        """Write the chunks to disk as they come; where the file is, once it is whole."""

    def waiting(self) -> list[tuple[Path, str]]:
        """Whole files that nobody has dropped yet, with what was told about each."""

    def drop(self, path: Path) -> None:
        """Remove what is left of a file."""


def as_text(tags: ClipTags) -> str:
    """Tags as text that can travel in a signed address and lie beside a file."""
    return json.dumps(dataclasses.asdict(tags))


def from_text(text: str) -> ClipTags:
    """Tags from `as_text`."""
    told = json.loads(text)
    return ClipTags(**{**told, "view": None if told["view"] is None else View(told["view"])})


class DatasetMedia:
    """A dataset as a source of media; what it has not got is a `StoreError`."""

    def __init__(self, dataset: Dataset, inbox: Inbox, ingests: IngestQueue) -> None:
        self._dataset = dataset
        self._inbox = inbox
        self._ingests = ingests
        self._courses = CourseReader(dataset)
        self._beside = BesideReader(dataset, self._courses)

    def video(self, clip_id: ClipId) -> Path:
        """The proxy that the browser plays."""
        return self._dataset.media.proxy(clip_id)

    def thumbnail(self, clip_id: ClipId) -> Path:
        """A JPEG of the athlete in the clip."""
        return self._dataset.media.thumb(clip_id)

    def pose(self, clip_id: ClipId) -> bytes:
        """float32 little-endian, (n_frames, 33, 3): x_px, y_px, visibility; NaN where missing."""
        return self._dataset.tracks.pose_bytes(clip_id)

    def back(self, clip_id: ClipId) -> bytes:
        """float32 little-endian, (n_frames, 26, 2): x_px, y_px of the back's outline.

        NaN where it was not seen; no bytes at all where the clip has no outline.
        """
        track = self._dataset.tracks.load(clip_id, self._dataset.clips.times(clip_id))
        if track.contour is None:
            return b""
        from labeler.signals.body import facing_sign  # brings SciPy
        from labeler.signals.clean import gate

        side = behind(facing_sign(gate(track)))
        points_px = track.contour.points_px(track.xy_px)[:, side]
        return points_px.astype(np.dtype("<f4")).tobytes()

    def pts(self, clip_id: ClipId) -> bytes:
        """float64 little-endian, (n_frames,): seconds since the first frame, as the file plays."""
        return self._dataset.clips.stored_times(clip_id).pts_s.astype(np.dtype("<f8")).tobytes()

    def courses(self, clip_id: ClipId, rater: str) -> bytes:
        """Courses of hips and torso through each repetition, as `packed` lays them out."""
        return packed(self._courses.read(clip_id, rater))

    def beside(self, clip_id: ClipId, rater: str) -> list[Beside]:
        """What there is to see beside each repetition."""
        return self._beside.read(clip_id, rater)

    async def receive_upload(self, name: str, chunks: AsyncIterator[bytes], *, told: str) -> None:
        """Stream a file to disk and queue it, whatever page is in front by then."""
        path = await self._inbox.receive(name, chunks, told=told)
        await asyncio.to_thread(self._queue, path, told)

    def resume(self) -> None:
        """Queue the files that a server before this one received and did not get to."""
        for path, told in self._inbox.waiting():
            self._queue(path, told)

    def _queue(self, path: Path, told: str) -> None:
        drop = partial(self._inbox.drop, path)
        self._ingests.submit(path, from_text(told), on_done=drop)
