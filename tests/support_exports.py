"""A small dataset with everything odd in it: two clips, gaps in the pose, all kinds of answers."""

import math

import numpy as np
import pandas as pd

from labeler.core.clip import Clip, ClipId, ClipTags, FrameTimes, View
from labeler.core.contour import N_SIDES, N_STATIONS, TrunkContour
from labeler.core.finding import Finding, Level
from labeler.core.label import (
    MACHINE,
    Action,
    ActionId,
    ActionKind,
    Answer,
    FaultId,
    Label,
    LabelFact,
    RepFact,
)
from labeler.core.landmarks import N_LANDMARKS
from labeler.core.rep import Rep, RepQuality, RepRecord, make_rep_id
from labeler.core.track import PoseTrack
from labeler.exchange.tables import ExportTables

FIRST, SECOND = ClipId("a1" * 32), ClipId("b2" * 32)
PTS_S = np.array([0.0, 0.03337, 0.1, 1 / 3, 0.7000000000000001])
ROUNDING, DIP = FaultId("back_rounding"), FaultId("torso_dip_first")


def clip(clip_id: ClipId, tags: ClipTags, *, file_name: str = "clip.mp4") -> Clip:
    times = FrameTimes(PTS_S, 0.125)
    return Clip(
        clip_id=clip_id,
        file_name=file_name,
        tags=tags,
        width_px=360,
        height_px=640,
        n_frames=times.n_frames,
        duration_s=times.duration_s,
        fps_median=times.fps_median,
        fps_jitter_ratio=times.fps_jitter_ratio,
        start_offset_s=0.125,
        rotation_deg=90,
        detected_ratio=0.8,
        source_path="/somewhere/on/this/machine.mp4",
        ingested_at="2026-01-02T03:04:05.678Z",
        findings=(Finding("two_people", 'Two people, "one" chosen', Level.INFO, "Look."),),
    )


def track(seed: int) -> PoseTrack:
    """Numbers that look like any and are the same everywhere; the second frame has no person."""
    n_values = PTS_S.size * N_LANDMARKS * 6
    scrambled = (np.arange(n_values) * 7919 + seed) % 10007 / 10007
    values = scrambled.reshape(PTS_S.size, N_LANDMARKS, 6).astype(np.float32).astype(np.float64)
    values[1] = math.nan
    return PoseTrack(
        times=FrameTimes(PTS_S, 0.125),
        xy_px=values[:, :, 0:2] * 512,
        visibility=values[:, :, 2],
        world_m=values[:, :, 3:6] * -2,
        size_px=(360, 640),
        made_by={"model": "full", "sha256": "0" * 64},
        contour=contour() if seed == 1 else None,
    )


def contour() -> TrunkContour:
    """As the track: any numbers, and none in the second frame."""
    shape = (PTS_S.size, N_SIDES, N_STATIONS)
    offset_px = (np.arange(math.prod(shape)) * 7919 % 10007 / 64).reshape(shape)
    area_px = 4000.25 + np.arange(PTS_S.size)
    offset_px[1], area_px[1] = math.nan, math.nan
    offset_px[3, 0, 4:9] = math.nan
    return TrunkContour(offset_px, area_px)


def rep(start_frame: int) -> Rep:
    stop_frame = start_frame + 2
    return Rep(
        start_frame,
        start_frame + 1,
        stop_frame,
        *(float(PTS_S[frame]) for frame in (start_frame, start_frame + 1, stop_frame)),
        quality=RepQuality.BAD,
        reasons=("pose lost for 0.5 s", "a, b"),
    )


def cut(clip_id: ClipId) -> Action:
    facts = (RepFact(make_rep_id(clip_id, 1), rep(0)), RepFact(make_rep_id(clip_id, 2), rep(2)))
    return Action(
        ActionId(f"cut-{clip_id[:4]}:1"),
        ActionKind.CUT,
        clip_id,
        MACHINE,
        "2026-01-02T03:04:06.000Z",
        MACHINE,
        reps=facts,
    )


def answers(rater: str, note: str | None, *, number: int = 1) -> Action:
    """One action: absent with a note, not visible with a confidence."""
    facts = (
        LabelFact(make_rep_id(FIRST, 1), ROUNDING, Answer.ABSENT, note=note),
        LabelFact(make_rep_id(FIRST, 2), ROUNDING, Answer.NOT_VISIBLE, confidence=0.1),
        LabelFact(make_rep_id(FIRST, 2), DIP, Answer.SEVERE, note=""),
    )
    return Action(
        ActionId(f"test-{number}:1"),
        ActionKind.ANSWER,
        FIRST,
        rater,
        "2026-01-02T03:05:00.001Z",
        "test",
        labels=facts,
    )


def export(
    *, athlete: str | None = "A01", rater: str = "Ann", note: str | None = "a note"
) -> ExportTables:
    """Two clips, four repetitions, three answers; the second clip's athlete is not told."""
    clips = (
        clip(FIRST, ClipTags(athlete, "deadlift", View.SIDE, "S1")),
        clip(SECOND, ClipTags()),
    )
    actions = (cut(FIRST), cut(SECOND), answers(rater, note))
    reps = tuple(
        RepRecord(
            make_rep_id(each.clip_id, number), each.clip_id, number, rep(2 * number - 2), MACHINE
        )
        for each in clips
        for number in (1, 2)
    )
    labels = tuple(
        Label(
            fact.rep_id,
            fact.fault,
            rater,
            fact.answer,
            actions[2].at_utc,
            fact.confidence,
            fact.note,
        )
        for fact in actions[2].labels
        if fact.answer is not None
    )
    return ExportTables(
        clips=clips,
        tracks={FIRST: track(1), SECOND: track(2)},
        actions=actions,
        reps=reps,
        labels=labels,
        features=features(clips, reps),
        features_version="1",
    )


def features(clips: tuple[Clip, ...], reps: tuple[RepRecord, ...]) -> pd.DataFrame:
    tags = {each.clip_id: each.tags for each in clips}
    rows = {
        record.rep_id: {
            "clip_id": record.clip_id,
            "athlete": tags[record.clip_id].athlete,
            "view": tags[record.clip_id].view,
            "rep_index": record.index,
            "knee_angle_min_deg": 1 / 3 * record.index,
            "lag_t50_ms": math.nan,
        }
        for record in reps
    }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("rep_id")
    return table.astype({"clip_id": "str", "athlete": "str", "view": "str"})
