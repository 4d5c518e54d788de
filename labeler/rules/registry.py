"""Every hand-written rule, and its four answers.

To add one: write a function of a rep's features and its limits that returns a `Verdict`, put
`@rule(...)` above it in the module of its family, and give it a table in ``thresholds.toml``.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Any

from labeler.core.label import FaultId
from labeler.rules.clauses import Clause
from labeler.rules.thresholds import RULES_VERSION, Limits

__all__ = ["RULES_VERSION", "Rule", "State", "Verdict", "all_rules", "rule"]

FAMILIES = ("sequencing", "posture", "rotation", "tempo")
"""Modules that register rules."""

FeatureRow = Mapping[str, float]
"""Those features of one rep that the rule asks for, by name; NaN where not measured."""


class State(StrEnum):
    """Silence and ignorance are different things."""

    FIRED = "fired"
    PASSED = "passed"
    TOO_CLOSE = "too_close"
    NOT_APPLICABLE = "not_applicable"


DECIDED = (State.FIRED, State.PASSED)
"""The answers that say yes or no; the others abstain."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says about one rep.

    Parameters
    ----------
    score : float
        Margin over the limit, in limits: from 0 on it is beyond it; NaN when not applicable.
    reason : str
        In words, with the numbers that decided.
    """

    state: State
    score: float
    reason: str

    @classmethod
    def not_applicable(cls, reason: str) -> "Verdict":
        """The rule cannot tell, and why."""
        return cls(State.NOT_APPLICABLE, math.nan, reason)

    @classmethod
    def any_of(cls, *clauses: Clause) -> "Verdict":
        """Fired when one clause holds; passed only when all were measured and none may hold.

        A clause within its uncertainty makes it too close to call, one that was not measured makes
        it not applicable, unless another one holds. The strongest clause speaks, and its score is
        the verdict's.
        """
        known = sorted((c for c in clauses if c.is_known), key=lambda c: c.score, reverse=True)
        holding = [clause for clause in known if clause.holds]
        possible = [clause for clause in known if clause.is_possible]
        if holding:
            return cls(State.FIRED, known[0].score, holding[0].words)
        if possible:
            return cls(State.TOO_CLOSE, known[0].score, possible[0].words)
        if len(known) < len(clauses):
            return cls.not_applicable("")
        if math.isinf(known[0].score):
            return cls.not_applicable("none of its limits counts for such a repetition")
        return cls(State.PASSED, known[0].score, known[0].words)


Judge = Callable[[FeatureRow, Limits], Verdict]


@dataclass(frozen=True, slots=True)
class Rule:
    """A hand-written rule for one fault.

    Parameters
    ----------
    needs : tuple[str, ...]
        Features that its clauses compare.
    helps : tuple[str, ...]
        Features that say how sure those are; it judges without them too.
    """

    fault: FaultId
    needs: tuple[str, ...]
    helps: tuple[str, ...]
    summary: str
    judge: Judge

    def __call__(self, row: Mapping[str, Any], limits: Limits) -> Verdict:
        """Judge one rep: a row of a feature table by column name; a column may be missing."""
        seen = {name: float(row.get(name, math.nan)) for name in (*self.needs, *self.helps)}
        fps = float(row.get("median_fps", math.nan))
        movement, view = _told(row, "movement"), _told(row, "view")
        in_force = limits.for_rep(movement, fps, view)
        verdict = self.judge(seen, in_force)
        if verdict.reason:
            return verdict
        missing = [
            name for name in self.needs if math.isnan(seen[name]) and in_force.asks_for(name)
        ]
        return Verdict.not_applicable(f"not measured: {', '.join(missing)}")


def _told(row: Mapping[str, Any], name: str) -> str | None:
    """What somebody said about the clip; a table holds NaN where nobody did."""
    value = row.get(name)
    return value if isinstance(value, str) else None


_REGISTERED: dict[FaultId, Rule] = {}


def rule(
    fault: str, *, needs: tuple[str, ...], helps: tuple[str, ...] = ()
) -> Callable[[Judge], Judge]:
    """Register the function below as the rule for `fault`."""

    def registered(judge: Judge) -> Judge:
        fault_id = FaultId(fault)
        if fault_id in _REGISTERED:
            raise ValueError(f"rule: expected one per fault, got a second for {fault!r}")
        summary = (judge.__doc__ or "").strip().split("\n")[0]
        _REGISTERED[fault_id] = Rule(fault_id, needs, helps, summary, judge)
        return judge

    return registered


def all_rules() -> tuple[Rule, ...]:
    """Every rule, family by family."""
    for family in FAMILIES:
        import_module(f"labeler.rules.{family}")
    return tuple(_REGISTERED.values())
