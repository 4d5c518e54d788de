"""What a comparison comes to, in sentences that pages and reports share. Imports nothing heavy."""

from labeler.evaluate.charts import UNKNOWN, Plain
from labeler.evaluate.comparison_charts import kappa_beside

MAX_OPTIMISM = 0.05
"""Gain in balanced accuracy from mixing athletes above which the leak alarm rings."""

VERDICT_METRIC = "auprc"
"""Fixed before looking: the verdict about the rules is read off this difference alone."""

MANY_MORE = 1000
"""More athletes than this are not counted out: nobody films them to settle so small a gain."""


def optimism_words(metrics: Plain) -> str:
    """What a split that mixes athletes would add; empty where it is not known."""
    gain = metrics.get("optimism")
    if gain is None:
        return ""
    word = metrics.get("group_word", "athlete")
    rings = "the alarm rings" if gain > MAX_OPTIMISM else "no alarm"
    return (
        f"Leak alarm: with the reps of each {word} mixed between training and test, balanced "
        f"accuracy would change by {gain:+.2f} ({rings}: it rings above {MAX_OPTIMISM:+.2f})."
    )


def settling_words(metrics: Plain) -> str:
    """How many more athletes would settle whether the rules lose; empty where that is settled."""
    if metrics.get("verdict") != "not shown":
        return ""
    found = next((d for d in metrics.get("differences", ()) if d["metric"] == VERDICT_METRIC), None)
    needs = None if found is None else found.get("settling")
    if needs is None:
        return ""
    word = metrics.get("group_word", "athlete")
    if needs["n_more"] is None:
        return "On these reps both rank equally well: there is no difference that more could show."
    if needs["n_more"] > MANY_MORE:
        return f"The difference is so small that more than {MANY_MORE:,} {word}s would not show it."
    return f"If the difference stays as it is, {_how_many(needs['n_more'], word)}{_spread(needs)}."


def _how_many(n_more: int, word: str) -> str:
    """How many more would settle it."""
    if n_more == 0:
        return f"a few more {word}s would settle it"
    return f"about {n_more} more {word}{'' if n_more == 1 else 's'} would settle it"


def _spread(needs: Plain) -> str:
    """Where the spread between athletes comes from, where it is not from here."""
    if needs["is_measured"]:
        return ""
    return (
        f", going by the spread of {needs['sd']:.2f} between the athletes of a published data set: "
        "too few here have reps of both kinds"
    )


def kappa_words(metrics: Plain) -> str:
    """How far the model agrees with the raters, and they with each other; empty where unknown."""
    model, raters = kappa_beside(metrics)
    if model == UNKNOWN:
        return ""
    beside = f"the raters with each other {raters}"
    if raters == UNKNOWN:
        beside = "the raters with each other: not known, as no two of them have rated enough alike"
    return f"Agreement beyond chance (κ): the model with the raters {model}; {beside}."
