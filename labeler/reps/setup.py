"""What comes before and after a set: fetching the load, walking in, tying a shoe.

Only what lies at the edge of a set can be such a thing, and only where the set itself says what a
repetition of it looks like. A repetition done badly in the middle stays a repetition; one at the
edge does too, unless hands, feet or the whole body do something else in it than in the others.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.rep import Rep
from labeler.reps.candidate import Candidate
from labeler.signals.robust import percentile
from labeler.signals.series import ClipSignals

MIN_ALIKE = 3
"""Fewer repetitions do not say what posture is usual."""

MIN_LIKENESS = np.sqrt(0.5)
"""Cosine between postures at the turn: beyond 45 degrees they are more unlike than like."""

MAX_DIFFERENCE_RATIO = 0.5
"""Half as much again or half as much: another movement, if a break lies between it and the set."""

MIN_BREAK_PERIODS = 1.0
"""A break of another period beyond the usual rest: a set does not begin or end within it."""

HANDS = "wrist_height_legs"
FEET = "feet_off_legs"

LOW_PERCENT = 10.0
"""Which percentile of the hands' height stands for its lowest: single frames may leap."""

MAX_FETCH_LEGS = 0.5
"""Hands below the knees, where a load on the floor is: the knee is half a leg up."""

MIN_FETCH_LOWER_LEGS = 0.2
"""And so much lower than in the set: a shin's half. Who leans over too far sinks less."""

MIN_OTHERS = 2
"""Of fewer others whose hands are seen nobody knows how low hands go in the set: of two repetitions
one may go deeper after a breath."""

READY_PERIODS = 0.5
"""Who fetches a load, or turns to where they begin, then stays for so much of a period longer than
between two repetitions; a first swing of a bell hiked from the floor goes straight on."""

MIN_READY_S = 1.0
"""And never for less: with one repetition beside it nobody knows the usual rest."""

MIN_WALK_LEGS = 0.25
"""Feet that travel further in the middle half of a candidate walk: about half a slow step."""

MAX_FIRST_TURN_RATIO = 0.75
"""Who turns to the side from the middle, to begin there, goes half of the usual way: less than
this share of it. A turn that is done badly may go no further, but has no break between it and the
next."""

FETCHES = "reaches down for a load, or puts it down, and stands before the set goes on"
WALKS = "walks: the feet travel"
GETS_READY = "turns to where the set begins, or back from where it ended"

Words = list[str | None]


def hands_legs(rep: Rep, signals: ClipSignals) -> float:
    """Lowest that a wrist comes about the turn, in leg lengths over the ankle; NaN where unseen."""
    return percentile(_about_turn(rep, signals[HANDS]), LOW_PERCENT)


def feet_legs(rep: Rep, signals: ClipSignals) -> float:
    """How far the feet travel about the turn, in leg lengths; NaN where unseen."""
    off = _about_turn(rep, signals[FEET])
    return percentile(off, 100.0) - percentile(off, 0.0)


def _about_turn(rep: Rep, values: FloatArray) -> FloatArray:
    """The half of a repetition about its turn, what is unseen left out.

    Not its edges: who walks away at once after the last repetition has still done it.
    """
    first, last = (rep.start_frame + rep.turn_frame) // 2, (rep.turn_frame + rep.stop_frame) // 2
    part = values[first : last + 1]
    return np.asarray(part[np.isfinite(part)])


def words_before_or_after(candidates: Sequence[Candidate]) -> Words:
    """Why each candidate belongs before or after the set; None where it does not.

    Parameters
    ----------
    candidates : Sequence[Candidate]
        In time. Feet tell with any number of repetitions beside, hands with two; the posture at the
        turn only where more than three stand out, for these say what is usual.
    """
    words = _by_limbs(candidates)
    left = [place for place, why in enumerate(words) if why is None]
    for place, why in zip(left, _by_posture([candidates[one] for one in left]), strict=True):
        words[place] = why
    return words


def _by_limbs(candidates: Sequence[Candidate]) -> Words:
    """Whose feet travel, or whose hands go down for a load and stay for a moment."""
    clear = [place for place, one in enumerate(candidates) if one.is_clear]
    on_spot = [one for one in clear if not candidates[one].feet_legs > MIN_WALK_LEGS]

    def why(place: int, side: int) -> str | None:
        one, others = candidates[place], [candidates[at] for at in on_spot if at != place]
        if _walks(one, others):
            return WALKS
        return FETCHES if _fetches(one, side, others) else None

    return _at_edges(clear, len(candidates), why)


def _at_edges(clear: Sequence[int], n: int, why: Callable[[int, int], str | None]) -> Words:
    """Words from either end inwards, up to the first clear candidate that has none.

    `why` gets a place and +1 where the set lies after it, -1 where before.
    """
    before, after = ([why(place, side) for place in range(n)] for side in (+1, -1))
    first = next((place for place in clear if before[place] is None), None)
    if first is None:
        return [None] * n
    last = next((place for place in reversed(clear) if after[place] is None), first)
    return [*before[:first], *[None] * (last + 1 - first), *after[last + 1 :]]


