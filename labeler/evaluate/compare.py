"""One table for the model, the rules and the baselines: same reps, same athletes, intervals."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from labeler.core.arrays import AnyArray, BoolArray, FloatArray, IntArray
from labeler.core.finding import Finding
from labeler.evaluate.abstention import coverage_curve
from labeler.evaluate.agreement import FaultAgreement
from labeler.evaluate.by_athlete import (
    Split,
    fit_model,
    fit_posture,
    fit_stump,
    mixed_scores,
    out_of_fold,
    posture_columns,
    split_by_athlete,
)
from labeler.evaluate.comparison import (
    Comparison,
    Difference,
    GroupScore,
    Protocol,
    RaterKappa,
    Verdict,
    WrongRep,
)
from labeler.evaluate.lots import about_choice, lot_rows
from labeler.evaluate.metrics import (
    MethodRow,
    Scores,
    balanced_accuracy,
    by_group,
    pr_curve,
    score_difference,
    score_method,
)
from labeler.evaluate.people import people
from labeler.evaluate.power import settling
from labeler.evaluate.reliability import reliability
from labeler.evaluate.sentences import MAX_OPTIMISM, VERDICT_METRIC
from labeler.evaluate.slices import slices_of
from labeler.learn.table import LabeledTable
from labeler.learn.train import check_trainable
from labeler.rules.registry import DECIDED, State

SHOWN_DIFFERENCES = ("auprc", "balanced_accuracy")
N_WORST_REPS = 12

MODEL = "model"
MODEL_WHERE_RULES = "model, where the rules apply"
RULES_WHERE_APPLICABLE = "rules, where they apply"
RULES_EVERYWHERE = "rules, silence as absent"
STUMP = "one learned threshold"
POSTURE = "logistic on posture alone"
PREVALENCE = "prevalence only"
MIXED = "model, reps mixed at random (too good)"


@dataclass(frozen=True, slots=True)
class About:
    """What else is known of the labelled reps.

    Parameters
    ----------
    agreement : FaultAgreement | None
        How far raters agree about the fault.
    cameras : Mapping[str, str]
        What filmed each clip, by clip id, in words.
    by_lot, by_choice : frozenset[str]
        Reps that were labelled because the lot drew them, and because of what they teach.
    """

    agreement: FaultAgreement | None = None
    cameras: Mapping[str, str] = field(default_factory=dict)
    by_lot: frozenset[str] = frozenset()
    by_choice: frozenset[str] = frozenset()


def compare(
    table: LabeledTable, rules: pd.DataFrame | None = None, *, about: About | None = None
) -> Comparison:
    """Train and test in folds that hold each athlete together, beside rules and baselines.

    Parameters
    ----------
    table : LabeledTable
        One fault; the same table that the model is trained on.
    rules : pandas.DataFrame | None
        As `labeler.rules` gives them: rep_id, fault, state, score, version; other faults and reps
        are ignored.

    Raises
    ------
    LearningError
        The table cannot train a model at all.
    """
    check_trainable(table)
    split = split_by_athlete(table)
    model = out_of_fold(table, split.folds, fit=fit_model)
    mixed = mixed_scores(table)
    optimism = _balanced(table, mixed) - _balanced(table, model)
    rows = (
        _row(STUMP, table, scores=out_of_fold(table, split.folds, fit=fit_stump)),
        *_posture_rows(table, split),
        _row(PREVALENCE, table, scores=_prevalence(table)),
        _row(MIXED, table, scores=mixed),
    )
    findings = (*table.findings, *split.findings, *_leak_alarm(table.group_word, optimism))
    evidence = Evidence(split.protocol, model, rows, findings, optimism, about or About())
    return assemble(evidence, table=table, rules=rules)


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What is known about a model before it is set beside the rules."""

    protocol: Protocol
    model: Scores
    baselines: tuple[MethodRow, ...]
    findings: tuple[Finding, ...]
    optimism: float = np.nan
    about: About = field(default_factory=About)


