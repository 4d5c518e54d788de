"""What a comparison says, as rows and sentences that pages and commands show."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labeler.core.clip import Clip, ClipId
from labeler.core.origin import Origin
from labeler.core.rep import RepId, RepRecord
from labeler.evaluate.charts import UNKNOWN, with_interval
from labeler.evaluate.comparison_charts import kappa_beside
from labeler.evaluate.sentences import kappa_words, optimism_words, settling_words
from labeler.evaluate.words import (
    METHOD_HELP,
    METHOD_NAMES,
    METRIC_HELP,
    METRIC_NAMES,
    SHORT_METRICS,
)
from labeler.store.dataset import Dataset

__all__ = ("METHOD_HELP", "METHOD_NAMES", "METRIC_HELP", "METRIC_NAMES")

CANNOT_TELL = "cannot tell"

VERDICTS = {
    "beats the rules": "It beats the hand-written rules.",
    "not shown": "It is not shown to be better than the hand-written rules: the difference may be "
    "chance.",
    "worse": "The hand-written rules are better: use those.",
    "no rule to compare with": "There is no hand-written rule to compare it with.",
}

_WHOM = {"athlete": "athletes it has not seen", "set": "other sets of the same athlete"}
_KNOWN = "athletes that it was trained on"
_EXISTING = "a finished model on labelled clips"


def verdict(metrics: Mapping[str, Any]) -> str:
    """What a comparison comes to, in plain words: how good first, then whether the rules lose."""
    score = _score(metrics, "model")
    if score is None or score["value"] is None:
        return "It cannot be told yet how good the model is."
    said = metrics.get("verdict", CANNOT_TELL)
    is_known = said == CANNOT_TELL and metrics.get("protocol") == _EXISTING
    whom = _KNOWN if is_known else _WHOM.get(metrics.get("group_word", ""), "unseen reps")
    made_up = "synthetic " if is_synthetic(metrics) else ""
    against = VERDICTS.get(said, "Whether it beats the rules cannot be told.")
    return (
        f"The model is right in {percent(score)} of the {made_up}reps of {whom}, where guessing "
        f"is right in 50 %. {against}"
    )


def is_synthetic(metrics: Mapping[str, Any]) -> bool:
    """Whether the numbers are about made-up athletes; older ones do not say and are of people."""
    return bool(metrics.get("is_synthetic", False))


def is_tested(metrics: Mapping[str, Any]) -> bool:
    """Whether there is any score of the model."""
    score = _score(metrics, "model")
    return score is not None and score["value"] is not None


@dataclass(frozen=True, slots=True)
class Headline:
    """One number that a coach asks for first, with its interval."""

    name: str
    value: str
    interval: str
    help: str


def headlines(metrics: Mapping[str, Any]) -> list[Headline]:
    """How often the model, and the rules, are right; faulty and clean reps count alike."""
    behind = ", synthetic" if is_synthetic(metrics) else ""
    found = [
        Headline(f"{name}{behind}", percent(score), _range(score), f"{text} {ALIKE}")
        for name, method, text in _HEADLINES
        if (score := _score(metrics, method)) is not None
    ]
    worst = next(
        (row["worst"] for row in metrics.get("rows", ()) if row["method"] == "model"), None
    )
    if worst is not None and worst["balanced_accuracy"] is not None:
        share = {"value": worst["balanced_accuracy"]}
        found.append(
            Headline(
                f"Worst {metrics.get('group_word')}{behind}", percent(share), worst["name"], ALIKE
            )
        )
    model, raters = kappa_beside(metrics)
    if model != UNKNOWN:
        beside = "" if raters == UNKNOWN else f"raters with each other: {raters}"
        found.append(Headline(f"κ with the raters{behind}", model.split()[0], beside, KAPPA))
    return found


KAPPA = (
    "How far the model agrees with what the raters settled on, beyond chance: 1 is perfect, 0 is "
    "chance. No model can be asked to agree more than the raters do with each other."
)

ALIKE = (
    "Share of reps judged right; reps with and without the fault count alike (50 % is guessing)."
)

_HEADLINES = (
    ("The model", "model", "On people (or sets) that it was not trained on."),
    ("Hand-written rules", "rules, silence as absent", "On the same reps."),
)


def percent(estimate: Mapping[str, float | None]) -> str:
    """A share as people say it: ``83 %``."""
    value = estimate["value"]
    return CANNOT_TELL if value is None else f"{value:.0%}".replace("%", " %")


def comparison_rows(metrics: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row per method; a number comes with its 95 % interval, or says that it cannot be told."""
    origin = {"Clips": Origin.SYNTHETIC.value} if is_synthetic(metrics) else {}
    return [
        {
            "Method": METHOD_NAMES.get(row["method"], row["method"]),
            **origin,
            "Reps": row["n_reps"],
            "With the fault": row["n_present"],
            **{
                name: interval(row["estimates"][key])
                for key, name in METRIC_NAMES.items()
                if key in row["estimates"]  # older cards have fewer
            },
            "Worst": _worst(row["worst"]),
            **({"Middle half": _spread(row["spread"])} if "spread" in row else {}),
        }
        for row in metrics.get("rows", ())
    ]


