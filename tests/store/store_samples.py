"""One clip with three reps, and short ways to say things about them."""

import dataclasses
import math

import numpy as np

from labeler.core.clip import Clip, ClipId, ClipTags, FrameTimes, View
from labeler.core.finding import Finding, Level
from labeler.core.label import MACHINE, Action, ActionId, ActionKind, Answer, LabelFact, RepFact
from labeler.core.rep import Rep, make_rep_id

CLIP_ID = ClipId("0a1b2c3d4e5f" + 52 * "0")
N_FRAMES = 300
TIMES = FrameTimes(np.arange(N_FRAMES) / 29.97, start_offset_s=0.125)
CLIP = Clip(
    clip_id=CLIP_ID,
    file_name="squat été.mp4",
    tags=ClipTags("A01", "squat", View.SIDE),
    width_px=720,
    height_px=1280,
    n_frames=N_FRAMES,
    duration_s=TIMES.duration_s,
    fps_median=TIMES.fps_median,
    fps_jitter_ratio=0.0,
    start_offset_s=0.125,
    rotation_deg=90,
    detected_ratio=0.98,
    source_path="/videos/squat été.mp4",
    ingested_at="2026-01-02T03:04:05.678Z",
    findings=(Finding("two_people", "Two people in view.", Level.WARNING, "Film alone."),),
)
AT = "2026-01-02T03:04:06.000Z"
REP_IDS = tuple(make_rep_id(CLIP_ID, number) for number in (1, 2, 3))


def other_clip(digit: str = "f", **changes) -> tuple[Clip, FrameTimes]:
    """Another clip of one frame, where a rate is unknown."""
    clip = dataclasses.replace(
        CLIP,
        clip_id=ClipId(64 * digit),
        n_frames=1,
        fps_median=math.nan,
        tags=ClipTags(),
        findings=(),
        **({"file_name": "still.mp4"} | changes),
    )
    return clip, FrameTimes(np.zeros(1), clip.start_offset_s)


def rep_at(start: int, stop: int) -> Rep:
    """A rep of the clip with its own times."""
    frames = start, (start + stop) // 2, stop
    return Rep(*frames, *(TIMES.boundary_s(frame) for frame in frames), reasons=("dim",))


def act(name: str, kind=ActionKind.ANSWER, *, author="anna", clip_id=CLIP_ID, **facts) -> Action:
    """An action of a rater."""
    return Action(ActionId(name), kind, clip_id, author, AT, "test", **facts)


def said(name: str, answer, *, rep=1, fault="knee_valgus", author="anna") -> Action:
    """One answer, as text; None takes it back."""
    given = None if answer is None else Answer(answer)
    fact = LabelFact(make_rep_id(CLIP_ID, rep), fault, given)
    return act(name, author=author, labels=(fact,))


def moved(name: str, rep: int, edges, *, author="anna", kind=ActionKind.EDGES) -> Action:
    """One rep put somewhere; None takes it out."""
    where = None if edges is None else rep_at(*edges)
    return act(name, kind, author=author, reps=(RepFact(make_rep_id(CLIP_ID, rep), where),))


def first_cut() -> Action:
    """Three reps, as the machine cut them."""
    facts = tuple(RepFact(name, rep_at(50 * n, 50 * n + 40)) for n, name in enumerate(REP_IDS))
    return act("machine:1", ActionKind.CUT, author=MACHINE, reps=facts)
