"""A dataset of made-up clips for benchmarks of the workbench: any size, no videos needed."""

import hashlib
from collections.abc import Sequence

import numpy as np

from labeler.catalog import load_catalog
from labeler.core.clip import Clip, ClipId, ClipTags, FrameTimes, View
from labeler.core.label import (
    MACHINE,
    Action,
    ActionId,
    ActionKind,
    Answer,
    LabelFact,
    RepFact,
)
from labeler.core.rep import Rep, RepId, make_rep_id
from labeler.store.dataset import Dataset
from labeler.workflows.labeling import questions_of

FPS = 30.0
PERIOD_FRAMES = 60
"""From the start of one repetition to the start of the next."""

LENGTH_FRAMES = 44
"""How long a repetition is; what is left to the next one is room to move its edges."""

N_ATHLETES = 25
SEEN = 5
"""Of 256: how often a fault is seen."""

SIZE_PX = (1280, 720)
AT_UTC = "2026-01-02T03:04:05.678Z"


def fill(dataset: Dataset, *, n_clips: int, n_reps: int) -> list[Clip]:
    """Add clips with `n_reps` repetitions each, as the machine would have cut them."""
    clips = [_clip(number, n_reps) for number in range(n_clips)]
    times = FrameTimes(np.arange(n_reps * PERIOD_FRAMES) / FPS)
    for clip in clips:
        dataset.clips.add(clip, times, cut=_cut(clip.clip_id, n_reps))
    return clips


def answer(dataset: Dataset, clips: Sequence[Clip], rater: str) -> None:
    """Let a rater answer every fault of every repetition: absent, but for one in fifty."""
    actions = [
        _answers(clip, rep_id, f"{rater}-{clip.short_id}:{seq}", rater)
        for clip in clips
        for seq, rep_id in enumerate(rep_ids(clip), start=1)
    ]
    dataset.journal.record_many(actions)


def rep_ids(clip: Clip) -> Sequence[RepId]:
    """The names of a clip's repetitions, in the order of time."""
    n_reps = clip.n_frames // PERIOD_FRAMES
    return [_rep_id(clip.clip_id, number) for number in range(n_reps)]


def edges(index: int) -> tuple[int, int, int]:
    """First, turning and end frame of the repetition at a place from 0."""
    start = index * PERIOD_FRAMES
    return start, start + LENGTH_FRAMES // 2, start + LENGTH_FRAMES


def _clip(number: int, n_reps: int) -> Clip:
    name = f"set{number:05}.mp4"
    n_frames = n_reps * PERIOD_FRAMES
    return Clip(
        clip_id=ClipId(hashlib.sha256(name.encode()).hexdigest()),
        file_name=name,
        tags=ClipTags(f"A{number % N_ATHLETES:02}", "deadlift", View.SIDE),
        width_px=SIZE_PX[0],
        height_px=SIZE_PX[1],
        n_frames=n_frames,
        duration_s=n_frames / FPS,
        fps_median=FPS,
        fps_jitter_ratio=0.0,
        start_offset_s=0.0,
        rotation_deg=0,
        detected_ratio=1.0,
        source_path=None,
        ingested_at=AT_UTC,
        is_video_present=True,
    )


def _cut(clip_id: ClipId, n_reps: int) -> Action:
    facts = tuple(RepFact(_rep_id(clip_id, i), _rep(*edges(i))) for i in range(n_reps))
    action_id = ActionId(f"{MACHINE}-{clip_id}:1")
    return Action(action_id, ActionKind.CUT, clip_id, MACHINE, AT_UTC, MACHINE, reps=facts)


def _answers(clip: Clip, rep_id: RepId, name: str, rater: str) -> Action:
    digest = hashlib.sha256(name.encode()).digest()
    facts = tuple(
        LabelFact(rep_id, asked.fault.id, Answer.CLEAR if digest[place] < SEEN else Answer.ABSENT)
        for place, asked in enumerate(questions_of(clip, load_catalog()))
    )
    kind = ActionKind.ALL_CLEAR
    return Action(ActionId(name), kind, clip.clip_id, rater, AT_UTC, "app", labels=facts)


def _rep_id(clip_id: ClipId, index: int) -> RepId:
    return make_rep_id(clip_id, index + 1)


def _rep(start: int, turn: int, stop: int) -> Rep:
    return Rep(start, turn, stop, start / FPS, turn / FPS, stop / FPS)
