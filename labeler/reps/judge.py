"""A last look at each candidate: whether it is a repetition, and its pose can be trusted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from labeler.catalog.spec import Movement, RepKind
from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.rep import Rep, RepQuality
from labeler.reps.candidate import Candidate
from labeler.reps.setup import words_before_or_after, words_of_turns
from labeler.signals.clean import runs
from labeler.signals.gaps import MAX_GAP_S
from labeler.signals.robust import median
from labeler.signals.series import ClipSignals

MIN_ROM_RATIO = 0.35
"""A rep that goes less far than this share of the median rep is a twitch."""

DURATION_RATIOS = (0.3, 3.0)
"""Shorter or longer than these shares of the median rep, it is something else."""

DOUBTFUL_RATIO = 1.7
"""Longer than this share of the median rep (half of the way to 3), something else may be in it."""

MAX_INVALID_RATIO = 0.25
"""With more frames than this unseen, nobody can tell what happened."""

MIN_RETURN_RATIO = 0.5
"""Who comes back less than this share of the way before the clip ends has put the load down."""

CUT_OFF_RATIO = 0.25
"""A rep that the clip's edge meets further than this from rest is cut off."""

MIN_CHANNEL_RATIO = 0.25
"""A channel that moves less than this share of the one that moves most says little of the way."""

MAX_TRUNK_DEG = 135.0
"""A trunk further over than this is upside down: the pose is nonsense there."""

SEEN_BY = {"leg_bend_deg": "thigh_incl_deg"}
"""What stands for a signal when it is asked whether the body is seen: a hidden shin hides the bend
of the leg, and no repetition."""

GENERIC_SIGNALS = ("hip_angle_deg", "trunk_incl_deg")
"""What must be seen in a movement that was not told."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A candidate that is no rep, and why, in words."""

    rep: Rep
    reason: str


@dataclass(frozen=True, slots=True)
class _Look:
    """What decides about one candidate."""

    rom_ratio: float  # of the usual candidate
    duration_ratio: float
    unseen_ratio: float
    lost_s: float
    bent_at_start: float  # share of the way from rest; 0 for all but the clip's first rep
    bent_at_end: float  # the same at the end of the clip's last rep; 0 for all others
    set_up: str | None  # why it belongs before or after the set


def judged(
    candidates: Sequence[Candidate], signals: ClipSignals, is_seen: BoolArray, *, kind: RepKind
) -> tuple[tuple[Rep, ...], tuple[Rejected, ...]]:
    """Reps with their quality, and candidates turned down.

    Parameters
    ----------
    candidates : Sequence[Candidate]
        In time.
    signals : ClipSignals
        They were cut from.
    is_seen : BoolArray
        Shape (n_frames,): frames in which what the cut went by is known, as from `frames_seen`.
    kind : RepKind
        Cyclic ones come back to where they began; holds are not compared with each other.
    """
    reps, rejected = [], []
    for one, look in zip(candidates, _looks(candidates, signals, is_seen, kind), strict=True):
        if reason := one.why_not or _why_not(look):
            rejected.append(Rejected(one.rep, reason))
        else:
            reps.append(_with_quality(one.rep, look))
    return tuple(reps), tuple(rejected)


def judged_anew(rep: Rep, signals: ClipSignals, movement: Movement | None) -> Rep:
    """A rep that a person has cut, with the quality of the pose inside its edges now."""
    inside = slice(rep.start_frame, rep.stop_frame)
    is_lost = ~frames_seen(signals, movement)[inside]
    lost_s = _longest_s(is_lost, signals.times.pts_s[inside])
    if lost_s > MAX_GAP_S:
        return replace(rep, quality=RepQuality.BAD, reasons=(_lost_words(lost_s),))
    return replace(rep, quality=RepQuality.GOOD, reasons=())


def frames_seen(signals: ClipSignals, movement: Movement | None) -> BoolArray:
    """Frames in which the signals that lead the movement are known, and the body is not upended.

    From a view that never shows those signals, frames in which the body is seen at all.
    """
    names: tuple[str, ...] = GENERIC_SIGNALS
    if movement is not None and {movement.hip_signal, movement.torso_signal} <= set(signals.values):
        names = tuple(SEEN_BY.get(one, one) for one in (movement.hip_signal, movement.torso_signal))
    is_known = np.all([np.isfinite(signals[name]) for name in names], axis=0)
    if not is_known.any():
        is_known = np.isfinite(signals.visibility)
    is_upended = np.abs(signals["trunk_incl_deg"]) > MAX_TRUNK_DEG  # False where not known
    return np.asarray(is_known & ~is_upended)


