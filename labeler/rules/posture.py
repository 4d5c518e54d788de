"""What the body looks like at the turn."""

import math

from labeler.rules.clauses import above, below
from labeler.rules.registry import FeatureRow, Verdict, rule
from labeler.rules.thresholds import Limits

LEAN = "the trunk leans {:.0f}° {forward|back}"


@rule(
    "forward_lean_early",
    needs=("lean_minus_shank_turn_deg", "trunk_incl_turn_deg", "knee_angle_turn_deg"),
)
def forward_lean_early(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the trunk leans well past the shins, or far over knees that are still open."""
    return Verdict.any_of(
        above(
            limits["lean_minus_shank_turn_deg"],
            row["lean_minus_shank_turn_deg"],
            "the trunk leans {:.0f}° {more|less} than the shins at the turn",
        ),
        above(limits["trunk_incl_turn_deg"], row["trunk_incl_turn_deg"], LEAN)
        & above(
            limits["knee_angle_turn_deg"],
            row["knee_angle_turn_deg"],
            "the knees are bent to {:.0f}°",
        ),
    )


@rule(
    "knee_dominant",
    needs=("knee_angle_rom_deg", "hip_angle_rom_deg", "shank_incl_turn_deg"),
    helps=("knee_angle_turn_deg", "hip_angle_turn_deg"),
)
def knee_dominant(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the knees bend nearly as much as the hips, or the shins lean far forward.

    Notes
    -----
    Both bend furthest at the turn: where that was not seen, their ranges are not known.
    """
    if row["hip_angle_rom_deg"] == 0:
        return Verdict.not_applicable("the hips do not move")
    is_turn_seen = not math.isnan(row["knee_angle_turn_deg"] + row["hip_angle_turn_deg"])
    ratio = row["knee_angle_rom_deg"] / row["hip_angle_rom_deg"]
    return Verdict.any_of(
        above(
            limits["knee_to_hip_ratio"],
            ratio if is_turn_seen else math.nan,
            "the knees bend {:.2f} times as far as the hips",
        ),
        above(
            limits["shank_incl_turn_deg"],
            row["shank_incl_turn_deg"],
            "the shins lean {:.0f}° {forward|back} at the turn",
        ),
    )


@rule(
    "back_rounding",
    needs=("back_tangent_change_deg", "trunk_length_turn_ratio", "trunk_incl_turn_deg"),
)
def back_rounding(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the outline of the back bends; without one, when hip and shoulder come close.

    Notes
    -----
    Where the outline was seen it alone decides. Shoulder to hip distance explains a third of the
    variance of spine flexion and errs by 13.3 degrees; it also shortens when the shoulders follow
    hanging arms. Beside the better judge it would only add false alarms.
    """
    limit = limits["back_tangent_change_deg"]
    if limit.is_used and not math.isnan(row["back_tangent_change_deg"]):
        return Verdict.any_of(
            above(
                limit,
                row["back_tangent_change_deg"],
                "the outline of the back is bent {:.0f}° {more|less} than standing",
            )
        )
    return Verdict.any_of(
        below(
            limits["trunk_length_turn_ratio"],
            row["trunk_length_turn_ratio"],
            "the back's outline is not seen; hip to shoulder is {:.0f} % of its standing length",
        )
        & above(limits["trunk_incl_turn_deg"], row["trunk_incl_turn_deg"], LEAN)
    )


@rule("head_neck_break", needs=("neck_off_deg",), helps=("descent_s",))
def head_neck_break(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the neck leaves its line for a good part of the rep."""
    if math.isnan(row["descent_s"]) and not math.isnan(row["neck_off_deg"]):
        return Verdict.not_applicable("it begins bent: the neck's angle in standing was not seen")
    return Verdict.any_of(
        above(
            limits["neck_off_deg"],
            row["neck_off_deg"],
            "the neck is {:.0f}° off its line for three tenths of the repetition",
        )
    )
