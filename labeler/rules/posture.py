"""What the body looks like at the turn."""

from labeler.rules.registry import FeatureRow, Verdict, above, below, rule
from labeler.rules.thresholds import Limits


@rule(
    "forward_lean_early",
    needs=("lean_minus_shank_turn_deg", "trunk_incl_turn_deg", "knee_angle_turn_deg"),
)
def forward_lean_early(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the trunk leans well past the shins, or far over knees that are still open."""
    return Verdict.any_of(
        above(
            row["lean_minus_shank_turn_deg"],
            limits["lean_minus_shank_turn_deg"],
            "the trunk leans {:.0f}° more than the shins at the turn",
        ),
        above(row["trunk_incl_turn_deg"], limits["trunk_incl_turn_deg"], "a lean of {:.0f}°")
        & above(row["knee_angle_turn_deg"], limits["knee_angle_turn_deg"], "knees at {:.0f}°"),
    )


@rule("knee_dominant", needs=("knee_angle_rom_deg", "hip_angle_rom_deg", "shank_incl_turn_deg"))
def knee_dominant(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the knees bend nearly as much as the hips, or the shins lean far forward."""
    if row["hip_angle_rom_deg"] == 0:
        return Verdict.not_applicable("the hips do not move")
    return Verdict.any_of(
        above(
            row["knee_angle_rom_deg"] / row["hip_angle_rom_deg"],
            limits["knee_to_hip_ratio"],
            "the knees bend {:.2f} times as far as the hips",
        ),
        above(
            row["shank_incl_turn_deg"],
            limits["shank_incl_turn_deg"],
            "the shins lean {:.0f}° at the turn",
        ),
    )


@rule("back_rounding", needs=("trunk_length_turn_ratio", "trunk_incl_turn_deg"))
def back_rounding(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when hip and shoulder come close to each other while the trunk leans."""
    return Verdict.any_of(
        below(
            row["trunk_length_turn_ratio"],
            limits["trunk_length_turn_ratio"],
            "hip to shoulder is {:.2f} of its standing length",
        )
        & above(row["trunk_incl_turn_deg"], limits["trunk_incl_turn_deg"], "a lean of {:.0f}°")
    )


@rule("head_neck_break", needs=("neck_break_ratio",))
def head_neck_break(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the neck leaves its line for a good part of the rep."""
    return Verdict.any_of(
        above(
            row["neck_break_ratio"],
            limits["neck_break_ratio"],
            "the neck is off its line for {:.2f} of the rep",
        )
    )
