"""An extraction that needs no video: four hip hinges of a made-up athlete."""

from pathlib import Path

from support_bodies import hinge, steady_times
from support_datasets import DURATION_S, FPS, N_REPS

from labeler.core.finding import Finding
from labeler.video.probe import VideoFacts
from labeler.workflows.extracting import Extraction

FLAG = Finding("two_people", "Two people are in view.")


def extract_hinges(path: Path, folder: Path, *, on_progress) -> Extraction:
    """As `labeler.workflows.extracting.extract`, whatever the file holds."""
    times = steady_times(DURATION_S, FPS)
    track = hinge(times, n_reps=N_REPS)
    facts = VideoFacts(
        width_px=track.size_px[0],
        height_px=track.size_px[1],
        rotation_deg=0,
        codec="h264",
        n_frames_declared=times.n_frames,
        duration_s=times.duration_s,
    )
    on_progress(times.n_frames, times.n_frames)
    (folder / "proxy.mp4").write_bytes(b"proxy")
    (folder / "thumb.jpg").write_bytes(b"thumb")
    return Extraction(times, track, facts, 0.97, (FLAG,), {"total": 0.1})
