"""People who look at made-up repetitions, and err as people do."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labeler.catalog.loader import load_catalog
from labeler.core.arrays import AnyArray
from labeler.core.clip import View
from labeler.core.errors import UsageError
from labeler.core.label import Answer, FaultId
from labeler.synthetic.plan import RepTruth

HARDNESS_SD = 1.0
"""How much repetitions differ in how hard they are to judge, on the scale of log odds of an error:
raters err on the same ones, so that they agree better than if each of them guessed apart."""

UNSEEN_OBLIQUE_CHANCE = 0.10
"""A rater calls a fault not visible in one of ten repetitions from a view that shows it weakly."""

BOUND = (0, 3)


@dataclass(frozen=True, slots=True)
class SimulatedRater:
    """Answers per repetition and fault from the true severities; the same seed, the same answers.

    Parameters
    ----------
    seed : int
        Of this rater's own errors; two raters of other seeds err apart.
    flip_ratio : float
        Share of the repetitions in which *absent or slight* and *clear or severe* are taken for
        each other: 0.05 for an expert, 0.30 for a beginner (priors of the specification).
    step_ratio : float
        Share in which a severity is one off, on the same side of *clear* if there is one.
    severity_shift : float
        A strict rater's (+) or mild one's (-) chance of calling a fault that is there one step more
        or less severe; 1 is always.
    """

    name: str
    seed: int
    flip_ratio: float = 0.10
    step_ratio: float = 0.20
    severity_shift: float = 0.0

    def __post_init__(self) -> None:
        shares = (self.flip_ratio, self.step_ratio, abs(self.severity_shift))
        if not all(0.0 <= share <= 1.0 for share in shares):
            raise UsageError(
                f"rater {self.name}: expected shares from 0 to 1, got {shares}.",
                hint="Give flip_ratio 0.05 for an expert, 0.30 for a beginner.",
            )

    def answers(
        self, movement: str, reps: Sequence[RepTruth], *, view: View | None, clip_seed: int
    ) -> list[dict[FaultId, Answer]]:
        """What the rater says of every fault of the movement, for each repetition.

        Parameters
        ----------
        view : View | None
            What the camera cannot show is answered as not visible, by the catalogue's table.
        clip_seed : int
            Of the clip: how hard each of its repetitions is, which all raters share.
        """
        faults = load_catalog().faults_of(movement)
        shape = (len(reps), len(faults))
        hard = HARDNESS_SD * np.random.default_rng([clip_seed, 0x4A]).standard_normal(shape)
        own = np.random.default_rng([clip_seed, self.seed, 0x4B])
        truth = np.array([[rep.severities.get(one.id, 0) for one in faults] for rep in reps])
        said = self._said(truth.reshape(shape), hard, own)
        unsure = own.random(shape) < UNSEEN_OBLIQUE_CHANCE
        found = []
        for row, doubts in zip(said, unsure, strict=True):
            answers = {}
            for fault, severity, is_unsure in zip(faults, row, doubts, strict=True):
                is_shown = fault.is_visible_from(view)
                is_lost = not is_shown or (fault.is_weak_from(view) and is_unsure)
                answers[fault.id] = Answer.NOT_VISIBLE if is_lost else Answer(str(severity))
            found.append(answers)
        return found

    def _said(self, truth: AnyArray, hard: AnyArray, own: np.random.Generator) -> AnyArray:
        """Severities with this rater's errors, of the same shape."""
        is_off = own.random(truth.shape) < abs(self.severity_shift)
        shift = np.where(is_off, int(np.sign(self.severity_shift)), 0)
        said = np.where(truth > 0, np.clip(truth + shift, 1, BOUND[1]), 0)
        way = np.where(own.random(truth.shape) < 0.5, -1, 1)
        steps = own.random(truth.shape) < _chance(self.step_ratio, hard)
        said = np.where(steps, _same_side(said, said + way), said)
        flips = own.random(truth.shape) < _chance(self.flip_ratio, hard)
        return np.asarray(np.where(flips, np.array(ACROSS)[said], said))


ACROSS = (2, 2, 1, 1)
"""Who takes one side for the other says what lies nearest there; of an absent fault, *clear*."""


def _same_side(said: AnyArray, moved: AnyArray) -> AnyArray:
    """One step off; one that would leave the sheet, or its side of *clear*, goes the other way."""
    inside = (moved >= BOUND[0]) & (moved <= BOUND[1])
    stays = (moved >= 2) == (said >= 2)
    return np.asarray(np.where(inside & stays, moved, 2 * said - moved).clip(*BOUND))


def _chance(ratio: float, hard: AnyArray) -> AnyArray:
    """The chance of an error by how hard a repetition is; about `ratio` on average."""
    if ratio in (0.0, 1.0):
        return np.full(hard.shape, ratio)
    odds = np.log(ratio / (1.0 - ratio)) * np.sqrt(1.0 + PROBIT * HARDNESS_SD**2)
    return np.asarray(1.0 / (1.0 + np.exp(-(odds + hard))))


PROBIT = 0.346
"""Widens the odds so that their mean over the hardness is what was asked: (16 sqrt 3 / 15 pi)^2, by
which the logistic function is taken for the normal one."""
