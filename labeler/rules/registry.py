"""Every hand-written rule, and its three answers.

To add one: write a function of a rep's features and its limits that returns a `Verdict`, put
`@rule(...)` above it in the module of its family, and give it a table in ``thresholds.toml``.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module

from labeler.core.label import FaultId
from labeler.rules.thresholds import Limits, load_limits

RULES_VERSION = "1"
"""Raised whenever a rule would answer otherwise."""

FAMILIES = ("sequencing", "posture", "tempo")
"""Modules that register rules."""

FeatureRow = Mapping[str, float]
"""Features of one rep, by name."""


class State(StrEnum):
    """Silence and ignorance are different things."""

    FIRED = "fired"
    PASSED = "passed"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison: how far beyond its limit (at least 0) or short of it, and in words."""

    score: float
    words: str

    def __and__(self, other: "Clause") -> "Clause":
        """Both must hold: as strong as the weaker one."""
        return Clause(min(self.score, other.score), f"{self.words} and {other.words}")


def above(value: float, limit: float, words: str) -> Clause:
    """`value` must reach `limit`; `words` says what it is, with ``{}`` for the number."""
    return Clause((value - limit) / abs(limit), f"{words.format(value)} (limit {limit:g})")


def below(value: float, limit: float, words: str) -> Clause:
    """`value` must not exceed `limit`; `words` as in `above`."""
    return Clause((limit - value) / abs(limit), f"{words.format(value)} (limit {limit:g})")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says about one rep.

    Parameters
    ----------
    score : float
        Margin over the limit, in limits: from 0 on it fired; NaN when not applicable.
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
        """Fired when one clause holds; the strongest one speaks."""
        strongest = max(clauses, key=lambda clause: clause.score)
        state = State.FIRED if strongest.score >= 0 else State.PASSED
        return cls(state, strongest.score, strongest.words)


Judge = Callable[[FeatureRow, Limits], Verdict]


@dataclass(frozen=True, slots=True)
class Rule:
    """A hand-written rule for one fault; `needs` are the features without which it cannot tell."""

    fault: FaultId
    needs: tuple[str, ...]
    summary: str
    judge: Judge

    @property
    def limits(self) -> Limits:
        """Its numbers, from the data file."""
        return load_limits()[self.fault]

    def __call__(self, row: FeatureRow) -> Verdict:
        """Judge one rep."""
        missing = [name for name in self.needs if math.isnan(row[name])]
        if missing:
            return Verdict.not_applicable(f"not measured: {', '.join(missing)}")
        return self.judge(row, self.limits)


_REGISTERED: dict[FaultId, Rule] = {}


def rule(fault: str, *, needs: tuple[str, ...]) -> Callable[[Judge], Judge]:
    """Register the function below as the rule for `fault`."""

    def registered(judge: Judge) -> Judge:
        fault_id = FaultId(fault)
        if fault_id in _REGISTERED:
            raise ValueError(f"rule: expected one per fault, got a second for {fault!r}")
        summary = (judge.__doc__ or "").strip().split("\n")[0]
        _REGISTERED[fault_id] = Rule(fault_id, needs, summary, judge)
        return judge

    return registered


def all_rules() -> tuple[Rule, ...]:
    """Every rule, family by family."""
    for family in FAMILIES:
        import_module(f"labeler.rules.{family}")
    return tuple(_REGISTERED.values())
