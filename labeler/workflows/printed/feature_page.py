"""The page of features, from their registry."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module

from labeler.catalog import Movement, load_catalog
from labeler.core.clip import View
from labeler.features.baseline import HAS_BASELINE, MIN_GOOD_REPS, WHOSE, changed_name
from labeler.features.detection import made_words, measured
from labeler.features.posture import FEATURE_NAMES, STATISTICS
from labeler.features.registry import (
    FAMILIES,
    Feature,
    Role,
    all_features,
    features_version,
    home_of,
)
from labeler.features.rep_signals import HIP, HIP_COURSE, TORSO, TORSO_COURSE
from labeler.features.sequencing import ERROR_SOURCE, LAGS
from labeler.features.shown import is_shown, why_hidden
from labeler.signals.registry import SIGNALS
from labeler.workflows.printed.markdown import in_code, made_from, table, view_names

CHANGED = "trunk_incl_max_deg"
"""An example of a feature that is compared."""

SHARED = ("use when", "needs", "views", "source")
"""Columns that are told once above a table where all of its rows say the same."""


def features_page() -> Iterator[str]:
    """Every feature by family, in the order of the table's columns."""
    features = all_features()
    yield "# Features"
    yield ""
    yield made_from("the registry in `labeler/features`")
    yield ""
    yield (
        f"Features version {features_version()}: {len(features)} features of one repetition, made"
        " of [signals](signals.md). A feature whose signals are not known, or which the camera's"
        " view does not show, is missing (NaN), never 0. Names end in their unit. Who leads is read"
        " from the channels that the movement names, and seen where those are: a lean from the side"
        f" and at 45°, a turn from the front, the rear and at 45°. `{HIP}` and `{TORSO}` are how"
        f" far these have come, from 0 at the start to 1 at the turn; `{HIP_COURSE}` and"
        f" `{TORSO_COURSE}` are the channels themselves."
    )
    yield ""
    yield from _roles(features)
    yield from _hidden(features)
    for family in FAMILIES:
        yield from _family(family, [one for one in features if home_of(one).endswith(family)])
    yield from _changes()


def _roles(features: Sequence[Feature]) -> Iterator[str]:
    """What models learn from, and what they do not."""
    n_by_role = Counter(one.role for one in features)
    yield (
        "Models learn from *inputs* only. The others tell of the clip or the set rather than of the"
        " movement, and with few clips that gives the answer away:"
    )
    yield ""
    yield from table(
        ("role", "features", "what it says"),
        ((role.value, str(n_by_role[role]), role.words) for role in Role),
    )
    yield ""


HIDDEN_HEADS = ("movement", "view", "fps", "missing features by family", "because")


def _hidden(features: Sequence[Feature]) -> Iterator[str]:
    """What is missing though its plane is seen, by the stored table of what can be told."""
    yield "## What a view was measured to show nothing of"
    yield ""
    yield (
        "A feature that stands on a lag or turn of which nothing arrives through a view is missing"
        " there, so that no model learns from it: by the table of what can be told from video on"
        f" the page of [rules](rules.md) ({made_words()}). A lag"
        " stands on its own line where it was measured; other leads, couplings and phases on all"
        " lags together, so that one that can be told is enough; what is made of a turn stands on"
        " that turn. Nothing arrives where"
        " 3.29 standard deviations, even by who knows offset and slope, are more than repetitions"
        " show. Rules compare with a number and refuse sooner; what a rule refuses for its slope"
        " alone, a model may still learn from. The nearest frame rate that was measured counts;"
        " the rear as the front; where nobody measured, nothing is hidden."
    )
    yield ""
    yield from table(HIDDEN_HEADS, _hidden_rows(features))
    yield ""


def _hidden_rows(features: Sequence[Feature]) -> Iterator[tuple[str, ...]]:
    catalog = load_catalog()
    for name, view, fps in dict.fromkeys((one.movement, one.view, one.fps) for one in measured()):
        whys = _whys(features, catalog.movement(name), view, fps)
        for why in dict.fromkeys(whys.values()):
            missing = Counter(home_of(one) for one in features if whys.get(one.name) == why)
            told = ", ".join(f"{home.rpartition('.')[2]} {n}" for home, n in missing.items())
            yield f"`{name}`", view.words, f"{fps:g}", told, why


