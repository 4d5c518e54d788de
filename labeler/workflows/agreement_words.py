"""What agreement between raters comes to, in plain words."""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from labeler.core.finding import Finding, Level
from labeler.evaluate.agreement import FaultAgreement
from labeler.evaluate.agreement_verdict import (
    HIGH_PABAK,
    MIN_KAPPA_TO_LEARN,
    MIN_KAPPA_WITHOUT_WARNING,
    MIN_OVERLAP_RATIO,
    MIN_OVERLAPS_FOR_VERDICT,
    Gate,
    band,
    gate,
)
from labeler.evaluate.draws import MIN_GROUPS_FOR_INTERVAL, Estimate
from labeler.workflows.results import interval


@dataclass(frozen=True, slots=True)
class Statistic:
    """One way to put agreement into a number: its short name, what it says, and its source."""

    name: str
    help: str
    source: str


STATISTICS = {
    "kappa": Statistic(
        "κ",
        "Cohen's kappa: agreement on *present or not*, beyond what two raters reach by chance. "
        "1 is perfect, 0 is chance. With more than two raters, the mean over their pairs. "
        "The verdict is read off this number.",
        "Cohen 1960; mean over pairs: Light 1971, weighted by the pairs' overlaps",
    ),
    "kappa_quadratic": Statistic(
        "Weighted κ",
        "Kappa over the severities 0 to 3, where two steps apart count four times as much as one. "
        "Higher than κ when raters see the same but grade it a little differently.",
        "Cohen 1968; quadratic weights: Fleiss & Cohen 1973",
    ),
    "kappa_linear": Statistic(
        "Linear κ",
        "The same with two steps apart counting twice as much as one.",
        "Cohen 1968; linear weights: Cicchetti & Allison 1971",
    ),
    "alpha_ordinal": Statistic(
        "α",
        "Krippendorff's alpha over the severities 0 to 3 as an order. Uses every repetition that "
        "two or more raters graded, whoever they are. 1 is perfect, 0 is chance.",
        "Krippendorff 2011",
    ),
    "fleiss_kappa": Statistic(
        "Fleiss κ",
        "Kappa of all raters at once on *present or not*, over the repetitions that every one of "
        "them graded.",
        "Fleiss 1971",
    ),
    "pabak": Statistic(
        "PABAK",
        "Agreement on *present or not* as if both were equally frequent. Stays high for a rare "
        "fault, where κ falls although raters agree.",
        "Byrt, Bishop & Carlin 1993",
    ),
    "agreed_ratio": Statistic(
        "Agreed",
        "Share of the repetitions on which two raters say the same about *present or not*. Much of "
        "it can be chance.",
        "",
    ),
}
"""The statistics of `labeler.evaluate.agreement`, the one that decides first."""

GATES = {
    Gate.READY: "Ready",
    Gate.WARN: "With care",
    Gate.NOT_READY: "Not ready",
    Gate.CANNOT_TELL: "Cannot tell",
}
"""Whether a model may learn a fault, in a word or two."""

GATE_HELP = (
    f"Whether a model may learn this fault from these labels: not from a κ below "
    f"{MIN_KAPPA_TO_LEARN}, with care below {MIN_KAPPA_WITHOUT_WARNING}. Nobody can tell from "
    f"fewer than {MIN_OVERLAPS_FOR_VERDICT} repetitions that two raters graded."
)
"""How the gates come about."""


def number(estimate: Estimate) -> str:
    """An estimate as people read it: with its interval, or that it cannot be told."""
    plain = asdict(estimate).items()
    return interval({name: value if math.isfinite(value) else None for name, value in plain})


def verdict(found: FaultAgreement) -> str:
    """What the agreement on a fault comes to, in one plain sentence."""
    kappa = found.kappa.value
    told = f"κ {kappa:.2f} ({band(kappa)})"
    match found.gate:
        case Gate.READY:
            return f"Raters agree well enough to learn from: {told}."
        case Gate.WARN:
            return f"Raters agree only partly: {told}. No model can be better than its labels."
        case Gate.NOT_READY:
            return (
                f"Not ready for a model: {told}, less than {MIN_KAPPA_TO_LEARN}. Go through the "
                "rater sheet together before anybody rates more."
            )
    return f"Whether raters agree cannot be told: {_why_not(found)}"