def _looks(
    candidates: Sequence[Candidate], signals: ClipSignals, is_seen: BoolArray, kind: RepKind
) -> Iterator[_Look]:
    """Each candidate compared with the usual one."""
    set_up = _set_up(candidates, kind)
    of_set = [one for one, words in zip(candidates, set_up, strict=True) if words is None]
    usual = [one for one in of_set if one.is_clear] or of_set
    usual_s = median(np.array([one.rep.duration_s for one in usual]))
    for one, words in zip(candidates, set_up, strict=True):
        rep, from_rest = one.rep, (one.bend - one.bend.min()) / (np.ptp(one.bend) or 1.0)
        is_inside = is_seen[rep.start_frame : rep.stop_frame]
        is_first = kind is RepKind.CYCLIC and one is candidates[0]
        is_last = kind is RepKind.CYCLIC and one is candidates[-1]
        yield _Look(
            rom_ratio=1.0 if kind is RepKind.HOLD else _share_of_way(one, usual),
            duration_ratio=1.0 if kind is RepKind.HOLD else rep.duration_s / usual_s,
            unseen_ratio=1.0 - float(is_inside.mean()),
            lost_s=_longest_s(~is_inside, signals.times.pts_s[rep.start_frame : rep.stop_frame]),
            bent_at_start=float(from_rest[0]) if is_first else 0.0,
            bent_at_end=float(from_rest[-1]) if is_last else 0.0,
            set_up=words,
        )


def _set_up(candidates: Sequence[Candidate], kind: RepKind) -> list[str | None]:
    """Why each belongs before or after the set; turns to the left and to the right are unlike."""
    if kind is RepKind.HOLD:
        return [None] * len(candidates)
    return (
        words_of_turns(candidates)
        if kind is RepKind.ALTERNATING
        else words_before_or_after(candidates)
    )


def _share_of_way(one: Candidate, usual: Sequence[Candidate]) -> float:
    """How far a candidate goes, as a share of the usual one: median over the channels that move.

    One number for all channels together would turn down a squat with the trunk leaned back, whose
    channels cancel out; and a walk, which bends the knees alone, would pass for a shallow squat.
    """
    usual_way = np.median([other.ways for other in usual], axis=0)
    moves = usual_way >= MIN_CHANNEL_RATIO * usual_way.max()
    if not usual_way.max():
        return 1.0
    return float(np.median(one.ways[moves] / usual_way[moves]))


def _longest_s(is_lost: BoolArray, times_s: FloatArray) -> float:
    """Longest stretch, from its first to its last frame."""
    return max((float(np.ptp(times_s[run])) for run in runs(is_lost, times_s)), default=0.0)


def _why_not(look: _Look) -> str | None:
    """Why a candidate is no rep; None when it is one."""
    if 1.0 - look.bent_at_end < MIN_RETURN_RATIO:
        return f"the clip ends with {1.0 - look.bent_at_end:.0%} of the way back done"
    if look.set_up is not None:
        return look.set_up
    if look.rom_ratio < MIN_ROM_RATIO:
        return f"goes {look.rom_ratio:.0%} as far as the others"
    if not DURATION_RATIOS[0] <= look.duration_ratio <= DURATION_RATIOS[1]:
        return _duration_words(look)
    if look.unseen_ratio > MAX_INVALID_RATIO:
        return f"the body is not seen in {look.unseen_ratio:.0%} of it"
    return None


def _with_quality(rep: Rep, look: _Look) -> Rep:
    """Bad when the pose is lost inside for longer than a gap that can be filled."""
    is_lost = look.lost_s > MAX_GAP_S
    said = (
        (_duration_words(look), look.duration_ratio > DOUBTFUL_RATIO),
        ("it begins bent: no descent is seen", look.bent_at_start > CUT_OFF_RATIO),
        ("the clip ends inside this repetition", look.bent_at_end > CUT_OFF_RATIO),
        (_lost_words(look.lost_s), is_lost),
    )
    return replace(
        rep,
        quality=RepQuality.BAD if is_lost else RepQuality.GOOD,
        reasons=(*rep.reasons, *(words for words, is_so in said if is_so)),
    )


def _duration_words(look: _Look) -> str:
    return f"takes {look.duration_ratio:.1f} times as long as the others"


def _lost_words(lost_s: float) -> str:
    return f"the pose is lost for {lost_s:.1f} s"
