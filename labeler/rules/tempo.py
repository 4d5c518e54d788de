"""How fast it goes."""

from labeler.rules.clauses import below
from labeler.rules.registry import FeatureRow, Verdict, rule
from labeler.rules.thresholds import Limits


@rule("tempo_uncontrolled", needs=("descent_s", "descent_to_ascent_ratio"))
def tempo_uncontrolled(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the way down is shorter than a controlled one, or than the tempo prescribed."""
    return Verdict.any_of(
        below(limits["descent_s"], row["descent_s"], "the way down takes {:.2f} s"),
        below(
            limits["descent_to_ascent_ratio"],
            row["descent_to_ascent_ratio"],
            "the way down takes {:.2f} times as long as the way up",
        ),
    )