def short_rows(metrics: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row per method with the few numbers that decide."""
    kept = {METRIC_NAMES[key] for key in SHORT_METRICS}
    dropped = set(METRIC_NAMES.values()) - kept | {"With the fault", "Middle half"}
    return [
        {name: value for name, value in row.items() if name not in dropped}
        for row in comparison_rows(metrics)
    ]


def remarks(metrics: Mapping[str, Any]) -> list[str]:
    """What is told beneath the numbers: what would settle it, the raters' κ, the leak alarm."""
    told = (settling_words(metrics), kappa_words(metrics), optimism_words(metrics))
    return [words for words in told if words]


def interval(estimate: Mapping[str, float | None] | None) -> str:
    """An estimate as people read it: ``0.83 (0.71 to 0.92)``, or alone where that is unknown."""
    words = with_interval(estimate)
    return CANNOT_TELL if words == UNKNOWN else words


_MEASURED = re.compile(r"(?P<name>\w+) = (?P<value>not measured|[^ ;]+) (?P<way>raises|lowers) it")

_UNIT_SIGNS = {"deg": "°", "ms": " ms", "s": " s", "pp": " points", "deg_per_s": "°/s"}


def plain_reason(reason: str) -> str:
    """The reason of a model's answer with the features in words."""
    from labeler.features.registry import all_features

    known = {feature.name: feature for feature in all_features()}

    def say(found: re.Match[str]) -> str:
        feature = known.get(found["name"])
        if feature is None:
            return found[0]
        what = feature.summary.split(";")[0].rstrip(".").removesuffix(" in the rep")
        is_number = found["value"] != "not measured"
        sign = _UNIT_SIGNS.get(feature.unit.value, "") if is_number else ""
        way = "speaks for it" if found["way"] == "raises" else "speaks against it"
        return f"{what} ({found['value']}{sign}) {way}"

    said = _MEASURED.sub(say, reason)
    return said[:1].upper() + said[1:]


def tally(answers: Sequence[str], fault: str) -> str:
    """A model's answers about a clip in one sentence."""
    counts = Counter(answers)
    parts = [f"{words} in {counts[answer]}" for answer, words in _TALLY.items() if counts[answer]]
    return f"{fault}: {', '.join(parts)} of {len(answers)} reps."


_TALLY = {
    "present": "present",
    "absent": "absent",
    "cannot_tell": "cannot tell",
    "not_visible": "not visible",
}


@dataclass(frozen=True, slots=True)
class WorstRep:
    """A rep that the model gets wrong, and where to look at it."""

    rep_id: RepId
    clip_id: str
    title: str
    help: str


def worst_reps(dataset: Dataset, metrics: Mapping[str, Any]) -> list[WorstRep]:
    """The wrong answers that the model was surest of, with the clip that shows each."""
    files = {clip.clip_id: clip.file_name for clip in dataset.clips.all()}
    places = {record.rep_id: record for record in dataset.journal.reps()}
    return [
        _worst_rep(places[wrong["rep_id"]], wrong, files)
        for wrong in metrics.get("worst_reps", ())
        if wrong["rep_id"] in places
    ]


def _worst_rep(
    record: RepRecord, wrong: Mapping[str, Any], files: Mapping[ClipId, str]
) -> WorstRep:
    said, answered = ("present", "absent") if wrong["is_present"] else ("absent", "present")
    place = f"{files[record.clip_id]}, rep {record.index}"
    return WorstRep(
        record.rep_id,
        record.clip_id,
        f"{place}: raters say {said}, the model {answered}",
        f"The model's score for present is {wrong['probability']:.0%}. Click to look at the rep.",
    )


def cameras_of(clips: Iterable[Clip]) -> dict[str, str]:
    """What filmed each clip, by clip id: its upright picture, as files seldom tell the camera."""
    return {clip.clip_id: f"{clip.width_px} × {clip.height_px} pixels" for clip in clips}


def rules_used(metrics: Mapping[str, Any]) -> str:
    """Which rules and limits the model was compared with; empty where nobody recorded it."""
    version = metrics.get("rules_version")
    return f"Rules and their limits: version {version}." if version else ""


def _score(metrics: Mapping[str, Any], method: str) -> Mapping[str, float | None] | None:
    """The balanced accuracy of a method; None where it has no row."""
    rows = (row for row in metrics.get("rows", ()) if row["method"] == method)
    found: Mapping[str, float | None] | None = next(
        (row["estimates"].get("balanced_accuracy") for row in rows), None
    )
    return found


def _range(estimate: Mapping[str, float | None]) -> str:
    """The interval of a share, empty where it is not known."""
    low, high = estimate["low"], estimate["high"]
    if low is None or high is None:
        return ""
    return f"95 % interval: {100 * low:.0f} to {100 * high:.0f} %"


def _spread(spread: Mapping[str, Any] | None) -> str:
    return CANNOT_TELL if spread is None else f"{spread['low']:.2f} to {spread['high']:.2f}"


def _worst(worst: Mapping[str, Any] | None) -> str:
    if worst is None or worst["balanced_accuracy"] is None:
        return CANNOT_TELL
    return f"{worst['balanced_accuracy']:.2f} ({worst['name']})"