def _walks(one: Candidate, others: Sequence[Candidate]) -> bool:
    """Whether the feet travel, and the body bends otherwise than in those on the spot.

    The latter because a poor pose lets feet travel that stand still.
    """
    if not others or not one.feet_legs > MIN_WALK_LEGS:
        return False
    usual = np.median([other.posture for other in others], axis=0)
    return _difference_ratio(one.posture, usual) > MAX_DIFFERENCE_RATIO


def _fetches(one: Candidate, side: int, others: Sequence[Candidate]) -> bool:
    """Whether hands go far lower than in the others, and a moment of standing lies towards them."""
    heights = sorted(other.hands_legs for other in others if np.isfinite(other.hands_legs))
    if len(heights) < MIN_OTHERS or not one.hands_legs < MAX_FETCH_LEGS:
        return False
    usual = heights[len(heights) // 2]  # the higher middle one: another fetch may be among them
    return usual - one.hands_legs >= MIN_FETCH_LOWER_LEGS and _gets_ready(one, side, others)


def words_of_turns(candidates: Sequence[Candidate]) -> Words:
    """The same for turns from side to side, of which the first begins and the last ends anywhere.

    Those that are no repetition by the way they were cut say nothing.
    """
    clear = [place for place, one in enumerate(candidates) if one.is_clear]

    def why(place: int, side: int) -> str | None:
        one = candidates[place]
        others = [candidates[other] for other in clear if other != place]
        if not others or not one.is_clear:
            return None
        usual = np.median([np.ptp(other.bend) for other in others])
        is_short = np.ptp(one.bend) < MAX_FIRST_TURN_RATIO * usual
        return GETS_READY if is_short and _gets_ready(one, side, others) else None

    return _at_edges(clear, len(candidates), why)


def _gets_ready(one: Candidate, side: int, others: Sequence[Candidate]) -> bool:
    """Whether more of a rest lies between a candidate and those on that side than within them."""
    rep, reps = one.rep, [other.rep for other in others]
    if side > 0:
        gaps_s = [other.start_s - rep.stop_s for other in reps if other.turn_s > rep.turn_s]
    else:
        gaps_s = [rep.start_s - other.stop_s for other in reps if other.turn_s < rep.turn_s]
    gap_s = min(gaps_s, default=0.0)
    rest_s, period_s = _rest_and_period_s(reps)
    return gap_s > max(MIN_READY_S, rest_s + READY_PERIODS * period_s)


def _rest_and_period_s(reps: Sequence[Rep]) -> tuple[float, float]:
    """Usual rest between two and time from turn to turn; of one alone none and its duration."""
    if len(reps) < 2:
        return 0.0, reps[0].duration_s
    rest_s = np.median([after.start_s - one.stop_s for one, after in pairwise(reps)])
    period_s = np.median([after.turn_s - one.turn_s for one, after in pairwise(reps)])
    return float(rest_s), float(period_s)


def _by_posture(candidates: Sequence[Candidate]) -> Words:
    """Who bends in another way than the set."""
    clear = [place for place, one in enumerate(candidates) if one.is_clear]
    if len(clear) <= MIN_ALIKE:
        return [None] * len(candidates)
    usual = np.median([candidates[place].posture for place in clear], axis=0)
    rest_s, period_s = _rest_and_period_s([candidates[place].rep for place in clear])
    longest_s = rest_s + MIN_BREAK_PERIODS * period_s
    reps = [one.rep for one in candidates]
    is_break = [after.start_s - one.stop_s > longest_s for one, after in pairwise(reps)]

    def why(place: int, side: int) -> str | None:
        apart = [*is_break, False][place] if side > 0 else [False, *is_break][place]
        return _why_apart(candidates[place].posture, usual, is_after_break=apart)

    words = _at_edges(clear, len(candidates), why)
    if sum(words[place] is None for place in clear) < MIN_ALIKE:
        return [None] * len(candidates)
    return words


def _why_apart(posture: FloatArray, usual: FloatArray, *, is_after_break: bool) -> str | None:
    """Why a posture at the turn is none of the set's."""
    size = float(np.linalg.norm(posture) * np.linalg.norm(usual))
    if size and posture @ usual < MIN_LIKENESS * size:
        return "bends in another way than the set that it stands beside"
    if is_after_break and _difference_ratio(posture, usual) > MAX_DIFFERENCE_RATIO:
        return "stands apart from the set, and bends in another way"
    return None


def _difference_ratio(posture: FloatArray, usual: FloatArray) -> float:
    """How far a posture is from the usual one, as a share of how far that is from standing."""
    return float(np.linalg.norm(posture - usual) / (np.linalg.norm(usual) or 1.0))
