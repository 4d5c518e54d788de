"""The page of features, from their registry."""

from collections.abc import Iterator

from labeler.features.registry import FEATURES_VERSION, Feature, all_features
from labeler.workflows.printed.markdown import in_code, made_from, table, view_names

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
        " (NaN), never 0. Names end in their unit."
    )
    yield ""
    yield from table(HEAD, (_row(feature) for feature in features))


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
