"""The page of hand-written rules, from their registry and their limits."""

import math
from collections.abc import Iterator

from labeler.catalog import Catalog
from labeler.features.detection import MIN_SLOPE, Measured, made_words, measured
from labeler.rules.registry import Rule, all_rules
from labeler.rules.thresholds import Limit, Limits, load_limits
from labeler.workflows.printed.markdown import in_code, made_from, table, view_names

ANSWERS = (
    "- *fired*: at least one clause is beyond its limit by more than the uncertainty.",
    "- *passed*: every clause was measured, and each stays short of its limit by more than the"
    " uncertainty. What was not measured is never a pass.",
    "- *too close to call*: no clause is clearly beyond its limit, and one may be: it is within its"
    " uncertainty. Of a lag that is its detection limit: by movement, view and frame rate as in the"
    " table below, or by the noise of that rep where that is larger.",
    "- *not applicable*: the view cannot show the fault or was not told, the movement is not"
    " judged, or a clause that could still fire was not measured. The answer says which.",
)

TO_CHANGE = (
    "To change a limit for a dataset: `labeler rules limits --init` writes `rules.toml` into its"
    " folder, with every limit and what it means. `labeler rules limits` lists those in force."
    " Every answer carries the version of the rules and a digest of the limits that gave it."
    " `python benchmarks/rule_bands.py` prints the errors that were measured here."
)


MEASURED_HEADS = (
    *("movement", "view", "fps", "lag or turn", "clips", "repetitions", "slope", "SD"),
    *("limit", "90 %", "of eight", "landmarks", "why it cannot be shown"),
)


def rules_page(catalog: Catalog) -> Iterator[str]:
    """Every rule with its numbers and where they come from."""
    rules, book = all_rules(), load_limits()
    yield "# Rules"
    yield ""
    yield made_from("the registry in `labeler/rules` and its `thresholds.toml`")
    yield ""
    yield (
        f"Version {book.version}: {len(rules)} hand-written rules, one per fault. They are the"
        " baseline that a trained model has to beat, and no norms: *prior* marks a number that"
        " nobody has measured. A rule has one or more clauses and answers:"
    )
    yield ""
    yield from ANSWERS
    yield ""
    yield (
        "The score is the margin over the limit, in limits, of the strongest clause: from 0 on it"
        " is beyond it. The last two answers abstain: where a model is compared with the rules,"
        " they count neither as yes nor as no."
    )
    yield ""
    yield TO_CHANGE
    yield ""
    yield from _detection_limits()
    for rule in rules:
        yield from _rule_section(rule, book[rule.fault], catalog)


TURNS = (
    "Turns are read from the depth that the network guesses for each joint, and from the front it"
    " guesses that hardly anything turns. Three ways out were weighed. *Optical flow* in a band at"
    " the hips and one at the chest grows with the turn, at about half its size: no more arrives"
    " than by landmarks, clothes and arms move the bands too, every clip would have to be decoded"
    " again, and the sign is lost where the turn passes the front. *The width* of the shoulder and"
    " the hip line in the picture follows the turn better than depth does, yet is the same for left"
    " and right and blind within 20° of the front: models have it (`shoulder_width_ratio`,"
    " `pelvis_width_ratio`), rules do not. *A reading multiplied* by what is lost has a limit that"
    " is as much wider, which is the limit of this table. So rules refuse, and"
    " [features](features.md) of which nothing arrives are missing."
)
"""Why turns are refused rather than read otherwise."""


def _detection_limits() -> Iterator[str]:
    yield "## What lags and turns can be told from video"
    yield ""
    yield (
        "Measured on made-up athletes, whose every angle is known: rendered, seen by the pose"
        " network and measured by this program. *Slope*: measured per true. *Limit*: the smallest"
        " that one repetition tells from none (5 % false alarms, 95 % power; what is measured where"
        " there is none counts in full), and of the mean of eight. *90 %*: where that limit may be"
        " with other athletes and cameras, from what it becomes without each clip in turn; without"
        " an upper end it hangs on one clip. *Landmarks*: the same from true landmarks with the"
        " noise of a phone in a gym, so that the rest is what the network costs."
        f" Where the slope is below {MIN_SLOPE:g}, or the limit more than repetitions show, rules"
        " say that the view cannot show it. Between the frame rates: along a line over their"
        " logarithm. Where nobody measured a movement from a view, rules take the widest limit of"
        " all lifts, or of all turns, from there and say so; where there is none they refuse."
    )
    yield ""
    yield TURNS
    yield ""
    yield f"Made by {made_words()}."
    yield ""
    yield from table(MEASURED_HEADS, (_measured_cells(one) for one in measured()))
    yield ""


def _measured_cells(one: Measured) -> tuple[str, ...]:
    return (
        f"`{one.movement}`",
        one.view.words,
        f"{one.fps:g}",
        f"`{one.name}`",
        f"{one.n_clips}",
        f"{one.n_reps}",
        "" if one.is_unseen else f"{one.slope:.2f}",
        "" if one.is_unseen else f"{one.sd:.0f}",
        _limit_words(one.limit),
        _interval_words(one.limit_low, one.limit_high),
        _limit_words(one.set_limit),
        _limit_words(one.landmarks_limit),
        one.why_not,
    )


def _limit_words(limit: float) -> str:
    if math.isnan(limit):
        return ""
    return "never" if math.isinf(limit) else f"{limit:.0f}"


def _interval_words(low: float, high: float) -> str:
    if math.isnan(high):
        return ""
    return f"{low:.0f} to {high:.0f}" if math.isfinite(high) else f"{low:.0f} and more"


def _rule_section(rule: Rule, limits: Limits, catalog: Catalog) -> Iterator[str]:
    fault = catalog.fault(rule.fault)
    yield f"## {rule.fault}"
    yield ""
    yield f"[{fault.name}](faults.md#{rule.fault}). {rule.summary}"
    yield ""
    yield f"- Compares: {in_code(rule.needs)}"
    if rule.helps:
        yield f"- How sure those are: {in_code(rule.helps)}"
    if limits.movements:
        yield f"- Judges only: {in_code(limits.movements)}; of the others: {limits.why}"
    shown = limits.views or (*fault.views, *fault.weak_views)
    why = f"; {limits.why}" if limits.views else ""
    yield f"- Judges only the views: {view_names(shown)}{why}"
    yield ""
    heads = ("limit", "value", "±", "evidence", "meaning and source", "why that uncertainty")
    yield from table(heads, (_cells(limit) for limit in limits.values.values()))
    yield ""


def _band(limit: Limit) -> str:
    if limit.oblique_uncertainty is None:
        return f"{limit.uncertainty:g}"
    return f"{limit.uncertainty:g}; from 45°: {limit.oblique_uncertainty:g}"


def _cells(limit: Limit) -> tuple[str, ...]:
    where = f" Only in {in_code(limit.movements)}." if limit.movements else ""
    fps = f" Only from {limit.min_fps:g} fps on." if limit.min_fps else ""
    off = "" if limit.is_used else " Not used unless a coach says so: `is_used = true`."
    return (
        f"`{limit.name}`",
        f"{limit.value:g}",
        _band(limit),
        limit.evidence.value,
        f"{limit.says}. {limit.source[:1].upper()}{limit.source[1:]}.{where}{fps}{off}",
        limit.uncertainty_source,
    )