def assemble(evidence: Evidence, *, table: LabeledTable, rules: pd.DataFrame | None) -> Comparison:
    """Set a model's scores beside the rules', on the same reps."""
    said, applies, is_close = _rule_scores(table, rules)
    rule_rows = _rule_rows(evidence.model, said, applies=applies, table=table)
    differences = _differences(evidence.model, said, applies=applies, table=table)
    return Comparison(
        fault=table.fault.id,
        protocol=evidence.protocol,
        group_word=table.group_word,
        n_athletes=table.n_athletes,
        rows=(
            _row(MODEL, table, scores=evidence.model),
            *lot_rows(table, evidence.model, evidence.about.by_lot),
            *rule_rows,
            *evidence.baselines,
        ),
        differences=differences,
        verdict=_verdict(differences),
        optimism=evidence.optimism,
        pr_points=tuple(pr_curve(table.y, evidence.model)),
        rule_point=_point(table.y, said.is_fired) if applies.any() else None,
        worst_reps=_worst_reps(table, evidence.model),
        probabilities=dict(zip(table.rep_ids, evidence.model.score.tolist(), strict=True)),
        findings=(
            *evidence.findings,
            *_about_rules(applies, is_close),
            *about_choice(table, evidence.about.by_lot, evidence.about.by_choice),
        ),
        dropped={part.code: part.n_reps for part in table.dropped},
        rules_version=_version(rules),
        is_synthetic=table.is_synthetic,
        groups=_groups(table, evidence.model, said if applies.any() else None),
        abstention=coverage_curve(table.y, evidence.model, group=people(table)),
        reliability=reliability(table.y, evidence.model),
        slices=slices_of(table, evidence.model, cameras=evidence.about.cameras),
        raters=_raters(evidence.about.agreement),
    )


def _raters(agreement: FaultAgreement | None) -> RaterKappa | None:
    """The κ between raters; None where no two have graded the same rep."""
    if agreement is None or not agreement.n_overlaps:
        return None
    return RaterKappa(agreement.kappa, agreement.n_overlaps, len(agreement.raters))


def _groups(table: LabeledTable, model: Scores, said: Scores | None) -> tuple[GroupScore, ...]:
    """Every athlete (or set) with both answers, the worst first; empty without scores."""
    if np.isnan(model.score).any():
        return ()
    who = people(table)
    of_model = by_group(table.y, model, who)
    of_rules = {} if said is None else by_group(table.y, said, who)
    found = []
    for name in sorted(of_model, key=of_model.__getitem__):
        y = table.y[who.astype(str) == name]
        rules = of_rules.get(name, np.nan)
        found.append(GroupScore(name, int(y.size), int(y.sum()), of_model[name], rules))
    return tuple(found)


def _posture_rows(table: LabeledTable, split: Split) -> tuple[MethodRow, ...]:
    """The opponent that knows no timing; none where the table has no feature of posture."""
    if not posture_columns(table):
        return ()
    scores = out_of_fold(table, split.folds, fit=fit_posture)
    return (_row(POSTURE, table, scores=scores),)


def _rule_scores(
    table: LabeledTable, rules: pd.DataFrame | None
) -> tuple[Scores, BoolArray, BoolArray]:
    """What the rule says on every rep of the table, where it says yes or no, where it is too close.

    Where it abstains it counts as not fired. Too close to call, it still ranks by its score; not
    applicable, it ranks below all others.
    """
    nowhere = np.zeros(len(table), dtype=np.bool_)
    if rules is None:
        return Scores(np.full(len(table), -np.inf), nowhere, False), nowhere, nowhere
    said = rules[rules["fault"] == table.fault.id].set_index("rep_id")
    said = said.reindex(table.features.index)
    score = said["score"].to_numpy(np.float64)
    is_fired = (said["state"] == State.FIRED).to_numpy(np.bool_)
    is_close = (said["state"] == State.TOO_CLOSE).to_numpy(np.bool_)
    applies = said["state"].isin(DECIDED).to_numpy(np.bool_)
    return Scores(np.where(np.isnan(score), -np.inf, score), is_fired, False), applies, is_close


def _version(rules: pd.DataFrame | None) -> str | None:
    """Which rules and limits answered; None where nobody did."""
    if rules is None or rules.empty or "version" not in rules:
        return None
    return str(rules["version"].iloc[0])


def _rule_rows(
    model: Scores, said: Scores, *, applies: BoolArray, table: LabeledTable
) -> tuple[MethodRow, ...]:
    """The rules where they apply, the model on exactly those reps, and the rules everywhere."""
    if not applies.any():
        return ()
    y, group = table.y[applies], people(table)[applies]
    return (
        score_method(RULES_WHERE_APPLICABLE, y, said.take(applies), group=group),
        score_method(MODEL_WHERE_RULES, y, model.take(applies), group=group),
        _row(RULES_EVERYWHERE, table, scores=said),
    )


