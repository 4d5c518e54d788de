"""Features joined with people's answers: one row per rep that may teach or test a model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
import pandas as pd

from labeler.catalog.spec import Fault
from labeler.core.arrays import AnyArray, BoolArray, FloatArray, IntArray
from labeler.core.clip import View
from labeler.core.finding import Finding, Level
from labeler.core.label import SEVERITY_THRESHOLD, Label
from labeler.core.origin import SYNTHETIC_NUMBERS
from labeler.core.rep import RepId, RepQuality
from labeler.core.units import Unit
from labeler.features.registry import Role, all_features
from labeler.features.series import RepSeries
from labeler.features.table import META_COLUMNS
from labeler.learn.consensus import Consensus, consensus
from labeler.learn.folds import held_together

UNKNOWN_ATHLETE = "(unknown athlete)"
"""Stands for every athlete who was not named: they count as one person."""

DROP_REASONS = {
    "not_rated": "nobody has answered yet",
    "not_visible": "every rater answered *not visible*",
    "view": "rated by hand, but the camera's view cannot show this fault",
    "raters_tied": "as much speaks for the fault as against it among its raters",
    "bad_quality": "the pose was lost for too long",
    "no_features": "no feature could be measured",
    "no_such_rep": "the answered rep is not among the features",
    "other_movement": "it is of another movement than the one that is learned",
}
"""Why a rep stays out, most telling reason first; a rep is counted under its first one."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """How many reps stay out for one reason; `code` is a key of `DROP_REASONS`."""

    code: str
    n_reps: int

    @property
    def why(self) -> str:
        """The reason in words."""
        return DROP_REASONS[self.code]


@dataclass(frozen=True, slots=True, eq=False)
class LabeledTable:
    """Reps with features and one agreed answer about one fault; all arrays have shape (n_reps,).

    Parameters
    ----------
    fault : Fault
        What was answered.
    threshold : int
        Severity from which `y` is 1.
    features : pandas.DataFrame
        Index rep_id, float64 columns, NaN where not measured.
    meta : pandas.DataFrame
        Same index: clip, movement, view and the rest of `META_COLUMNS`, and the frame rate.
    y : IntArray
        1 where the fault is present, 0 where raters saw that it is not.
    severity : FloatArray
        Median severity over the raters who could see it, 0 to 3.
    weight : FloatArray
        How sure the raters' common answer is, above 0.5 and at most 1.
    athlete : AnyArray
        Who moved; `UNKNOWN_ATHLETE` where nobody said.
    set_id : AnyArray
        Athlete and session, or athlete and clip where no session was told, so that two cameras
        of one session are one set.
    held : AnyArray
        What is held together where there are several athletes: the reps of one athlete, of one
        clip, and of one session that an unnamed athlete shares with a named one.
    series : RepSeries | None
        The courses of the same reps, in the same order; None where nobody computed them.
    miss_cost : float | None
        What a fault that is missed costs, where a false alarm costs 1: models then decide where it
        costs least. Without it, where F1 is best.
    """

    fault: Fault
    threshold: int
    features: pd.DataFrame
    meta: pd.DataFrame
    y: IntArray
    severity: FloatArray
    weight: FloatArray
    athlete: AnyArray
    set_id: AnyArray
    held: AnyArray
    series: RepSeries | None = None
    miss_cost: float | None = None
    dropped: tuple[Dropped, ...] = ()
    raters: tuple[str, ...] = ()
    label_digest: str = ""
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return int(self.y.size)

    @property
    def rep_ids(self) -> tuple[str, ...]:
        """The reps, in the order of every array."""
        return tuple(map(str, self.features.index))

    @property
    def is_synthetic(self) -> bool:
        """Whether all of it is about made-up athletes; otherwise none is."""
        return bool(is_made_up(self.meta).any())

    @property
    def n_athletes(self) -> int:
        """Number of different people; all unknown ones count as one."""
        return len(set(self.athlete))

    @property
    def group_word(self) -> str:
        """What folds hold together: ``athlete``, or ``set`` when there is one athlete."""
        return "athlete" if self.n_athletes > 1 else "set"

    @property
    def group(self) -> AnyArray:
        """What never stands on both sides of a fold, shape (n_reps,)."""
        return self.held if self.n_athletes > 1 else self.set_id

    @property
    def movements(self) -> tuple[str, ...]:
        """The movements that were told, by name."""
        return tuple(sorted({name for value in self.meta["movement"] if (name := told(value))}))

    def of_movement(self, movement: str) -> "LabeledTable":
        """The reps of one movement alone; the others are counted in `dropped`."""
        is_of = np.array(
            [told(value) == movement for value in self.meta["movement"]], dtype=np.bool_
        )
        n_others = int(np.count_nonzero(~is_of))
        others = (Dropped("other_movement", n_others),) if n_others else ()
        return replace(self.take(is_of), dropped=(*self.dropped, *others))

    def take(self, rows: IntArray | BoolArray) -> "LabeledTable":
        """The same table with some of its rows."""
        return replace(
            self,
            features=self.features.iloc[rows],
            meta=self.meta.iloc[rows],
            y=self.y[rows],
            severity=self.severity[rows],
            weight=self.weight[rows],
            athlete=self.athlete[rows],
            set_id=self.set_id[rows],
            held=self.held[rows],
            series=None if self.series is None else self.series.take(rows),
        )


def labeled_table(
    features: pd.DataFrame,
    labels: Sequence[Label],
    *,
    fault: Fault,
    threshold: int = SEVERITY_THRESHOLD,
    series: RepSeries | None = None,
) -> LabeledTable:
    """Join a feature table with the answers about one fault.

    *Not visible* and *not rated* give no row and are never taken for *absent*. Several raters
    are brought together by `labeler.learn.consensus`; a tie stays out. Reps of bad
    quality or without any feature stay out too. So do those that somebody rated by hand although
    the camera's view cannot show the fault: no model answers from there, so none learns or is
    tested there; the answers themselves stay as they are. All of them are counted in `dropped`.

    Parameters
    ----------
    features : pandas.DataFrame
        As `labeler.features.table.feature_table` makes it: index rep_id, unique. Of recorded clips
        or of made-up ones: a table of both is refused, for nothing learns from both.
    labels : Sequence[Label]
        Answers in force, of any fault and any rep.
    series : RepSeries | None
        The courses of the same reps as `features`, in the same order.
    """
    if series is not None and len(series) != len(features):
        raise ValueError(f"series: expected {len(features)} reps, got {len(series)}")
    if not features.index.is_unique:
        raise ValueError("features: expected each rep_id once")
    if len(set(is_made_up(features))) > 1:
        raise ValueError("features: expected recorded clips or synthetic ones, got both")
    of_fault = [label for label in labels if label.fault == fault.id]
    told_together = consensus(of_fault, threshold)
    votes = _votes(of_fault, told_together).reindex(features.index)
    reasons = _reasons(features, votes, fault=fault)
    kept = (reasons == "").to_numpy()
    rows, votes = features[kept], votes[kept]
    used = [label for label in of_fault if label.rep_id in rows.index]
    p_present = votes["p_present"].to_numpy(np.float64)
    athlete = _athletes(rows)
    return LabeledTable(
        fault=fault,
        threshold=threshold,
        features=rows[list(feature_columns(features))],
        meta=rows.drop(columns=list(feature_columns(features))),
        y=(p_present > 0.5).astype(np.int64),
        severity=votes["severity"].to_numpy(np.float64),
        weight=np.maximum(p_present, 1 - p_present),
        athlete=athlete,
        set_id=_sets(rows, athlete),
        held=_held(rows, athlete),
        series=None if series is None else series.take(kept),
        dropped=_dropped(reasons, of_fault),
        raters=tuple(sorted({label.rater for label in used})),
        label_digest=_digest(used),
        findings=(
            *_about_origin(rows),
            *_unknown_athletes(athlete),
            *_out_of_view(reasons),
            *told_together.findings,
        ),
    )


def feature_columns(features: pd.DataFrame) -> tuple[str, ...]:
    """The columns that a model may learn from, in table order: all but those of another role.

    What tells of the recording, of a whole set or of the error of another feature is left out, for
    the reason that `Role` gives. A column that no registry knows, such as a change from the
    athlete's own, is an input.
    """
    others = {one.name for one in all_features() if one.role is not Role.INPUT}
    return tuple(str(n) for n in features.columns if n not in others.union(META_COLUMNS))


def frame_rates(frame: pd.DataFrame) -> FloatArray:
    """Frames per second of each row, NaN where no column tells it, shape (n_rows,)."""
    for name in frame.columns:
        if Unit.FRAMES_PER_SECOND.ends(str(name)):
            return frame[name].to_numpy(np.float64)
    return np.full(len(frame), np.nan)


def is_made_up(frame: pd.DataFrame) -> BoolArray:
    """Whether each row is about a made-up athlete, shape (n_rows,); not where no column says so."""
    if "is_synthetic" not in frame.columns:
        return np.zeros(len(frame), dtype=np.bool_)
    return frame["is_synthetic"].to_numpy(np.bool_)


def told(value: object) -> str | None:
    """A cell of a meta column as text, None where nothing was told (None or NaN)."""
    return None if value is None or value != value else str(value)  # NaN is not itself


def told_view(value: object) -> View | None:
    """A cell of the view column, None where nothing was told."""
    name = told(value)
    return None if name is None else View(name)


def _votes(labels: Sequence[Label], told: Consensus) -> pd.DataFrame:
    """Per answered rep: raters who saw it, how likely the fault is there, median severity."""
    severities: dict[RepId, list[int]] = {rep_id: [] for rep_id in told.rep_ids}
    for label in labels:
        if label.answer.severity is not None:
            severities[label.rep_id].append(label.answer.severity)
    medians = [float(np.median(seen)) if seen else np.nan for seen in severities.values()]
    cells = {"n_seen": told.n_seen, "p_present": told.p_present, "severity": medians}
    return pd.DataFrame(cells, index=pd.Index(list(told.rep_ids), dtype=object), dtype=float)


def _reasons(features: pd.DataFrame, votes: pd.DataFrame, *, fault: Fault) -> pd.Series:
    """Why each rep stays out, as a key of `DROP_REASONS`; an empty string keeps it."""
    is_hidden = [not fault.is_visible_from(told_view(view)) for view in features["view"]]
    measured = features[list(feature_columns(features))].notna().any(axis=1)
    found = {
        "not_rated": votes["n_seen"].isna(),
        "not_visible": votes["n_seen"] == 0,
        "view": pd.Series(is_hidden, index=features.index, dtype=bool),
        "raters_tied": votes["p_present"] == 0.5,
        "bad_quality": features["quality"].astype(str) == RepQuality.BAD.value,
        "no_features": ~measured,
    }
    reasons = np.select([mask.to_numpy() for mask in found.values()], list(found), default="")
    return pd.Series(reasons, index=features.index, dtype=object)


def _dropped(reasons: pd.Series, labels: Sequence[Label]) -> tuple[Dropped, ...]:
    """How many reps stay out, by reason, in the order of `DROP_REASONS`."""
    n_by_code = {str(code): int(n) for code, n in reasons.value_counts().items()}
    n_by_code["no_such_rep"] = len({label.rep_id for label in labels} - set(reasons.index))
    return tuple(Dropped(code, n) for code in DROP_REASONS if (n := n_by_code.get(code, 0)))


def _athletes(rows: pd.DataFrame) -> AnyArray:
    """Who moved, with every unknown athlete as the same one."""
    return np.array([told(name) or UNKNOWN_ATHLETE for name in rows["athlete"]], dtype=object)


def _sets(rows: pd.DataFrame, athlete: AnyArray) -> AnyArray:
    """Athlete with session, or with clip where no session was told."""
    told_sessions = zip(athlete, rows["session"], rows["clip_id"], strict=True)
    names = [f"{who}/{told(session) or clip}" for who, session, clip in told_sessions]
    return np.array(names, dtype=object)


def _held(rows: pd.DataFrame, athlete: AnyArray) -> AnyArray:
    """What must not be torn apart although several people were filmed.

    A second camera may have filmed a session without being told of whom: it could be anybody of
    those who were in it.
    """
    sessions = [told(session) for session in rows["session"]]
    unnamed = {session for session, who in zip(sessions, athlete, strict=True) if _is_unknown(who)}
    shared = [session if session in unnamed else None for session in sessions]
    return held_together(list(athlete), list(rows["clip_id"]), shared)


def _is_unknown(athlete: object) -> bool:
    return athlete == UNKNOWN_ATHLETE


def _digest(labels: Sequence[Label]) -> str:
    """SHA-256 over the answers that were used, whatever their order."""
    lines = sorted(f"{a.rep_id}\t{a.fault}\t{a.rater}\t{a.answer}\t{a.at_utc}" for a in labels)
    return sha256("\n".join(lines).encode()).hexdigest()


def _about_origin(rows: pd.DataFrame) -> tuple[Finding, ...]:
    """A warning where nobody was filmed."""
    return (SYNTHETIC_NUMBERS,) if is_made_up(rows).any() else ()


def _unknown_athletes(athlete: AnyArray) -> tuple[Finding, ...]:
    """A warning where somebody was not named."""
    n_reps = int(np.count_nonzero(athlete == UNKNOWN_ATHLETE))
    if n_reps == 0:
        return ()
    message = f"{n_reps} reps have no athlete; they are taken as one and the same person."
    hint = "Name the athletes: a known one among them would stand on both sides of a test."
    return (Finding("unknown_athlete", message, hint=hint),)


def _out_of_view(reasons: pd.Series) -> tuple[Finding, ...]:
    """A word about answers that were given by hand from where the fault cannot be seen."""
    n_reps = int((reasons == "view").sum())
    if n_reps == 0:
        return ()
    what = "1 rep was" if n_reps == 1 else f"{n_reps} reps were"
    message = (
        f"{what} rated by hand although the camera's view cannot show this fault; the model "
        "neither learns from them nor is tested on them."
    )
    hint = (
        "If the view is told wrongly, correct it on the Library page. The answers stay in exports "
        "and in the agreement of raters."
    )
    return (Finding("rated_out_of_view", message, Level.INFO, hint),)
