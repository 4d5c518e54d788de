"""Whether a model that learned from labels beats the hand-written rules, on people it has not seen.

``python benchmarks/learning.py [--quick] [--json] [--view VIEW]``. UI-PRMD (`LABELER_TEST_DATA`):
10 people, squats and sit-to-stands, done as told or wrongly, each seen by a laboratory and by a
consumer's camera in depth. Everything goes the product's own way: see `learning_data`. One athlete
is left out at a time; calibration and threshold come from inside the others. The opponent is any
rule that fires, on the same repetitions.

The faults are of posture and were acted by healthy people: the numbers say how well learning works,
not how well a fault of a real athlete is told.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping

import numpy as np
import truth_data as data
from learning_data import MOVEMENTS, SYSTEMS, VIEW, Material, material, trial_rule
from learning_speed import speeds
from learning_trials import all_trials
from truth_row import Row, at_least

from labeler.core.clip import View
from labeler.evaluate.by_athlete import fit_model, out_of_fold, split_by_athlete
from labeler.evaluate.compare import MODEL, RULES_EVERYWHERE, compare
from labeler.evaluate.comparison import Comparison
from labeler.evaluate.draws import Estimate
from labeler.evaluate.metrics import MethodRow, balanced_accuracy, score_difference
from labeler.evaluate.people import people

TRIED = "deep_squat"
"""The movement that is learned with less, as in the trials behind the design."""

MIN_AUC = {"vicon": 0.97, "kinect": 0.94}
MIN_BALANCED = {"vicon": 0.89, "kinect": 0.88}
MIN_WORST = 0.65
"""What was reached on average over six movements when the design was tried, and a little more."""


def main() -> None:
    """Measure and print; a JSON line if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick",
        action="store_true",
        help="how good it is, and no more",
    )
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    views = [view.value for view in View]
    parser.add_argument("--view", choices=views, default=VIEW.value, help="where the camera stands")
    asked = parser.parse_args()
    if not data.DATA.is_dir():
        sys.exit(f"No test data at {data.DATA}. Set LABELER_TEST_DATA to the folder that holds it.")
    found: dict[str, object] = {"view": asked.view}
    for movement in MOVEMENTS:
        for system in SYSTEMS:
            one = material(movement, system, view=View(asked.view))
            found |= measured(one)
            if not asked.quick and movement == TRIED:
                found |= tried(one)
    found |= means(found)
    if not asked.quick:
        found |= timed()
    if asked.json:
        print(json.dumps(found))


def measured(one: Material) -> dict[str, object]:
    """Compare with the rules on one table, print it; the JSON keys of it."""
    result = compare(one.table, one.rules)
    name = one.name
    n_reps, n_athletes = len(one.table), one.table.n_athletes
    print(f"\n{name}: {n_reps} repetitions of {n_athletes} athletes, {result.protocol.value}")
    for row in result.rows:
        print(f"  {row.method:40} {_line(row)}")
    rows = list(rows_of(name, one.system, result))
    for row in rows:
        met = "met" if row.is_met else f"MISSED {row.limits}"
        print(f"  {row.id:40} {row.value:.3f}, target {row.target}: {met}")
    differences = {f"delta_rules_{part.metric}_{name}": part for part in result.differences}
    for key, part in differences.items():
        print(f"  {key:40} {_interval(part.estimate)}")
    over_trial = _over_trial_rule(one)
    for key, part in over_trial.items():
        print(f"  {key:40} {_interval(part)}")
    verdict = f"{result.verdict.value}; {_about_rules(result)}"
    print(f"  {verdict}; optimism if athletes were mixed {result.optimism:+.3f}", flush=True)
    plain = {row.id: row.as_dict()["value"] for row in rows}
    plain |= {key: _plain(part.estimate) for key, part in differences.items()}
    plain |= {key: _plain(part) for key, part in over_trial.items()}
    balanced = f"delta_rules_balanced_accuracy_{name}"
    return plain | {
        f"delta_rules_{name}": plain.get(balanced),
        f"optimism_gap_{name}": round(result.optimism, 3),
        f"verdict_{name}": result.verdict.value,
        f"n_cut_by_hand_{name}": one.n_cut_by_hand,
    }


