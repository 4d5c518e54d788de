"""Which athlete is tested in which fold: fixed by the data alone, whatever its order."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from labeler.core.clip import Clip
from labeler.core.origin import Origin
from labeler.core.rep import RepRecord

N_FOLDS = 5
"""Folds of an export; fewer where there are fewer athletes."""


Folds = Mapping[tuple[Origin, str], int]
"""The fold of each named athlete; a made-up athlete is not the recorded one of that name."""


def athlete_folds(clips: Iterable[Clip], reps: Sequence[RepRecord]) -> Folds:
    """Give every athlete one fold, so that no person stands on both sides of a test.

    Athletes are taken by falling number of repetitions, by name where that is equal; each goes to
    the fold that holds the fewest repetitions so far, then the fewest athletes, the first of
    equals. There is no chance in it and the order of the clips does not matter. Clips without an
    athlete are in no fold: they may show anybody. Recorded and made-up athletes are shared out
    each by themselves.
    """
    clips = tuple(clips)
    return {
        (origin, athlete): fold
        for origin in Origin
        for athlete, fold in _folds([c for c in clips if c.origin is origin], reps).items()
    }


def _folds(clips: Sequence[Clip], reps: Sequence[RepRecord]) -> dict[str, int]:
    """The folds of the athletes of some clips."""
    athlete_of = {clip.clip_id: clip.tags.athlete for clip in clips}
    n_reps = Counter({athlete: 0 for athlete in athlete_of.values() if athlete is not None})
    n_reps.update(who for rep in reps if (who := athlete_of.get(rep.clip_id)) is not None)
    filled = [(0, 0)] * min(N_FOLDS, len(n_reps))  # repetitions, athletes
    folds = {}
    for athlete in sorted(n_reps, key=lambda name: (-n_reps[name], name)):
        fold = filled.index(min(filled))
        in_fold, n_athletes = filled[fold]
        folds[athlete] = fold
        filled[fold] = (in_fold + n_reps[athlete], n_athletes + 1)
    return dict(sorted(folds.items()))
