"""The page of features, from their registry."""

from collections.abc import Iterator

from labeler.features.baseline import HAS_BASELINE, MIN_GOOD_REPS, WHOSE, changed_name
from labeler.features.registry import FEATURES_VERSION, Feature, all_features
from labeler.workflows.printed.markdown import in_code, made_from, table, view_names

CHANGED = "trunk_incl_max_deg"
"""An example of a feature that is compared."""

HEAD = ("feature", "unit", "what it says", "use when", "needs", "views", "source")


def features_page() -> Iterator[str]:
    """Every feature, in the order of the table's columns."""
    features = all_features()
    yield "# Features"
    yield ""
    yield made_from("the registry in `labeler/features`")
    yield ""
    yield (
        f"Features version {FEATURES_VERSION}: {len(features)} features of one repetition. A"
        " feature whose signals are not known, or which the camera's view does not show, is missing"
        " (NaN), never 0. Names end in their unit. Who leads is read from the channels that the"
        " movement names, and seen where those are: a lean from the side and at 45°, a turn from"
        " the front, the rear and at 45°."
    )
    yield ""
    yield from table(HEAD, (_row(feature) for feature in features))
    yield ""
    yield from _changes()


def _changes() -> Iterator[str]:
    """What `labeler features --baseline` prints."""
    same = ", ".join(WHOSE[:-1]) + f" and {WHOSE[-1]}"
    yield "## Changes from the athlete's own"
    yield ""
    yield (
        "`labeler features --baseline` takes the mean of the repetitions that a coach has marked"
        f" *all clear* away, for the same {same}: at least {MIN_GOOD_REPS} of them, besides the one"
        " that is looked at. A feature that is compared changes its name, such as"
        f" `{CHANGED}` to `{changed_name(CHANGED)}`, so that raw values and changes never share a"
        f" column; without a baseline it is missing. `{HAS_BASELINE}` is 1 where there is one. Not"
        " compared are standard errors, spreads over a set, counts and what tells of the recording."
    )
    yield ""
    yield (
        "A repetition is never compared with itself, and the repetitions of an athlete have a"
        " baseline all or none, good or not. A model that learns from changes still needs a few"
        " repetitions that somebody has judged before; those must not be scored."
    )


def _row(feature: Feature) -> tuple[str, ...]:
    return (
        f"`{feature.name}`",
        feature.unit.value,
        feature.summary,
        feature.when,
        in_code(feature.needs),
        view_names(feature.views),
        feature.source,
    )
