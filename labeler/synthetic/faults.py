"""What each fault is in the made-up body: an amount, in a range for each severity of the sheet.

The ranges follow the rater's sheet of the catalogue, so that an expert who watches would give that
severity; they never meet, so that more is always worse.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from labeler.catalog.loader import load_catalog
from labeler.core.errors import UsageError
from labeler.core.label import FaultId

N_SEVERITIES = 4

Range = tuple[float, float]

LEANING_SHARE = 0.25
"""By so much of half a range an athlete's own leaning moves their amounts."""

NOISE_SHARE = 0.35
"""And so much the noise from repetition to repetition (one standard deviation)."""


@dataclass(frozen=True, slots=True)
class Amount:
    """The one number that makes a fault.

    Parameters
    ----------
    name : str
        What is measured, ending in its unit.
    ranges : tuple[Range, Range, Range, Range]
        From and to, for severity 0 (what good repetitions have) to 3.
    reason : str
        How it follows from the sheet.
    only : Mapping[str, tuple[Range, Range, Range, Range]]
        Other ranges, for the movements in which the body does it otherwise.
    """

    name: str
    ranges: tuple[Range, Range, Range, Range]
    reason: str
    only: Mapping[str, tuple[Range, Range, Range, Range]] | None = None

    def range_of(self, movement: str, severity: int) -> Range:
        """The range of one severity in one movement."""
        return (self.only or {}).get(movement, self.ranges)[severity]


AMOUNTS: Mapping[str, Amount] = {
    "torso_dip_first": Amount(
        "trunk_lead_deg",
        ((0.0, 0.0), (5.0, 9.0), (11.0, 19.0), (22.0, 28.0)),
        "lean of the trunk when the hips have done 5 % of their way: the sheet's own degrees; "
        "what good repetitions have is the athlete's lag",
        only={"squat": ((0.0, 0.0), (4.5, 7.0), (10.5, 14.5), (18.0, 22.0))},
    ),
    "hip_delay": Amount(
        "hip_start_ratio",
        ((0.0, 0.0), (0.28, 0.42), (0.46, 0.58), (0.62, 0.70)),
        "share of the descent before the pelvis travels: second quarter, mid-rep; at severity 3 "
        "it also does no more than a quarter of its way",
    ),
    "forward_lean_early": Amount(
        "lean_past_shank_deg",
        ((-8.0, -2.0), (3.0, 8.0), (12.0, 22.0), (28.0, 36.0)),
        "trunk less shin at the bottom: the sheet's own degrees",
    ),
    "knee_dominant": Amount(
        "shank_at_turn_deg",
        ((-1.0, 3.0), (10.0, 15.0), (19.0, 25.0), (29.0, 35.0)),
        "shins near vertical; knees visibly forward (4 to 5 fingers past where they stood); knees "
        "over the toes (toes are a fifth of a shin before the ankle from 24 degrees on); a squat",
        only={"deadlift": ((15.0, 19.0), (22.0, 25.0), (28.0, 31.0), (34.0, 38.0))},
    ),
    "back_rounding": Amount(
        "flexion_deg",
        ((1.0, 8.0), (12.0, 18.0), (23.0, 32.0), (38.0, 50.0)),
        "thorax against pelvis: the hollow flattens, a convex curve, a C; good N(5, 4) and faults "
        "of 20 to 45 degrees are priors of the specification",
    ),
    "spine_flex_early": Amount(
        "flexion_deg",
        ((0.0, 0.0), (12.0, 18.0), (23.0, 32.0), (38.0, 50.0)),
        "as back rounding, complete in the first third of the descent",
    ),
    "head_neck_break": Amount(
        "neck_extension_deg",
        ((0.0, 4.0), (9.0, 14.0), (18.0, 28.0), (33.0, 44.0)),
        "ear off the line of hip and shoulder: the sheet's own degrees",
    ),
    "twist_first": Amount(
        "thorax_lead_deg",
        ((0.0, 0.0), (4.0, 9.0), (12.0, 19.0), (23.0, 30.0)),
        "turn of the shoulders when the pelvis has done 5 % of its own: the sheet's own degrees",
    ),
    "lateral_bend_first": Amount(
        "side_bend_deg",
        ((0.0, 1.0), (2.5, 4.5), (6.0, 9.5), (12.0, 17.0)),
        "side bend before the hips move: the sheet's own degrees",
    ),
    "brace_fail": Amount(
        "give_deg",
        ((0.0, 1.0), (2.5, 4.5), (6.0, 9.5), (12.0, 20.0)),
        "turn of the thorax towards the pull; half of it as side bend, and a shift of the pelvis "
        "of 3 mm per degree: the sheet's own degrees",
    ),
    "tempo_uncontrolled": Amount(
        "descent_ratio",
        ((0.90, 1.12), (0.56, 0.70), (0.40, 0.48), (0.24, 0.32)),
        "time of the way down over the prescribed one: ± 25 %, ± 50 %; free fall from a third of "
        "the way; a drop takes about as long as a fall from that height (0.35 s)",
    ),
    "hips_shoot_up": Amount(
        "further_tip_deg",
        ((0.0, 0.0), (3.5, 7.0), (11.0, 16.0), (20.0, 28.0)),
        "how much further the trunk tips while the hips rise: clear from 10 degrees on (sheet); a "
        "good-morning rise takes the trunk near horizontal",
    ),
    "spine_overextension": Amount(
        "lean_back_deg",
        ((0.0, 1.0), (4.0, 7.0), (9.0, 13.5), (16.5, 22.0)),
        "behind vertical at the finish: beyond 15 degrees is severe (sheet); the lower back arches "
        "by as much",
    ),
    "rib_flare_early": Amount(
        "rib_extension_deg",
        ((0.0, 1.5), (4.0, 7.0), (9.0, 13.0), (16.0, 22.0)),
        "thorax tipped back on the lumbar spine; 8 to 20 degrees at -150 ms are priors of the "
        "specification; severity 3 arches the lower back too",
    ),
    "unstacked": Amount(
        "drift_hands",
        ((0.0, 0.08), (0.25, 0.48), (0.6, 0.95), (1.15, 1.6)),
        "rib cage off the pelvis in widths of a hand (8.5 cm): the sheet's own shares",
    ),
    "dowel_contact_lost": Amount(
        "dowel_tilt_deg",
        ((0.0, 0.5), (3.0, 5.0), (6.5, 9.5), (11.0, 15.0)),
        "turn of the dowel about the mid-back: it leaves the sacrum by about 0.5 cm per degree; "
        "the sheet has no row",
    ),
    "pelvis_uncontrolled": Amount(
        "extra_turn_deg",
        ((0.0, 1.5), (4.0, 9.0), (12.0, 19.0), (23.0, 30.0)),
        "turn of the pelvis beyond what the task needs: the sheet's own degrees",
    ),
    "rib_hip_dissociation_poor": Amount(
        "separation_deg",
        ((24.0, 36.0), (13.0, 18.0), (6.0, 9.0), (0.0, 2.5)),
        "thorax less pelvis at the end of the turn: good 10 to 40, block 0 to 6 degrees are priors "
        "of the specification; seated, the thorax turns by 38 and the pelvis by what is missing",
        only={"tspine_rot": ((38.0, 38.0), (30.0, 34.0), (20.0, 26.0), (8.0, 14.0))},
    ),
}
"""Every fault that geometry can make."""