def _over_trial_rule(one: Material) -> dict[str, Estimate]:
    """The model against the rule of the trials, and what that reaches by itself."""
    table, said = one.table, trial_rule(one)
    model = out_of_fold(table, split_by_athlete(table).folds, fit=fit_model)
    ones = np.ones((1, len(table)))
    alone = Estimate(float(balanced_accuracy(table.y, said, ones)[0]))
    delta = score_difference(table.y, model, said, group=people(table), metric="balanced_accuracy")
    return {f"ba_trial_rule_{one.name}": alone, f"delta_trial_rule_{one.name}": delta}


def tried(one: Material) -> dict[str, object]:
    """Less to learn from, or worse; printed one by one."""
    found: dict[str, object] = {}
    for trial in all_trials(one):
        print(f"  {trial.key:40} auroc {trial.auc:.3f}  balanced {trial.balanced:.3f}", flush=True)
        found[f"{trial.key}_{one.name}"] = trial.as_plain()
    return found


def means(found: Mapping[str, object]) -> dict[str, object]:
    """Each score over both movements, as the trials behind the design told theirs."""
    print("\nmean of both movements")
    rows = []
    for system in SYSTEMS:
        for name, least in (("auc", MIN_AUC[system]), ("ba", MIN_BALANCED[system])):
            values = [float(str(found[f"{name}_{movement}_{system}"])) for movement in MOVEMENTS]
            rows.append(at_least(f"{name}_{system}", "mean", float(np.mean(values)), least))
    for row in rows:
        met = "met" if row.is_met else "MISSED"
        print(f"  {row.id:40} {row.value:.3f}, target {row.target}: {met}", flush=True)
    return {row.id: row.as_dict()["value"] for row in rows}


def timed() -> dict[str, object]:
    """How long learning and answering take."""
    print("\nspeed")
    found: dict[str, object] = {}
    for row in speeds():
        met = "met" if row.is_met else "MISSED"
        print(f"  {row.id:20} {row.value:8.2f}, target {row.target}: {met}  {row.what}", flush=True)
        found[row.id] = row.as_dict()["value"]
    return found


def rows_of(name: str, system: str, result: Comparison) -> Iterator[Row]:
    """The numbers that have a target."""
    model = _row(result, MODEL)
    auc, balanced = model.estimates["auroc"], model.estimates["balanced_accuracy"]
    worst = float("nan") if model.worst is None else model.worst.balanced_accuracy
    yield at_least(f"auc_{name}", "AUROC", auc.value, MIN_AUC[system], _interval(auc))
    yield at_least(
        f"ba_{name}",
        "balanced accuracy",
        balanced.value,
        MIN_BALANCED[system],
        _interval(balanced),
    )
    yield at_least(f"worst_{name}", "balanced accuracy of the worst athlete", worst, MIN_WORST)


def _row(result: Comparison, method: str) -> MethodRow:
    found = result.row(method)
    assert found is not None, method
    return found


def _about_rules(result: Comparison) -> str:
    """What the rules reach by themselves, silence taken for absent."""
    rules = result.row(RULES_EVERYWHERE)
    if rules is None:
        return "no rule says anything"
    return f"any rule: balanced accuracy {rules.estimates['balanced_accuracy'].value:.3f}"


def _line(row: MethodRow) -> str:
    worst = "" if row.worst is None else f"  worst {row.worst.balanced_accuracy:.2f}"
    told = ("auprc", "auroc", "balanced_accuracy", "f1")
    return "  ".join(f"{name} {row.estimates[name].value:.3f}" for name in told) + worst


def _interval(one: Estimate) -> str:
    if np.isnan(one.low):
        return f"{one.value:.3f}"
    return f"{one.value:+.3f} ({one.low:+.3f} to {one.high:+.3f})"


def _plain(one: Estimate) -> dict[str, float | None]:
    told = {"value": one.value, "low": one.low, "high": one.high}
    return {name: None if np.isnan(value) else round(value, 3) for name, value in told.items()}


if __name__ == "__main__":
    main()
