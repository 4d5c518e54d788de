"""The pages of faults, movements and drills, from the catalogue."""

from collections.abc import Iterator, Sequence

from labeler.catalog import Catalog, Drill, Fault, Movement, Observability, RepKind
from labeler.catalog.spec import N_ATHLETES_TO_SHOW, N_POSITIVES_TO_SHOW
from labeler.workflows.printed.markdown import (
    in_code,
    made_from,
    table,
    view_name,
    view_names,
    yes_or_empty,
)

OBSERVABILITY_WORDS = {
    Observability.DIRECT: "directly in the 33 landmarks",
    Observability.PROXY: "a proxy with a known error",
    Observability.WEAK: "weak: may be labelled, a model must show evidence before it is displayed",
    Observability.NOT_OBSERVABLE: "cannot be seen in video",
}

REP_KIND_WORDS = {
    RepKind.CYCLIC: "cyclic: from rest through the turning point back to rest",
    RepKind.ALTERNATING: "alternating: each swing from one end to the other is a repetition",
    RepKind.HOLD: "a hold: steady stretches are the unit, or press cycles",
    RepKind.FREE: "free: no repetitions, cut by hand",
}

MOVEMENT_HEAD = (
    "id",
    "name",
    "repetitions",
    "period",
    "low-pass",
    "hips",
    "torso",
    "best view",
    "supported",
)


# --------------------------------------------------------------------------- faults


def faults_page(catalog: Catalog) -> Iterator[str]:
    """The page of all faults."""
    faults = tuple(catalog.faults.values())
    yield "# Faults"
    yield ""
    yield made_from("`labeler/catalog/faults.toml`")
    yield ""
    yield (
        "A fault is a deviation from the coach's standard. Every fault is answered per repetition"
        " as 0 absent, 1 slight, 2 clear, 3 severe or *not visible*. *Not visible* and *not rated"
        " yet* are missing labels, never 0."
    )
    yield ""
    yield (
        f"Catalogue version {catalog.version}: {len(faults)} faults,"
        f" {sum(fault.is_shown for fault in faults)} of them shown by default. The others are label"
        f" vocabulary until there are {N_POSITIVES_TO_SHOW} positive labels from"
        f" {N_ATHLETES_TO_SHOW} athletes."
    )
    yield ""
    yield from _faults_table(faults)
    yield from _observability_words()
    for fault in faults:
        yield from _fault_section(fault, catalog)
    yield from _proxies_section(catalog)


def _faults_table(faults: Sequence[Fault]) -> Iterator[str]:
    head = ("id", "name", "movements", "views", "weak views", "observability", "shown")
    yield from table(
        head,
        (
            (
                f"[`{fault.id}`](#{fault.id})",
                fault.name,
                in_code(fault.movements),
                view_names(fault.views),
                view_names(fault.weak_views),
                fault.observability.value,
                yes_or_empty(fault.is_shown),
            )
            for fault in faults
        ),
    )
    yield ""
    yield (
        "From a *weak view* a fault may be answered and predicted, with a larger error, and it is"
        " marked so. From a view that is in neither column it is *not visible* and never scored."
    )
    yield ""


def _observability_words() -> Iterator[str]:
    yield "Observability says how well a camera and 33 body landmarks show a fault:"
    yield ""
    yield from (f"- **{letter.value}** {words}" for letter, words in OBSERVABILITY_WORDS.items())
    yield ""


def _fault_section(fault: Fault, catalog: Catalog) -> Iterator[str]:
    yield f"## {fault.id}"
    yield ""
    yield f"**{fault.name}.** {fault.description}"
    yield ""
    note = f" ({fault.observability_note})" if fault.observability_note else ""
    yield f"- Origin: {fault.origin}"
    yield f"- Observability: {fault.observability.value}{note}"
    yield from (f"- {mark}" for mark in _marks(fault))
    yield from _feedback(fault, catalog)
    yield ""
    if any(fault.sheet):
        yield from table(
            ("severity", "what the rater must see"),
            ((str(severity), row) for severity, row in enumerate(fault.sheet)),
        )
    else:
        yield "The rater sheet has no rows for it."
    yield ""


def _marks(fault: Fault) -> Iterator[str]:
    if fault.is_set_level:
        yield "Judged over a set of repetitions, not per repetition"
    if fault.is_note_only:
        yield "A note only: not asked, not scored"
    if fault.is_extension:
        yield "An extension of the coaching article"