CANNOT_BE_MADE: Mapping[str, str] = {
    "torso_collapse": "it belongs to bridge, bird-dog and clamshell, which are not made up",
    "inconsistent_transfer": "it is a matter of a whole set: give its repetitions different lags",
    "breath_brace_timing": "no camera shows it, so that there is nothing to move",
}
"""Faults that are refused, and why."""

ALONG_WITH: Mapping[str, Mapping[str, str]] = {
    "*": {"spine_flex_early": "back_rounding"},
    "rotation": {"hip_delay": "twist_first"},
    "tspine_rot": {"rib_hip_dissociation_poor": "pelvis_uncontrolled"},
    "antirot": {"pelvis_uncontrolled": "brace_fail", "unstacked": "brace_fail"},
}
"""By movement: faults that cannot be done without showing another, as much as the first."""


def makeable(movement: str) -> tuple[FaultId, ...]:
    """The faults of a movement that can be made, in the order of the catalogue."""
    return tuple(fault.id for fault in load_catalog().faults_of(movement) if fault.id in AMOUNTS)


def require_makeable(movement: str, severities: Mapping[FaultId, int]) -> None:
    """Refuse what the body cannot do.

    Raises
    ------
    UsageError
        A fault that is unknown, that the movement does not have or that geometry cannot make, or a
        severity other than 0 to 3.
    """
    for fault, severity in severities.items():
        if fault in CANNOT_BE_MADE:
            raise _refused(fault, "a fault that a body can be made to show", CANNOT_BE_MADE[fault])
        if fault not in makeable(movement):
            raise _refused(fault, f"one of {', '.join(makeable(movement))}", f"it in {movement}")
        if severity not in range(N_SEVERITIES):
            raise _refused(fault, "a severity of 0 to 3", str(severity))


def with_implied(movement: str, severities: Mapping[FaultId, int]) -> dict[FaultId, int]:
    """The severities that an expert would give: those asked for, and what cannot but come along."""
    seen = dict(severities)
    for scope in ("*", movement):
        for fault, other in ALONG_WITH.get(scope, {}).items():
            severity = severities.get(FaultId(fault), 0)
            if severity and other in makeable(movement):
                seen[FaultId(other)] = max(seen.get(FaultId(other), 0), severity)
    return seen


def amount_of(
    fault: str, movement: str, severity: int, *, leaning: float, rng: np.random.Generator
) -> float:
    """An amount within the range of the severity, in the unit of the fault's `Amount`.

    Parameters
    ----------
    leaning : float
        The athlete's own, -1 to 1.
    """
    low, high = AMOUNTS[fault].range_of(movement, severity)
    place = LEANING_SHARE * leaning + NOISE_SHARE * float(rng.standard_normal())
    return low + (high - low) * (1.0 + float(np.clip(place, -1.0, 1.0))) / 2.0


def _refused(fault: str, expected: str, got: str) -> UsageError:
    return UsageError(
        f"fault {fault}: expected {expected}, got: {got}.",
        hint="See labeler.synthetic.faults for what can be made.",
    )
