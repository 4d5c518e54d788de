"""The demo without pictures: its sets as the pose network would ideally see them, at once."""

import hashlib

import numpy as np

from labeler.core.clip import Clip, ClipId, View
from labeler.store.dataset import Dataset
from labeler.synthetic.camera import draw_camera, frame_times
from labeler.synthetic.motion import perform
from labeler.synthetic.noise import NoiseSpec, track
from labeler.workflows.demo.contents import DemoWish
from labeler.workflows.demo.filming import FPS, RENDER, SIZE_PX, FilmJob
from labeler.workflows.demo.making import DemoOutcome, Listener, make_demo
from labeler.workflows.importing import IngestResult, Status, cut_track, machine_cut

TINY = DemoWish(n_athletes=2, n_reps=4, movements=("hinge",))
SMALL = DemoWish(n_athletes=4, n_reps=8)

DEAF = Listener(lambda _words: None, lambda _done, _total: None)


def film_landmarks(job: FilmJob, on_progress) -> IngestResult:
    """Put a set into the dataset as exact landmarks, without a video."""
    planned = job.clip
    performance = perform(planned.plan)
    camera = draw_camera(View.SIDE, SIZE_PX, np.random.default_rng(planned.seed))
    times = frame_times(performance.duration_s, FPS)
    made = track(performance, camera, times, NoiseSpec.light(), planned.seed)
    clip = Clip(
        clip_id=ClipId(hashlib.sha256(planned.name.encode()).hexdigest()),
        file_name=planned.name,
        tags=planned.tags,
        width_px=SIZE_PX[0],
        height_px=SIZE_PX[1],
        n_frames=times.n_frames,
        duration_s=times.duration_s,
        fps_median=FPS,
        fps_jitter_ratio=0.0,
        start_offset_s=0.0,
        rotation_deg=0,
        detected_ratio=1.0,
        source_path=None,
        ingested_at="2026-01-02T03:04:05.678Z",
        is_video_present=False,
        is_synthetic=True,
    )
    with Dataset.open(job.dataset_folder) as dataset:
        dataset.tracks.save(clip.clip_id, made)
        cut = machine_cut(dataset, clip.clip_id, cut_track(made, planned.tags).reps)
        dataset.clips.add(clip, times, cut=cut)
    on_progress(job.path, job.n_steps, job.n_steps)
    return IngestResult(
        planned.name, Status.INGESTED, clip.clip_id, seconds={"total": 1.0, RENDER: 2.0}
    )


def made_demo(folder, wish=TINY, **more) -> DemoOutcome:
    """The demo in a folder, from landmarks."""
    told = {"n_jobs": 1, "listener": DEAF, "film_one": film_landmarks}
    return make_demo(folder, wish, **{**told, **more})
