"""What an athlete is to do, and what of it is known for certain."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from labeler.core.errors import UsageError
from labeler.core.label import FaultId
from labeler.synthetic.athlete import Athlete
from labeler.synthetic.faults import require_makeable
from labeler.synthetic.posture import Grip

GRIPS: Mapping[str, tuple[Grip, ...]] = {
    "hinge": (Grip.BAR, Grip.DOWEL, Grip.HANG),
    "deadlift": (Grip.BAR,),
    "kb_swing": (Grip.KETTLEBELL,),
    "squat": (Grip.GOBLET, Grip.BALL),
    "rotation": (Grip.BALL,),
    "tspine_rot": (Grip.BEHIND_HEAD,),
    "antirot": (Grip.PRESS,),
}
"""By movement: what the arms can do, the usual first."""

DOWEL_FAULT = FaultId("dowel_contact_lost")


@dataclass(frozen=True, slots=True)
class RepPlan:
    """One repetition: its faults, and where asked for its lag.

    Parameters
    ----------
    severities : Mapping[FaultId, int]
        0 to 3; a fault left out is 0.
    lag_s : float | None
        Torso after (+) or before the hips, instead of what athlete and faults make of it.
    """

    severities: Mapping[FaultId, int] = field(default_factory=dict)
    lag_s: float | None = None

    def severity(self, fault: str) -> int:
        """How severe a fault is asked for."""
        return self.severities.get(FaultId(fault), 0)


@dataclass(frozen=True, slots=True)
class SetPlan:
    """One set of an athlete: the same plan is the same movement, to the last digit.

    Parameters
    ----------
    seed : int
        Of everything that differs from repetition to repetition.
    has_set_up : bool
        The athlete takes the load up, or turns to the first side, before the first repetition.
    has_walk_in : bool
        The athlete walks to the place first.
    grip : Grip | None
        None: the movement's usual one; a dowel where its contact is to be lost.

    Raises
    ------
    UsageError
        A movement, fault, severity or grip that cannot be made.
    """

    movement: str
    athlete: Athlete
    reps: tuple[RepPlan, ...]
    seed: int
    has_set_up: bool = True
    has_walk_in: bool = False
    grip: Grip | None = None

    def __post_init__(self) -> None:
        if self.movement not in GRIPS:
            raise UsageError(
                f"movement: expected one of {', '.join(GRIPS)}, got {self.movement!r}.",
                hint="Only the movements that are cut into repetitions can be made up.",
            )
        if not self.reps:
            raise UsageError(
                "reps: expected at least one repetition, got none.",
                hint="Give a RepPlan for each repetition.",
            )
        if self.grip is not None and self.grip not in GRIPS[self.movement]:
            raise UsageError(
                f"grip: expected one of {', '.join(GRIPS[self.movement])}, got {self.grip}.",
                hint="Leave it out for the usual one.",
            )
        for rep in self.reps:
            require_makeable(self.movement, rep.severities)

    @property
    def held(self) -> Grip:
        """What the arms do."""
        if self.grip is not None:
            return self.grip
        has_dowel = any(rep.severity(DOWEL_FAULT) for rep in self.reps)
        return Grip.DOWEL if has_dowel else GRIPS[self.movement][0]


@dataclass(frozen=True, slots=True)
class RepTruth:
    """What a repetition is known to be; times in seconds from the beginning.

    Parameters
    ----------
    start_s, turn_s, stop_s : float
        By the definition of the specification: it starts and stops at 5 % of its highest speed,
        and turns in the middle of the stay at its far end. Of a hold: the stretch held.
    lag_s : float
        Planned time of the torso's course after that of the hips (the pelvis's way, or its turn);
        NaN where neither is planned, as in a hold.
    severities : Mapping[FaultId, int]
        Every fault that the movement can show, 0 to 3: what an expert would answer.
    amounts : Mapping[str, float]
        By `Amount.name`, in the unit that it ends in: what made the faults.
    """

    start_s: float
    turn_s: float
    stop_s: float
    lag_s: float
    severities: Mapping[FaultId, int]
    amounts: Mapping[str, float]