def _whys(
    features: Sequence[Feature], movement: Movement, view: View, fps: float
) -> dict[str, str]:
    """By name of a feature that is missing: why."""
    seen = [one for one in features if is_shown(one, view, movement)]
    found = {one.name: why_hidden(one, movement, view, fps) for one in seen}
    return {name: why for name, why in found.items() if why}


def _family(name: str, features: Sequence[Feature]) -> Iterator[str]:
    """A heading, what the family is about, and its features."""
    about = import_module(f"labeler.features.{name}").__doc__ or ""
    yield f"## {name.capitalize()}"
    yield ""
    yield about.partition("\n\n")[0].replace("\n", " ").strip()
    yield ""
    if name == "posture":
        yield from _of_signals({one.name: one for one in features})
        features = [one for one in features if one.among is None]
    if name == "sequencing":
        yield from _of_lags({one.name: one for one in features})
        features = [one for one in features if not one.name.startswith(tuple(LAGS))]
    yield from _folded([_cells(one) for one in features])
    yield ""


def _of_lags(by_name: Mapping[str, Feature]) -> Iterator[str]:
    """One row for the three features of each lag."""
    yield (
        "Of each lag three features: `ms`, in milliseconds; `ratio`, as a share of the descent; and"
        f" `se_ms`, the standard error of the first (*{Role.ERROR.value}*): {ERROR_SOURCE}, a lower"
        " bound."
    )
    yield ""
    rows = [_cells(by_name[f"{name}_ms"]) for name in LAGS]
    for row, name in zip(rows, LAGS, strict=True):
        row |= {"feature": f"`{name}_`{{ms, ratio, se_ms}}", "unit": "ms, ratio, ms"}
    yield from _folded(rows)
    yield ""


def _of_signals(by_name: Mapping[str, Feature]) -> Iterator[str]:
    """The same numbers of every signal: a row each would be most of the page."""
    yield (
        "Of each signal the same numbers, each a feature of its own. The ending stands before the"
        " unit, a speed has its own unit:"
    )
    yield ""
    yield from table(
        ("ending", "what it says"),
        ((f"`{ending}`", words.format("the signal")) for ending, words in STATISTICS.items()),
    )
    yield ""
    heads = ("signal", "features", "unit", "views", "source of the signal")
    yield from table(heads, (_signal_cells(signal, by_name) for signal in FEATURE_NAMES))
    yield ""


def _signal_cells(signal: str, by_name: Mapping[str, Feature]) -> tuple[str, ...]:
    told = [by_name[name] for name in FEATURE_NAMES[signal] if name in by_name]
    described = SIGNALS[signal]
    unit = described.unit.value
    stem = signal.removesuffix(f"_{unit}")
    same = [one for one in told if one.unit is described.unit]
    endings = ", ".join(one.name[len(stem) + 1 : -len(unit) - 1] for one in same)
    names = [f"`{stem}_`{{{endings}}}`_{unit}`", *(f"`{o.name}`" for o in told if o not in same)]
    return f"`{signal}`", ", ".join(names), unit, view_names(told[0].views), described.source


def _folded(rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """A table without the columns in which all rows say the same, which are told above it."""
    shared = {head: rows[0][head] for head in SHARED if len({row[head] for row in rows}) == 1}
    if said := "; ".join(f"{head}: {cell}" for head, cell in shared.items() if cell):
        yield f"All of them: {said}."
        yield ""
    heads = [head for head in rows[0] if head not in shared]
    yield from table(heads, ([row[head] for head in heads] for row in rows))


def _cells(feature: Feature) -> dict[str, str]:
    role = "" if feature.role is Role.INPUT else f" *{feature.role.value.capitalize()}.*"
    return {
        "feature": f"`{feature.name}`",
        "unit": feature.unit.value,
        "what it says": f"{feature.summary}{role}",
        "use when": feature.when,
        "needs": in_code(feature.needs),
        "views": view_names(feature.views),
        "source": feature.source,
    }


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
