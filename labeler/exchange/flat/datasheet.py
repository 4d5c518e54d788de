"""The datasheet of an export: what is in it and what is not, for whoever opens it next.

It follows the questions of Gebru et al., "Datasheets for Datasets" (2021), as far as the data can
answer them; what only people know is listed as open.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from labeler.core.label import Answer
from labeler.core.origin import Origin
from labeler.exchange.flat.splits import Folds
from labeler.exchange.tables import ExportTables

NOT_TOLD = "not told"

ANSWER_WORDS = {
    Answer.ABSENT: "0 absent",
    Answer.SLIGHT: "1 slight",
    Answer.CLEAR: "2 clear",
    Answer.SEVERE: "3 severe",
    Answer.NOT_VISIBLE: "NV not visible",
}

OPEN_QUESTIONS = (
    "Who may use this data, and for what? Did the people in the videos agree to it?",
    "How were athletes and movements chosen, and who is missing?",
    "Who were the raters, and what were they told?",
)


def datasheet(export: ExportTables, folds: Folds) -> str:
    """The datasheet as Markdown: made from the data alone, so that equal data gives equal bytes.

    What was recorded and what was made up are counted apart.
    """
    lines = list(_opening(export))
    for origin in Origin:
        part = export.only(origin)
        if part.clips or (origin is Origin.RECORDED and not export.clips):
            title = f" ({origin})" if export.has_synthetic else ""
            lines += [*_told_of(title, part), *_labels(title, part)]
            lines += _splits(title, [fold for (of, _), fold in folds.items() if of is origin])
    lines += [*_making(export), *_reading()]
    return "\n".join(lines).rstrip() + "\n"


def _opening(export: ExportTables) -> Iterator[str]:
    yield "# Datasheet"
    yield ""
    yield f"Data as of: {export.data_as_of or 'nothing recorded yet'}"
    yield ""
    if export.has_synthetic:
        n_synthetic = sum(clip.is_synthetic for clip in export.clips)
        yield (
            f"**Synthetic: {n_synthetic} of {len(export.clips)} clips show a made-up athlete, no"
            " person** (column `is_synthetic` of every table but poses). Numbers about them say"
            " nothing about people: never count them together with recordings."
        )
        yield ""
    if export.rules is not None:
        yield "The limits of the hand-written rules are this dataset's own: `rules.toml`."
        yield ""
    if export.catalog is not None:
        yield "Some faults are this dataset's own, renamed or retired: `catalog.toml`."
        yield ""
    yield f"{len(export.actions)} recorded actions. No videos."
    yield ""


def _told_of(title: str, export: ExportTables) -> Iterator[str]:
    clip_of = export.clip_of()
    yield f"## What is in it{title}"
    yield ""
    yield (
        f"{len(export.clips)} clips, {len(export.reps)} repetitions in force,"
        f" {len(export.labels)} answers in force."
    )
    yield ""
    for head, name in (("Athlete", "athlete"), ("Movement", "movement"), ("View", "view")):
        n_clips = Counter(_told(getattr(clip.tags, name)) for clip in export.clips)
        n_reps = Counter(_told(getattr(clip_of[rep.clip_id].tags, name)) for rep in export.reps)
        rows = ((value, str(n), str(n_reps[value])) for value, n in sorted(n_clips.items()))
        yield from _table((head, "clips", "repetitions"), rows)
        yield ""


def _labels(title: str, export: ExportTables) -> Iterator[str]:
    raters = sorted({label.rater for label in export.labels})
    counts = Counter((label.fault, label.answer) for label in export.labels)
    rated = {fault: set[str]() for fault in sorted({label.fault for label in export.labels})}
    for label in export.labels:
        rated[label.fault].add(label.rep_id)
    yield f"## Labels{title}"
    yield ""
    yield f"Raters: {', '.join(map(_cell, raters)) or 'none'}"
    yield ""
    yield from _table(
        ("fault", *ANSWER_WORDS.values(), "repetitions not rated"),
        (
            (
                fault,
                *(str(counts[fault, answer]) for answer in ANSWER_WORDS),
                str(len(export.reps) - len(reps)),
            )
            for fault, reps in rated.items()
        ),
    )
    yield ""
    if export.decisions or export.repeats:
        yield (
            f"{len(export.decisions)} disputes are settled (`decisions`; the answers above are the"
            f" raters' own), {len(export.repeats)} answers are blind repeats (`repeats_long`)."
        )
        yield ""
    yield (
        "*Not visible* and *not rated* are two kinds of missing label; neither means absent."
        " The last column counts all repetitions, also of movements that are not asked about it."
    )
    yield ""


def _splits(title: str, folds: Sequence[int]) -> Iterator[str]:
    yield f"## Splits{title}"
    yield ""
    yield (
        f"Named athletes: {len(folds)}. Folds (`splits`): {len(set(folds))}. An athlete is"
        " in one fold only. Clips whose athlete is not told are in no fold: they may show anybody."
    )
    if len(folds) < 2:
        yield ""
        yield "With fewer than two athletes nothing here can be tested on an unseen person."
    yield ""


def _making(export: ExportTables) -> Iterator[str]:
    makers = sorted({tuple(sorted(track.made_by.items())) for track in export.tracks.values()})
    yield "## How it was made"
    yield ""
    yield (
        "Body landmarks were found in each video frame by a pose network, repetitions were cut by"
        " program and corrected by people, answers were given by people only."
    )
    yield ""
    yield f"- Features: {export.features_version}"
    for maker in makers:
        yield f"- Pose: {'; '.join(f'{_cell(key)} {_cell(value)}' for key, value in maker)}"
    yield ""


def _reading() -> Iterator[str]:
    yield "## What people must still say"
    yield ""
    yield from (f"- {question}" for question in OPEN_QUESTIONS)


def _told(value: object) -> str:
    return NOT_TOLD if value is None else str(value)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "| " + " | ".join("---" for _ in head) + " |"
    for row in rows:
        yield "| " + " | ".join(map(_cell, row)) + " |"


def _cell(text: str) -> str:
    """A name as one piece of one line, whatever people typed."""
    return " ".join(text.split()).replace("|", "\\|")
