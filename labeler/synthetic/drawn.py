"""What chance decides of a set and of each repetition, before anything moves."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from labeler.core.label import FaultId
from labeler.synthetic.athlete import Athlete
from labeler.synthetic.courses import Score, min_jerk_time
from labeler.synthetic.faults import AMOUNTS, amount_of, makeable, with_implied
from labeler.synthetic.plan import RepPlan, SetPlan

EARLY_WAY = 0.05
"""Who has done this share of the way has visibly begun."""

ONSET_U = min_jerk_time(EARLY_WAY)

NOT_BY_FAULT = 0.0


@dataclass(slots=True)
class Setting:
    """A set being written: its plan, its chance, its courses, and the posture between repetitions.

    `home` holds the levels that courses come back to, by channel; channels left out come back to 0.
    """

    plan: SetPlan
    rng: np.random.Generator
    score: Score = field(default_factory=Score)
    home: dict[str, float] = field(default_factory=dict)

    @property
    def athlete(self) -> Athlete:
        """Who moves."""
        return self.plan.athlete

    def begin(self, **levels: float) -> None:
        """Where channels are at rest."""
        for name, value in levels.items():
            self.home[name] = value
            self.score.begin(name, value)

    def back(self, start_s: float, last_s: float, *names: str) -> None:
        """Channels go back to where they rest."""
        for name in names:
            self.score.move_to(name, start_s, last_s, self.home.get(name, 0.0))

    def uniform(self, low: float, high: float) -> float:
        """A number between two."""
        return float(self.rng.uniform(low, high))


@dataclass(frozen=True, slots=True)
class Drawn:
    """The faults of one repetition as amounts, by fault; angles stay in degrees here."""

    plan: RepPlan
    by_fault: Mapping[str, float]
    severities: Mapping[FaultId, int]

    def amount(self, fault: str) -> float:
        """How much of a fault there is; 0 in a movement that does not know it."""
        return self.by_fault.get(fault, NOT_BY_FAULT)

    def rad(self, fault: str) -> float:
        """The same, of an amount in degrees."""
        return float(np.radians(self.amount(fault)))

    def severity(self, fault: str) -> int:
        """How severe it was asked for."""
        return self.plan.severity(fault)

    @property
    def amounts(self) -> dict[str, float]:
        """By fault and what is measured: ``torso_dip_first.trunk_lead_deg``."""
        return {f"{fault}.{AMOUNTS[fault].name}": much for fault, much in self.by_fault.items()}


def drawn_rep(setting: Setting, plan: RepPlan) -> Drawn:
    """The amounts of one repetition: each fault draws once, whatever its severity is."""
    movement, leaning = setting.plan.movement, setting.athlete.leaning
    faults = makeable(movement)
    by_fault = {
        str(fault): amount_of(
            fault, movement, plan.severity(fault), leaning=leaning, rng=setting.rng
        )
        for fault in faults
    }
    shown = with_implied(movement, plan.severities)
    return Drawn(plan, by_fault, {fault: shown.get(fault, 0) for fault in faults})


def lead_s(lead_deg: float, way_deg: float, last_s: float) -> float:
    """By how much a course must start earlier to be `lead_deg` ahead of one just as long.

    Ahead: it has done so much of its `way_deg` when the other has done `EARLY_WAY` of its own.
    """
    share = min(max(lead_deg / way_deg, EARLY_WAY), 0.95)
    return last_s * (min_jerk_time(share) - ONSET_U)