def readiness(found: FaultAgreement) -> Finding | None:
    """What a model's card says about its raters; None where they agree well enough."""
    code, level, hint = _READINESS[found.gate]
    return Finding(code, verdict(found), level, hint) if code else None


_READINESS = {
    Gate.READY: ("", Level.INFO, ""),
    Gate.WARN: (
        "raters_agree_partly",
        Level.WARNING,
        "Settle the disputes, and go through the rater sheet together.",
    ),
    Gate.NOT_READY: (
        "raters_disagree",
        Level.BAD,
        "This model was trained although its raters disagree: what it learned is in doubt.",
    ),
    Gate.CANNOT_TELL: (
        "agreement_unknown",
        Level.INFO,
        f"Let a second rater go through {100 * MIN_OVERLAP_RATIO:.0f} % of the repetitions.",
    ),
}


def _why_not(found: FaultAgreement) -> str:
    """What is missing for a verdict."""
    if not found.n_overlaps:
        return "no repetition was graded by two raters."
    if found.n_overlaps < MIN_OVERLAPS_FOR_VERDICT:
        return (
            f"two raters graded {count_reps(found.n_overlaps)}, and a verdict needs "
            f"{MIN_OVERLAPS_FOR_VERDICT}."
        )
    return (
        "all their answers are on the same side of the threshold, so agreement cannot be told from "
        f"habit. They agree on {found.estimates['agreed_ratio'].value:.0%} of the repetitions; "
        "rate some that show the fault."
    ).replace("% ", " % ")


def findings(found: FaultAgreement) -> tuple[Finding, ...]:
    """What to know before believing the numbers of a fault."""
    return tuple(
        finding for check in (_too_few, _rare, _wide, _no_interval) for finding in check(found)
    )


def _too_few(found: FaultAgreement) -> Iterable[Finding]:
    if found.n_overlaps and found.overlap_ratio < MIN_OVERLAP_RATIO:
        yield Finding(
            "few_overlaps",
            f"Two raters graded {found.n_overlaps} of {count_reps(found.n_reps)}; "
            f"{100 * MIN_OVERLAP_RATIO:.0f} % or more is asked for.",
            hint="Let a second rater go through more of the sets.",
        )


def _rare(found: FaultAgreement) -> Iterable[Finding]:
    pabak = found.estimates["pabak"].value
    if found.kappa.value < MIN_KAPPA_WITHOUT_WARNING and pabak >= HIGH_PABAK:
        yield Finding(
            "one_sided",
            "Raters mostly say the same, but nearly always the same answer, which makes κ low.",
            Level.INFO,
            f"PABAK ({pabak:.2f}) is not affected. Rate repetitions of which more show the fault.",
        )


def _wide(found: FaultAgreement) -> Iterable[Finding]:
    kappa = found.kappa
    if found.gate is Gate.CANNOT_TELL or math.isnan(kappa.low):
        return
    ends = [gate(Estimate(end), MIN_OVERLAPS_FOR_VERDICT) for end in (kappa.low, kappa.high)]
    if ends[0] != ends[1]:
        yield Finding(
            "wide_interval",
            f"κ may be anything from {kappa.low:.2f} to {kappa.high:.2f}, so the verdict is not "
            "settled.",
            Level.INFO,
            "Repetitions of further athletes that two raters grade make it surer.",
        )


def _no_interval(found: FaultAgreement) -> Iterable[Finding]:
    if 0 < found.n_athletes < MIN_GROUPS_FOR_INTERVAL:
        people = "1 athlete" if found.n_athletes == 1 else f"{found.n_athletes} athletes"
        yield Finding(
            "no_interval",
            f"No intervals: two raters graded repetitions of {people}, and resampling needs "
            f"{MIN_GROUPS_FOR_INTERVAL}.",
            Level.INFO,
            "With so few people, the next one can change everything. Athletes without a name count "
            "as one person: name them on the Library page.",
        )


def count_reps(n: int) -> str:
    """How many repetitions, in words."""
    return "1 repetition" if n == 1 else f"{n} repetitions"
