"""How fast it goes."""

from labeler.rules.registry import FeatureRow, Verdict, below, rule
from labeler.rules.thresholds import Limits


@rule("tempo_uncontrolled", needs=("descent_s",))
def tempo_uncontrolled(row: FeatureRow, limits: Limits) -> Verdict:
    """Fire when the way down is shorter than a controlled one."""
    return Verdict.any_of(
        below(row["descent_s"], limits["descent_s"], "the way down takes {:.2f} s")
    )