def _feedback(fault: Fault, catalog: Catalog) -> Iterator[str]:
    if fault.why:
        yield f"- Why it happens, as the coaching article says: {fault.why}"
    if fault.cue:
        yield f"- Cue: {fault.cue}"
    if fault.drills:
        names = (f"[{catalog.drills[drill].name}](drills.md#{drill})" for drill in fault.drills)
        yield f"- Drills: {', '.join(names)}"


def _proxies_section(catalog: Catalog) -> Iterator[str]:
    yield "## What 33 landmarks can show"
    yield ""
    yield (
        "The pose network gives no point of the pelvis, the spine, the breastbone or the ribs. The"
        " hips are like joint centres, the shoulders move with the shoulder blades. What stands in"
        " for the rest, and how wrong it is:"
    )
    yield ""
    yield from table(
        ("quantity", "visible", "proxy", "known error", "evidence"),
        (
            (each.quantity, each.is_observable.value, each.proxy, each.known_error, each.evidence)
            for each in catalog.proxies
        ),
    )


# --------------------------------------------------------------------------- movements, drills


def movements_page(catalog: Catalog) -> Iterator[str]:
    """The page of all movements."""
    movements = tuple(catalog.movements.values())
    yield "# Movements"
    yield ""
    yield made_from("`labeler/catalog/movements.toml`")
    yield ""
    yield (
        f"Catalogue version {catalog.version}: {len(movements)} movements,"
        f" {sum(m.is_supported for m in movements)} of them supported. The others are label-only:"
        " a person cuts their repetitions, and no hand-written rule judges them."
    )
    yield ""
    yield from table(
        (
            "id",
            "name",
            "repetitions",
            "period",
            "low-pass",
            "hips",
            "torso",
            "best view",
            "supported",
        ),
        (_movement_row(movement) for movement in movements),
    )
    yield ""
    yield (
        "*Period* bounds the time of one repetition. *Low-pass* is the cut-off of the zero-lag"
        " filter that all channels of a clip share. *Hips* and *torso* are the signals whose order"
        " is compared. Hip height is never one of them: it goes as one minus the cosine of the"
        " angle, starts late by geometry, and would show the fault in nearly everybody."
    )
    yield ""
    for movement in movements:
        yield from _movement_section(movement, catalog)


def _movement_row(movement: Movement) -> tuple[str, ...]:
    shortest_s, longest_s = movement.period_s
    return (
        f"[`{movement.id}`](#{movement.id})",
        movement.name,
        movement.rep_kind.value,
        f"{shortest_s:g}–{longest_s:g} s",
        f"{movement.lowpass_hz:g} Hz",
        f"`{movement.hip_signal}`",
        f"`{movement.torso_signal}`",
        view_name(movement.best_view),
        yes_or_empty(movement.is_supported),
    )


def _movement_section(movement: Movement, catalog: Catalog) -> Iterator[str]:
    others = view_names(movement.other_views)
    also = f"; also worth filming: {others}" if others else ""
    rest = f"; rests at the {movement.rest_at.value}" if movement.rest_at else ""
    yield f"## {movement.id}"
    yield ""
    yield f"**{movement.name}.** {movement.description}"
    yield ""
    yield f"- Repetitions: {REP_KIND_WORDS[movement.rep_kind]}{rest}"
    yield f"- Phases: {movement.phases[0]}, then {movement.phases[1]}; the turn lies between them"
    yield f"- Best view: {view_name(movement.best_view)}{also}"
    asked = in_code(fault.id for fault in catalog.faults_of(movement.id))
    yield f"- Faults answered per repetition: {asked}"
    yield ""


def drills_page(catalog: Catalog) -> Iterator[str]:
    """The page of all drills."""
    yield "# Drills"
    yield ""
    yield made_from("`labeler/catalog/drills.toml`")
    yield ""
    yield (
        "What to practise against a fault. Which drill helps against what comes from the coaching"
        " article; the descriptions are ours."
    )
    yield ""
    for drill in catalog.drills.values():
        yield from _drill_section(drill, catalog)


def _drill_section(drill: Drill, catalog: Catalog) -> Iterator[str]:
    helped = (fault for fault in catalog.faults.values() if drill.id in fault.drills)
    yield f"## {drill.id}"
    yield ""
    yield f"**{drill.name}.** {drill.description}"
    yield ""
    yield f"Against: {', '.join(f'[{f.name}](faults.md#{f.id})' for f in helped)}"
    yield ""
