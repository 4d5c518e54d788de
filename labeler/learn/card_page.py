"""A model card as a page to read: `card.md`, written from `card.json` and never read back."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from labeler.learn.card import ModelCard

CARD_PAGE: Final = "card.md"

_METRICS = {
    "auprc": "AUPRC",
    "auroc": "AUROC",
    "balanced_accuracy": "Balanced accuracy",
    "f1": "F1",
    "brier": "Brier",
}
"""Columns of the table, as the comparison has them."""

UNKNOWN = "cannot tell"


def card_page(card: ModelCard) -> str:
    """Markdown: what the model is, learned from, is worth, is for, and cannot do."""
    parts = (
        [f"# {_plain(card.name)}", "", _what(card), ""],
        ["## Intended use", "", *_bullets(card.intended_use), ""],
        ["## Data", "", *_pairs(_data(card)), ""],
        ["## How good it is", "", *_metrics(card.metrics), ""],
        ["## Limits and warnings", "", *_bullets([*card.limits, *_warnings(card)]), ""],
        ["## Where it comes from", "", *_pairs(_provenance(card)), ""],
    )
    return "\n".join(line for part in parts for line in part)


def data_rows(card: ModelCard) -> dict[str, str]:
    """What it has learned from, by name, in words."""
    return dict(_data(card))


def _what(card: ModelCard) -> str:
    made_up = " It learned from made-up athletes alone." if card.is_synthetic else ""
    members = f" Its answer is the mean of: {', '.join(card.members)}." if card.members else ""
    return (
        f"Answers for every repetition whether *{_plain(card.fault)}* is there at severity "
        f"{card.severity_threshold} or more; it says so from {card.threshold:.2f} on."
        f"{members}{made_up}"
    )


def _data(card: ModelCard) -> Iterator[tuple[str, str]]:
    seen = card.trained_on
    yield "Repetitions", f"{seen.n_reps}, of them {seen.n_present} with the fault"
    yield "Athletes", str(seen.n_athletes)
    yield "Sets and clips", f"{seen.n_sets} sets in {seen.n_clips} clips"
    yield "Movements", _listed(seen.movements)
    yield "Views", _listed(seen.views)
    if seen.fps_range is not None:
        low, high = seen.fps_range
        yield "Frame rates", f"{low:.3g} to {high:.3g} frames per second"
    yield "Raters", _listed(seen.raters)
    yield "Raters agree (κ)", _agreement(seen.agreement)
    if seen.dropped:
        told = (f"{n} ({_plain(code)})" for code, n in seen.dropped.items())
        yield "Left out", ", ".join(told)
    yield "Digest", seen.data_digest or "none: an older card"


def _agreement(found: Mapping[str, float | int | None] | None) -> str:
    if found is None or found.get("kappa") is None:
        return f"{UNKNOWN}: no two raters graded the same repetitions"
    low, high = found.get("low"), found.get("high")
    known = low is not None and high is not None
    interval = f" ({low:.2f} to {high:.2f})" if known else ""
    return f"{found['kappa']:.2f}{interval} over {found.get('n_overlaps')} repetitions"


def _metrics(metrics: Mapping[str, Any]) -> Iterator[str]:
    """The comparison as a table, one line per method."""
    rows = metrics.get("rows") or ()
    if not rows:
        yield f"{UNKNOWN.capitalize()}: it was not tested."
        return
    yield f"Tested by: {metrics.get('protocol')}. Verdict: **{metrics.get('verdict')}**."
    yield ""
    yield "| method | repetitions | " + " | ".join(_METRICS.values()) + " |"
    yield "| --- " * (len(_METRICS) + 2) + "|"
    for row in rows:
        cells = (_estimate(row["estimates"].get(key)) for key in _METRICS)
        yield f"| {_plain(row['method'])} | {row.get('n_reps', '')} | " + " | ".join(cells) + " |"


def _estimate(found: Mapping[str, float | None] | None) -> str:
    if found is None or found.get("value") is None:
        return UNKNOWN
    low, high = found.get("low"), found.get("high")
    known = low is not None and high is not None
    return f"{found['value']:.2f}" + (f" ({low:.2f} to {high:.2f})" if known else "")


def _warnings(card: ModelCard) -> Iterator[str]:
    return (f"{one.level.upper()}: {one.message} {one.hint}".rstrip() for one in card.findings)


def _provenance(card: ModelCard) -> Iterator[tuple[str, str]]:
    yield "Trained", card.created_at
    yield "Seed", "none: an older card" if card.seed is None else str(card.seed)
    yield "Code", card.code_version or "unknown"
    yield "Features", f"version {card.features_version}, {len(card.feature_names)} of them"
    yield "Courses", _listed(card.channel_names)
    yield "Libraries", ", ".join(f"{name} {number}" for name, number in card.libraries.items())
    yield "Machine", ", ".join(card.environment.values()) or "unknown"
    yield "Model file", f"{card.model_file}, SHA-256 {card.sha256}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(_plain, names)) or "none told"


def _bullets(lines: Iterable[str]) -> Iterator[str]:
    return (f"- {_plain(line)}" for line in lines)


def _pairs(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (f"- **{name}**: {value}" for name, value in pairs)


def _plain(text: str) -> str:
    """On one line, and no table cell or tag of its own: names come from people."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
