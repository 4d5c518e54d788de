"""Who goes first: the torso or the hips, down and up."""

import math

from labeler.rules.clauses import Clause, above, below
from labeler.rules.registry import FeatureRow, Verdict, rule
from labeler.rules.thresholds import Limits

MS_PER_S = 1000.0

LOD_PER_SE = 3.29
"""Detection limit over standard error: 5 % false alarms and 95 % power, one rep."""

EARLY_SPEED = 1.44
"""Ways per duration at which a smooth course (minimum jerk) passes a fifth of its way."""


def lag_error_ms(row: FeatureRow, limits: Limits, lag: str, se_name: str) -> float:
    """Detection limit of a lag in this rep; NaN where neither movement nor noise tells one.

    That of its movement, view and frame rate, or of its own noise where that is larger: the noise
    that is left after filtering knows nothing of slow errors, so that alone it would be far too
    small.
    """
    return widest(limits.measured_band(lag), LOD_PER_SE * row[se_name])


def lead_error_pp(
    row: FeatureRow, limits: Limits, lead: str, se_name: str = "lag_t20_se_ms"
) -> float:
    """Uncertainty of a lead in percentage points: as measured, or of the noise if larger.

    As measured for its movement, view and frame rate, or as stands in for it (see
    `labeler.rules.thresholds.Limits.for_rep`); of a view or frame rate that is not known, that of
    the limit. From noise: half the detection limit of a lag early in the way, at the speed that it
    has there.
    """
    measured = limits.measured_band(lead)
    least = limits[lead].uncertainty if math.isnan(measured) else measured
    lag_share = LOD_PER_SE * row[se_name] / (MS_PER_S * row["descent_s"])
    return widest(least, 0.5 * 100.0 * EARLY_SPEED * lag_share)


def widest(*errors: float) -> float:
    """The largest of those that are known; NaN where none is."""
    return max((error for error in errors if not math.isnan(error)), default=math.nan)


LEADS = ("coupling_q25_pp", "lag_area_ms", "lag_area_ratio")
LEAD_ERRORS = ("lag_t20_se_ms", "lag_area_se_ms")
BY_TRAVEL = "travel_"
"""Before the names of the same features where the hips are read from the pelvis's way back."""


@rule(
    "torso_dip_first",
    needs=(*LEADS, *(f"{BY_TRAVEL}{name}" for name in LEADS)),
    helps=(*LEAD_ERRORS, *(f"{BY_TRAVEL}{name}" for name in LEAD_ERRORS), "descent_s"),
)
def torso_dip_first(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the torso is well ahead of the hips a quarter down, or leads all the way."""
    return Verdict.any_of(
        *_torso_leads(row, limits, "", "the hips have come a quarter of theirs"),
        *_torso_leads(row, limits, BY_TRAVEL, "the hips are a quarter of their way back"),
    )


def _torso_leads(
    row: FeatureRow, limits: Limits, prefix: str, quarter: str
) -> tuple[Clause, Clause]:
    """Ahead at a quarter, and ahead on average, against one course of the hips."""
    coupling, lag, share = (f"{prefix}{name}" for name in LEADS)
    t20_se, area_se = (f"{prefix}{name}" for name in LEAD_ERRORS)
    lag_error = lag_error_ms(row, limits, lag, area_se)
    return (
        above(
            limits[coupling],
            row[coupling],
            f"the torso is {{:.0f}} % of its way {{ahead|behind}} when {quarter}",
            error=lead_error_pp(row, limits, coupling, t20_se),
        ),
        below(
            limits[lag],
            row[lag],
            "on average the torso moves {:.0f} ms {before|after} the hips",
            error=lag_error,
        )
        & below(
            limits[share],
            row[share],
            "{:.0f} % of the descent {early|late}",
            error=lag_error / (MS_PER_S * row["descent_s"]),
        ),
    )


@rule("hip_delay", needs=("hip_progress_quarter_ratio", "travel_progress_quarter_ratio"))
def hip_delay(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the hips have hardly moved after a quarter of the descent."""
    return Verdict.any_of(
        below(
            limits["hip_progress_quarter_ratio"],
            row["hip_progress_quarter_ratio"],
            "the hips have come {:.0f} % of their way after a quarter of the time to the turn",
        ),
        below(
            limits["travel_progress_quarter_ratio"],
            row["travel_progress_quarter_ratio"],
            "the hips have come {:.0f} % of their way back after a quarter of the time to the turn",
        ),
    )


@rule("lateral_bend_first", needs=("lateral_bend_early_deg",))
def lateral_bend_first(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the trunk bends sideways before the hips move."""
    return Verdict.any_of(
        above(
            limits["lateral_bend_early_deg"],
            row["lateral_bend_early_deg"],
            "a side bend of {:.0f}° before the hips move",
        )
    )


@rule("hips_shoot_up", needs=("rise_mismatch_ratio", "trunk_tip_ascent_deg"))
def hips_shoot_up(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the hips rise ahead of the shoulders, or the trunk tips further on the way up."""
    return Verdict.any_of(
        above(
            limits["rise_mismatch_ratio"],
            row["rise_mismatch_ratio"],
            "the hips are {:.0f} % of the rise ahead of the shoulders",
        ),
        above(
            limits["trunk_tip_ascent_deg"],
            row["trunk_tip_ascent_deg"],
            "the trunk leans {:.0f}° {more|less} early on the way up than at the turn",
        ),
    )


@rule("inconsistent_transfer", needs=("coupling_q25_set_sd_pp",))
def inconsistent_transfer(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the torso's lead changes much from rep to rep; the same answer for a whole set."""
    return Verdict.any_of(
        above(
            limits["coupling_q25_set_sd_pp"],
            row["coupling_q25_set_sd_pp"],
            "the torso's lead varies by {:.0f} % of its way over the set",
        )
    )
