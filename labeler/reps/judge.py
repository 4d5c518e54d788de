"""A last look at each candidate: whether it is a repetition, and its pose can be trusted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from labeler.catalog.spec import Movement
from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.rep import Rep, RepQuality
from labeler.signals.clean import MAX_GAP_S, runs
from labeler.signals.robust import median
from labeler.signals.series import ClipSignals

MIN_ROM_RATIO = 0.35
"""A rep that goes less far than this share of the median rep is a twitch."""

DURATION_RATIOS = (0.3, 3.0)
"""Shorter or longer than these shares of the median rep, it is something else."""

MAX_INVALID_RATIO = 0.25
"""With more frames than this unseen, nobody can tell what happened."""

MIN_RETURN_RATIO = 0.5
"""Who comes back less than this share of the way before the clip ends has put the load down."""

CUT_OFF_RATIO = 0.25
"""A rep that the clip's edge meets further than this from rest is cut off."""

GENERIC_SIGNALS = ("hip_angle_deg", "trunk_incl_deg")
"""What must be seen in a movement that was not told."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A candidate that is no rep, and why, in words."""

    rep: Rep
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A rep as first cut, with the effort curve from its start to its end."""

    rep: Rep
    bend: FloatArray


@dataclass(frozen=True, slots=True)
class _Look:
    """What decides about one candidate."""

    rom_ratio: float  # of the median candidate
    duration_ratio: float
    unseen_ratio: float
    lost_s: float
    bent_at_start: float  # share of the way from rest; 0 for all but the clip's first rep
    bent_at_end: float  # the same where the clip ends; 0 for all others


def judged(
    candidates: list[Candidate], signals: ClipSignals, movement: Movement | None
) -> tuple[tuple[Rep, ...], tuple[Rejected, ...]]:
    """Reps with their quality, and candidates turned down."""
    reps, rejected = [], []
    for one, look in zip(candidates, _looks(candidates, signals, movement), strict=True):
        if reason := _why_not(look):
            rejected.append(Rejected(one.rep, reason))
        else:
            reps.append(_with_quality(one.rep, look))
    return tuple(reps), tuple(rejected)


def judged_anew(rep: Rep, signals: ClipSignals, movement: Movement | None) -> Rep:
    """A rep that a person has cut, with the quality of the pose inside its edges now."""
    inside = slice(rep.start_frame, rep.stop_frame)
    is_lost = ~_is_seen(signals, movement)[inside]
    lost_s = _longest_s(is_lost, signals.times.pts_s[inside])
    if lost_s > MAX_GAP_S:
        return replace(rep, quality=RepQuality.BAD, reasons=(_lost_words(lost_s),))
    return replace(rep, quality=RepQuality.GOOD, reasons=())


def _looks(
    candidates: list[Candidate], signals: ClipSignals, movement: Movement | None
) -> Iterator[_Look]:
    """Each candidate compared with the median one."""
    is_seen = _is_seen(signals, movement)
    usual_rom = median(np.array([np.ptp(one.bend) for one in candidates]))
    usual_s = median(np.array([one.rep.duration_s for one in candidates]))
    for one in candidates:
        rep, rom = one.rep, np.ptp(one.bend)
        is_inside = is_seen[rep.start_frame : rep.stop_frame]
        from_rest = (one.bend - one.bend.min()) / rom
        yield _Look(
            rom_ratio=float(rom / usual_rom),
            duration_ratio=rep.duration_s / usual_s,
            unseen_ratio=1.0 - float(is_inside.mean()),
            lost_s=_longest_s(~is_inside, signals.times.pts_s[rep.start_frame : rep.stop_frame]),
            bent_at_start=float(from_rest[0]) if one is candidates[0] else 0.0,
            bent_at_end=float(from_rest[-1]) if rep.stop_frame == signals.n_frames else 0.0,
        )


def _is_seen(signals: ClipSignals, movement: Movement | None) -> BoolArray:
    """Frames in which the signals that lead the movement are known."""
    names = GENERIC_SIGNALS
    if movement is not None and {movement.hip_signal, movement.torso_signal} <= set(signals.values):
        names = (movement.hip_signal, movement.torso_signal)
    return np.asarray(np.all([np.isfinite(signals[name]) for name in names], axis=0))


def _longest_s(is_lost: BoolArray, times_s: FloatArray) -> float:
    """Longest stretch, from its first to its last frame."""
    return max((float(np.ptp(times_s[run])) for run in runs(is_lost, times_s)), default=0.0)


def _why_not(look: _Look) -> str | None:
    """Why a candidate is no rep; None when it is one."""
    if look.rom_ratio < MIN_ROM_RATIO:
        return f"goes {look.rom_ratio:.0%} as far as the others"
    if not DURATION_RATIOS[0] <= look.duration_ratio <= DURATION_RATIOS[1]:
        return f"takes {look.duration_ratio:.1f} times as long as the others"
    if look.unseen_ratio > MAX_INVALID_RATIO:
        return f"the body is not seen in {look.unseen_ratio:.0%} of it"
    if 1.0 - look.bent_at_end < MIN_RETURN_RATIO:
        return f"the clip ends {1.0 - look.bent_at_end:.0%} of the way back"
    return None


def _with_quality(rep: Rep, look: _Look) -> Rep:
    """Bad when the pose is lost inside for longer than a gap that can be filled."""
    is_lost = look.lost_s > MAX_GAP_S
    said = (
        ("it begins bent: no descent is seen", look.bent_at_start > CUT_OFF_RATIO),
        ("the clip ends inside this repetition", look.bent_at_end > CUT_OFF_RATIO),
        (_lost_words(look.lost_s), is_lost),
    )
    return replace(
        rep,
        quality=RepQuality.BAD if is_lost else RepQuality.GOOD,
        reasons=tuple(words for words, is_so in said if is_so),
    )


def _lost_words(lost_s: float) -> str:
    return f"the pose is lost for {lost_s:.1f} s"
