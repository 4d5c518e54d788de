"""What is in the demo dataset: who does what, with which faults, and seen from where."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Any, Self

import numpy as np

from labeler.core.clip import ClipTags, View
from labeler.core.errors import UsageError
from labeler.core.label import FaultId
from labeler.synthetic.athlete import Athlete, draw_athlete
from labeler.synthetic.motion import RepPlan, SetPlan

DEMO_VERSION = 2
"""Raised when the same wish would make another dataset."""

MOVEMENTS = ("hinge", "squat")

N_ATHLETES, N_REPS, SEED = 6, 8, 1

MIN_ATHLETES, MAX_ATHLETES = 2, 40
MIN_REPS, MAX_REPS = 2, 12

FULL_ATHLETES = 4
"""With fewer there is too little to learn from to leave two sets unrated."""

BRISK = 0.8
"""Only athletes who take at most so much of the usual time: the demo is to be ready soon."""

OBLIQUE_EVERY = 3
"""Of the second movement, one set in three is seen from 45 degrees."""

N_CLEAN = 2
"""Repetitions of each set without any fault, where there are that many to spare."""

SHOWN_OFTEN: dict[str, tuple[str, ...]] = {
    "hinge": ("back_rounding", "torso_dip_first"),
    "squat": ("forward_lean_early", "hips_shoot_up"),
}
"""By movement: faults that every athlete has in some repetitions and not in others, so that a model
can be tested on athletes it has not seen, and that a rule answers too."""

SHOWN_SELDOM: dict[str, tuple[str, ...]] = {
    "hinge": ("head_neck_break", "knee_dominant", "tempo_uncontrolled"),
    "squat": ("torso_dip_first", "back_rounding", "tempo_uncontrolled"),
}
"""By movement: of these each athlete has one of their own, in two repetitions."""

SEVERITIES = (2, 3, 1, 2)
"""Of a fault that is shown often, in as many repetitions of a set as there are numbers."""

SELDOM_SEVERITIES = (1, 2)


@dataclass(frozen=True, slots=True)
class DemoWish:
    """How large the demo is; the same wish makes the same dataset.

    Raises
    ------
    UsageError
        A number of athletes or repetitions that cannot be made, or a movement that is not planned.
    """

    n_athletes: int = N_ATHLETES
    n_reps: int = N_REPS
    seed: int = SEED
    movements: tuple[str, ...] = MOVEMENTS

    def __post_init__(self) -> None:
        _require("athletes", self.n_athletes, MIN_ATHLETES, MAX_ATHLETES)
        _require("repetitions", self.n_reps, MIN_REPS, MAX_REPS)
        _require("seed", self.seed, 0, 2**31)
        if not self.movements or set(self.movements) - set(MOVEMENTS):
            raise UsageError(
                f"movements: expected some of {', '.join(MOVEMENTS)}, got {self.movements}.",
                hint="Leave them out for all.",
            )

    def as_dict(self) -> dict[str, Any]:
        """The wish as JSON-ready values, with the version of what it makes."""
        return {
            "version": DEMO_VERSION,
            "athletes": self.n_athletes,
            "reps": self.n_reps,
            "seed": self.seed,
            "movements": list(self.movements),
        }

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> Self:
        """What `as_dict` told."""
        return cls(told["athletes"], told["reps"], told["seed"], tuple(told["movements"]))


def wish_of(*, n_athletes: int | None, n_reps: int | None, seed: int | None) -> DemoWish | None:
    """A wish from what was told; None where nothing was."""
    if (n_athletes, n_reps, seed) == (None, None, None):
        return None
    usual = DemoWish()
    return DemoWish(
        usual.n_athletes if n_athletes is None else n_athletes,
        usual.n_reps if n_reps is None else n_reps,
        usual.seed if seed is None else seed,
    )


@dataclass(frozen=True, slots=True)
class PlannedClip:
    """One set of the demo before it is filmed.

    Parameters
    ----------
    name : str
        Of the file; it tells the clip apart from every other of the demo.
    seed : int
        Of camera, looks and grain.
    is_left : bool
        Whether nobody rates it: it waits for who looks at the demo.
    """

    name: str
    tags: ClipTags
    plan: SetPlan
    seed: int
    is_left: bool


def planned_clips(wish: DemoWish) -> tuple[PlannedClip, ...]:
    """Every set of the demo, athlete by athlete."""
    athletes = brisk_athletes(wish.n_athletes, wish.seed)
    return tuple(
        _clip(wish, athletes, number, movement)
        for number in range(wish.n_athletes)
        for movement in wish.movements
    )


def brisk_athletes(n_athletes: int, seed: int) -> tuple[Athlete, ...]:
    """So many athletes, in the order in which they are drawn, without those who are slow."""
    drawn = (draw_athlete(seed * 1000 + number) for number in count(1))
    return tuple(islice((one for one in drawn if one.tempo_factor <= BRISK), n_athletes))


def _clip(wish: DemoWish, athletes: Sequence[Athlete], number: int, movement: str) -> PlannedClip:
    place = MOVEMENTS.index(movement)
    is_oblique = place == 1 and number % OBLIQUE_EVERY == OBLIQUE_EVERY - 1
    view = View.OBLIQUE if is_oblique else View.SIDE
    seed = (wish.seed * 1000 + number) * len(MOVEMENTS) + place
    name = f"A{number + 1:02d}"
    return PlannedClip(
        name=f"{name}-{movement}-{view.value}.mp4",
        tags=ClipTags(name, movement, view),
        plan=SetPlan(
            movement,
            athletes[number],
            _reps(wish, number, movement, seed),
            seed=seed,
            has_set_up=number == 0,
        ),
        seed=seed,
        is_left=wish.n_athletes >= FULL_ATHLETES and number + 1 + place == wish.n_athletes,
    )


def _reps(wish: DemoWish, number: int, movement: str, seed: int) -> tuple[RepPlan, ...]:
    """The repetitions of a set: each fault in some of those that are not clean, drawn apart."""
    rng = np.random.default_rng([seed, 0xDE])
    faulty = rng.permutation(wish.n_reps)[: max(wish.n_reps - N_CLEAN, 1)]
    severities: list[dict[FaultId, int]] = [{} for _ in range(wish.n_reps)]
    seldom = SHOWN_SELDOM[movement]
    wanted: dict[str, tuple[int, ...]] = dict.fromkeys(SHOWN_OFTEN[movement], SEVERITIES)
    wanted[seldom[number % len(seldom)]] = SELDOM_SEVERITIES
    for fault, grades in wanted.items():
        for rep, grade in zip(rng.permutation(faulty), grades, strict=False):
            severities[rep][FaultId(fault)] = grade
    return tuple(RepPlan(one) for one in severities)


def _require(what: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise UsageError(
            f"{what}: expected {low} to {high}, got {value}.",
            hint="Leave it out for what is usual.",
        )
