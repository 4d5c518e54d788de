"""Who goes first: the torso or the hips, down and up."""

from labeler.rules.registry import FeatureRow, Verdict, above, below, rule
from labeler.rules.thresholds import Limits


@rule("torso_dip_first", needs=("coupling_q25_pp", "lag_area_ms", "lag_area_ratio"))
def torso_dip_first(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the torso is well ahead of the hips a quarter down, or leads all the way."""
    return Verdict.any_of(
        above(
            row["coupling_q25_pp"],
            limits["coupling_q25_pp"],
            "the torso is {:.0f} points ahead when the hips are a quarter down",
        ),
        below(row["lag_area_ms"], limits["lag_area_ms"], "the torso runs {:+.0f} ms to the hips")
        & below(row["lag_area_ratio"], limits["lag_area_ratio"], "{:+.2f} of the descent"),
    )


@rule("hip_delay", needs=("hip_progress_quarter_ratio",))
def hip_delay(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the hips have hardly moved after a quarter of the descent."""
    return Verdict.any_of(
        below(
            row["hip_progress_quarter_ratio"],
            limits["hip_progress_quarter_ratio"],
            "the hips have come {:.2f} of their way after a quarter of the descent",
        )
    )


@rule("lateral_bend_first", needs=("lateral_bend_early_deg",))
def lateral_bend_first(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the trunk bends sideways before the hips move."""
    return Verdict.any_of(
        above(
            row["lateral_bend_early_deg"],
            limits["lateral_bend_early_deg"],
            "a side bend of {:.0f}° before the hips move",
        )
    )


@rule("hips_shoot_up", needs=("rise_mismatch_ratio", "trunk_tip_ascent_deg"))
def hips_shoot_up(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the hips rise ahead of the shoulders, or the trunk tips further on the way up."""
    return Verdict.any_of(
        above(
            row["rise_mismatch_ratio"],
            limits["rise_mismatch_ratio"],
            "the hips are {:.2f} of the rise ahead of the shoulders",
        ),
        above(
            row["trunk_tip_ascent_deg"],
            limits["trunk_tip_ascent_deg"],
            "the trunk tips {:.0f}° further on the way up",
        ),
    )
