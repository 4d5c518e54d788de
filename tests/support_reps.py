"""Hand-made signals with noise and view, repetitions between frames, and the clip around them."""

from dataclasses import replace

import numpy as np
from support_signals import made_signals

from labeler.core.clip import Clip, ClipId, ClipTags, FrameTimes, View
from labeler.core.rep import Rep, RepId, RepRecord
from labeler.signals.series import ClipSignals

CLIP_ID = ClipId("c" * 64)


def noisy_signals(
    times: FrameTimes, courses: dict[str, np.ndarray], *, noise: float = 0.0
) -> ClipSignals:
    """Signals whose courses are given; each of them claims the same noise."""
    return replace(made_signals(times, **courses), noise=dict.fromkeys(courses, noise))


def rep_between(times: FrameTimes, start_s: float, turn_s: float, stop_s: float) -> Rep:
    """A repetition at these moments, with the frames that are nearest."""
    start, turn, stop = (
        int(np.abs(times.pts_s - at_s).argmin()) for at_s in (start_s, turn_s, stop_s)
    )
    return Rep(start, turn, stop, start_s, turn_s, stop_s)


def records_of(reps: list[Rep]) -> list[RepRecord]:
    """The repetitions as a dataset knows them."""
    return [
        RepRecord(RepId(f"{CLIP_ID[:12]}-{n}"), CLIP_ID, n, rep, "machine")
        for n, rep in enumerate(reps, start=1)
    ]


def clip_of(movement: str | None, view: View | None) -> Clip:
    """A clip tagged so."""
    return Clip(
        clip_id=CLIP_ID,
        file_name="clip.mp4",
        tags=ClipTags(athlete="A01", movement=movement, view=view, session=None),
        width_px=1280,
        height_px=720,
        n_frames=1,
        duration_s=1.0,
        fps_median=30.0,
        fps_jitter_ratio=0.0,
        start_offset_s=0.0,
        rotation_deg=0,
        detected_ratio=1.0,
        source_path=None,
        ingested_at="2026-01-01T00:00:00.000Z",
    )
