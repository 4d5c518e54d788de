"""Turning, and holding against a turn."""

from labeler.rules.clauses import above, below
from labeler.rules.registry import FeatureRow, Verdict, rule
from labeler.rules.sequencing import lag_error_ms, lead_error_pp
from labeler.rules.thresholds import Limits


@rule(
    "twist_first",
    needs=("twist_lead_pp", "lag_t50_ms"),
    helps=("lag_t20_se_ms", "lag_t50_se_ms", "descent_s"),
)
def twist_first(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the torso is well ahead of the pelvis in the turn."""
    return Verdict.any_of(
        above(
            limits["twist_lead_pp"],
            row["twist_lead_pp"],
            "the torso is {:.0f} % of its turn {ahead|behind} when the pelvis is a quarter round",
            error=lead_error_pp(row, limits, "twist_lead_pp"),
        ),
        below(
            limits["lag_t50_ms"],
            row["lag_t50_ms"],
            "half-way the torso turns {:.0f} ms {before|after} the pelvis",
            error=lag_error_ms(row, limits, "lag_t50_ms", "lag_t50_se_ms"),
        ),
    )


@rule("pelvis_uncontrolled", needs=("pelvis_axial_rom_deg",))
def pelvis_uncontrolled(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the pelvis turns where it should stay."""
    return Verdict.any_of(
        above(
            limits["pelvis_axial_rom_deg"],
            row["pelvis_axial_rom_deg"],
            "the pelvis turns by {:.0f}°",
            error=limits.measured_band("pelvis_axial_rom_deg"),
        )
    )


@rule("brace_fail", needs=("hold_yaw_drift_deg", "hold_bend_drift_deg", "hold_shift_drift_legs"))
def brace_fail(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the torso turns, bends or shifts during a hold, to either side."""
    return Verdict.any_of(
        above(
            limits["hold_yaw_drift_deg"],
            abs(row["hold_yaw_drift_deg"]),
            "the torso turns by {:.0f}° in the hold",
        ),
        above(
            limits["hold_bend_drift_deg"],
            abs(row["hold_bend_drift_deg"]),
            "it bends sideways by {:.0f}° in the hold",
        ),
        above(
            limits["hold_shift_drift_legs"],
            abs(row["hold_shift_drift_legs"]),
            "the hips shift by {:.2f} leg lengths in the hold",
        ),
    )
