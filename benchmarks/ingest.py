"""How fast clips come in, against the barest loop that finds poses in the same clips.

``python benchmarks/ingest.py [--json] [--rounds N] [CLIP...]``. The bare loop is
``cv2.VideoCapture`` and ``detect_for_video`` on every frame, one clip after the other, and keeps
nothing. Ours decodes, writes the player's copy, finds the athlete, cuts the repetitions and stores
it all in a fresh dataset. Both take turns on every clip, so that a busy moment of the machine hits
both; several jobs are then measured over all clips at once, start of the processes included. The
bare loop asks for no masks; ours does, for the outline of the back.

``--outline`` measures instead what that outline costs: every clip goes through extraction (decode,
player's copy, pose, thumbnail) without and with it in turn, in seconds of processor time, which a
busy machine disturbs least.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import mediapipe as mp
from mediapipe.tasks.python import BaseOptions, vision

from labeler.core.clip import ClipTags
from labeler.pose.bundle import resolve_bundle
from labeler.pose.mediapipe_pose import MediaPipePose
from labeler.pose.quiet import native_stderr_silenced
from labeler.workflows.batch import ingest_many
from labeler.workflows.extracting import extract

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
CLIPS = (
    "deadlift_correct_side.mp4",
    "deadlift_correct_45.mp4",
    "deadlift_rounded_back_side.mp4",
    "deadlift_rounded_back_45.mp4",
)
N_JOBS = 2
MS_PER_S = 1000


@dataclass(frozen=True)
class Timing:
    """Frames done and the time that they took."""

    n_frames: int
    seconds: float

    @property
    def fps(self) -> float:
        """Frames per second."""
        return self.n_frames / self.seconds


def bare(clip: Path) -> Timing:
    """OpenCV and MediaPipe alone; the network is made before the clock starts."""
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(resolve_bundle().path)),
        running_mode=vision.RunningMode.VIDEO,
    )
    with native_stderr_silenced():
        landmarker = vision.PoseLandmarker.create_from_options(options)
    started_s, n_frames = time.perf_counter(), 0
    capture = cv2.VideoCapture(str(clip))
    fps = capture.get(cv2.CAP_PROP_FPS)
    while (grabbed := capture.read())[0]:
        rgb = cv2.cvtColor(grabbed[1], cv2.COLOR_BGR2RGB)
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)
        landmarker.detect_for_video(image, round(n_frames / fps * MS_PER_S))
        n_frames += 1
    timing = Timing(n_frames, time.perf_counter() - started_s)
    landmarker.close()
    return timing


def ours(clips: Sequence[Path], n_jobs: int) -> Timing:
    """Everything that ingesting does, into a dataset made for it."""
    with tempfile.TemporaryDirectory() as folder:
        started_s = time.perf_counter()
        results = list(
            ingest_many(
                clips,
                dataset_folder=Path(folder) / "dataset",
                tags=ClipTags(athlete="A01", movement="deadlift"),
                n_jobs=n_jobs,
                on_progress=lambda _path, _done, _total: None,
                tell=lambda line: print(line, file=sys.stderr),
            )
        )
        seconds = time.perf_counter() - started_s
    for result in results:
        if result.n_frames is None:
            sys.exit(f"{result.path}: {result.error}")
    return Timing(sum(result.n_frames or 0 for result in results), seconds)


def cpu_s(clip: Path, *, has_outline: bool) -> Timing:
    """Processor time of one extraction, all of its threads."""

    def estimator(n_people: int) -> MediaPipePose:
        return MediaPipePose(resolve_bundle(), n_people=n_people, has_outline=has_outline)

    with tempfile.TemporaryDirectory() as folder:
        started_s = time.process_time()
        found = extract(clip, Path(folder), make_estimator=estimator)
        return Timing(found.times.n_frames, time.process_time() - started_s)


def outline_cost(clips: Sequence[Path], n_rounds: int) -> dict[str, float | int]:
    """How much more processor time extraction takes with the outline; a row per clip and round."""
    print(f"{'clip':38} {'frames':>7} {'ms without':>11} {'ms with':>9} {'ratio':>6}")
    ratios: dict[str, list[float]] = {clip.name: [] for clip in clips}
    for _ in range(n_rounds):
        for clip in clips:
            without, outlined = (cpu_s(clip, has_outline=one) for one in (False, True))
            ratios[clip.name].append(without.fps / outlined.fps)
            ms = (MS_PER_S / without.fps, MS_PER_S / outlined.fps)
            row = f"{without.n_frames:7} {ms[0]:11.2f} {ms[1]:9.2f} {ratios[clip.name][-1]:6.2f}"
            print(f"{clip.name:38} {row}", flush=True)
    return {name: round(statistics.median(found), 3) for name, found in ratios.items()}


def clips_to_use(named: Sequence[str]) -> list[Path]:
    """The clips named, or the default ones of the local test data."""
    folder = Path(os.environ.get("LABELER_TEST_DATA", DATA)) / "videos"
    clips = [Path(name) for name in named] or [folder / name for name in CLIPS]
    if missing := [clip for clip in clips if not clip.is_file()]:
        sys.exit(
            f"No clip at {missing[0]}. Name clips to measure on, or set LABELER_TEST_DATA to the "
            "folder that holds videos/."
        )
    return clips


def total(timings: Sequence[Timing]) -> Timing:
    """All of them, one after the other."""
    return Timing(sum(t.n_frames for t in timings), sum(t.seconds for t in timings))


def print_row(name: str, loop: Timing, job: Timing) -> None:
    """One line of the table."""
    speeds = f"{loop.n_frames:7} {loop.fps:9.1f} {job.fps:9.1f} {job.fps / loop.fps:6.2f}"
    print(f"{name:38} {speeds}", flush=True)


def measure(clips: Sequence[Path], n_rounds: int) -> dict[str, float | int]:
    """Measure, print a table, and give the summary."""
    print(f"{'clip':38} {'frames':>7} {'bare fps':>9} {'ours fps':>9} {'ratio':>6}")
    ratios, ratios_jobs2 = [], []
    for _ in range(n_rounds):
        pairs = []
        for clip in clips:
            pairs.append((bare(clip), ours([clip], 1)))
            print_row(clip.name, *pairs[-1])
        loop, job = total([pair[0] for pair in pairs]), total([pair[1] for pair in pairs])
        jobs = ours(clips, N_JOBS)
        ratios.append(job.fps / loop.fps)
        ratios_jobs2.append(jobs.fps / loop.fps)
        for name, timing in (("all, one job", job), (f"all, {N_JOBS} jobs", jobs)):
            row = (
                f"{loop.n_frames:7} {loop.fps:9.1f} {timing.fps:9.1f} {timing.fps / loop.fps:6.2f}"
            )
            print(f"{name:38} {row}", flush=True)
    return {
        "ratio": round(statistics.median(ratios), 3),
        "ratio_jobs2": round(statistics.median(ratios_jobs2), 3),
        "bare_fps": round(loop.fps, 1),
        "n_frames": loop.n_frames,
        "n_clips": len(clips),
        "n_rounds": n_rounds,
        "n_cores": os.cpu_count() or 0,
    }


def main() -> None:
    """Measure and print; a JSON line if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", nargs="*", help="videos to measure on")
    parser.add_argument("--rounds", type=int, default=1, help="how often to repeat it all")
    parser.add_argument("--outline", action="store_true", help="what the outline of the back costs")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    asked = parser.parse_args()
    ask = outline_cost if asked.outline else measure
    summary = ask(clips_to_use(asked.clips), asked.rounds)
    print(f"all: {summary}")
    if asked.json:
        print(json.dumps(summary))


if __name__ == "__main__":
    main()