def _row(method: str, table: LabeledTable, *, scores: Scores) -> MethodRow:
    """The line of a method on every rep of the table."""
    return score_method(method, table.y, scores, group=people(table))


def _differences(
    model: Scores, said: Scores, *, applies: BoolArray, table: LabeledTable
) -> tuple[Difference, ...]:
    """Model minus rules where the rules apply; empty without rules."""
    if not applies.any():
        return ()
    y, group = table.y[applies], people(table)[applies]
    first, second = model.take(applies), said.take(applies)
    return tuple(
        _difference(y, first, second, group=group, metric=metric) for metric in SHOWN_DIFFERENCES
    )


def _difference(
    y: IntArray, first: Scores, second: Scores, *, group: AnyArray, metric: str
) -> Difference:
    """One difference, and how many athletes would settle it; nothing settles what has no value."""
    estimate = score_difference(y, first, second, group=group, metric=metric)
    if math.isnan(estimate.value):
        return Difference(metric, int(y.size), estimate)
    pairs = (by_group(y, scores, group, metric=metric) for scores in (first, second))
    by_first, by_second = (np.array(list(found.values())) for found in pairs)
    needed = settling(estimate.value, by_first - by_second, n_groups=len(set(group)))
    return Difference(metric, int(y.size), estimate, needed)


def _verdict(differences: tuple[Difference, ...]) -> Verdict:
    """Read off the interval of the metric fixed beforehand."""
    if not differences:
        return Verdict.NO_RULE
    found = next(d.estimate for d in differences if d.metric == VERDICT_METRIC)
    if math.isnan(found.value):
        return Verdict.CANNOT_TELL
    if found.low > 0:
        return Verdict.BEATS
    return Verdict.WORSE if found.high < 0 else Verdict.NOT_SHOWN


def _prevalence(table: LabeledTable) -> Scores:
    """The share of present reps as everybody's probability."""
    share = float(table.y.mean())
    return Scores(np.full(len(table), share), np.full(len(table), share >= 0.5))


def _balanced(table: LabeledTable, scores: Scores) -> float:
    """Balanced accuracy on all reps; NaN where there are no scores."""
    if np.isnan(scores.score).any():
        return np.nan
    return float(balanced_accuracy(table.y, scores, np.ones((1, len(table))))[0])


def _point(y: IntArray, is_fired: BoolArray) -> tuple[float, float] | None:
    """Recall and precision of what fires; None where nothing does."""
    if not is_fired.any() or not y.any():
        return None
    n_hits = float((is_fired & (y == 1)).sum())
    return n_hits / float(y.sum()), n_hits / float(is_fired.sum())


def _worst_reps(table: LabeledTable, model: Scores) -> tuple[WrongRep, ...]:
    """The wrong answers that the model was surest of, worst first."""
    miss: FloatArray = np.abs(model.score - table.y)
    is_wrong = (model.is_fired != (table.y == 1)) & np.isfinite(miss)
    rows = np.flatnonzero(is_wrong)
    rows = rows[np.argsort(-miss[rows], kind="stable")][:N_WORST_REPS]
    return tuple(
        WrongRep(
            rep_id=table.rep_ids[n],
            is_present=bool(table.y[n]),
            probability=float(model.score[n]),
            miss=float(miss[n]),
        )
        for n in rows
    )


def _leak_alarm(group_word: str, optimism: float) -> tuple[Finding, ...]:
    """A finding where mixing athletes would have flattered the model."""
    if not optimism > MAX_OPTIMISM:
        return ()
    message = (
        f"Mixing the reps of each {group_word} between training and test would raise balanced "
        f"accuracy by {optimism:.2f}: that is optimism, not skill."
    )
    hint = f"Trust the scores on an unseen {group_word}, and never a random split."
    return (Finding("leak_alarm", message, hint=hint),)


def _about_rules(applies: BoolArray, is_close: BoolArray) -> tuple[Finding, ...]:
    """How many reps the comparison with the rules rests on."""
    n_reps, n_close = int(applies.sum()), int(is_close.sum())
    if n_reps == applies.size:
        return ()
    close = f" {n_close} are too close to call." if n_close else ""
    if n_reps == 0:
        message = f"No rule decides any of these reps, so there is no comparison.{close}"
        return (Finding("no_rule", message),)
    message = f"The rules decide {n_reps} of {applies.size} reps; they are compared on those."
    return (Finding("rules_apply_to_some", message + close),)
