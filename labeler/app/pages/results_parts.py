"""Pieces of the results page."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from labeler.app import state, widgets
from labeler.app.pages import prediction_parts
from labeler.app.pages.disputes_parts import ask_settles
from labeler.app.pages.label_parts import ask_rater
from labeler.app.pages.origin_parts import badge_of
from labeler.app.state import Workbench
from labeler.core.rep import RepId
from labeler.learn.card import ModelCard
from labeler.workflows import limits, results
from labeler.workflows.disputes import hidden_reps
from labeler.workflows.predicting import Prediction, predict_clip

EVIDENCE = {
    "measured": "Measured",
    "published": "Published",
    "prior": "Rule of thumb",
    "coach": "Your own",
}
LIMIT_COLUMNS = {
    "Too close within": st.column_config.TextColumn(
        help="This close to the limit the rule abstains. A lag has the detection limit of its "
        "movement, view and frame rate instead, as measured on made-up athletes."
    ),
    "Limit": st.column_config.TextColumn(
        help="Points are hundredths of the way. Who leads is told by when each has half the way "
        "done (T50): less than 0 ms, the torso is first."
    ),
    "Evidence": st.column_config.TextColumn(
        help="Rule of thumb: nobody has measured this number; it is a coach's, not a norm."
    ),
    "Fires when": st.column_config.TextColumn(width="large"),
    "Source": st.column_config.TextColumn(width="large"),
}
"""How the limits of the rules are shown."""
LIMITS_HEIGHT_PX = 400
REPORT = "report.html"

ANSWER_COLUMNS = {
    "Rep": st.column_config.NumberColumn(width=50),
    "Model": st.column_config.TextColumn(width=100),
    "Sure": st.column_config.ProgressColumn(
        "Present",
        help="How strongly the model says that the fault is present. Where it could not be "
        "calibrated (see Limits) this ranks repetitions and is no probability.",
        min_value=0.0,
        max_value=100.0,
        format="%.0f %%",
        width=130,
    ),
    "Rule": st.column_config.TextColumn(
        help="What the hand-written rule answers, without any learning.", width=110
    ),
    "Why the model says so": st.column_config.TextColumn(
        help="The measurements that move the answer most. Double-click to read it whole.",
        width="large",
    ),
}
"""How a model's answers are shown."""


def nothing(*, has_broken: bool) -> None:
    """Why there is no model to look at, and what to do next."""
    if has_broken:
        hint = "What is wrong with each stands above. Or train a new one."
        widgets.empty("No model can be used.", hint=hint, page="train")
        return
    hint = "A model learns one fault from labels: which faults have enough, the Train page says."
    widgets.empty("No models yet.", hint=hint, page="train")


def title(folder: str, card: ModelCard) -> str:
    """A model in one line; its own name where it is not named after the fault."""
    name = widgets.fault_name(card.fault)
    own = "" if folder == card.fault else f" ({folder})"
    seen = card.trained_on
    people = f"{seen.n_athletes} {'athlete' if seen.n_athletes == 1 else 'athletes'}"
    reps = f"{seen.n_reps} {'synthetic ' if card.is_synthetic else ''}reps"
    return f"{name}{own}  ·  {reps} of {people}  ·  trained {card.created_at[:10]}"


def about(card: ModelCard) -> str:
    """What a model was trained on, in one line."""
    seen, made_up = card.trained_on, "synthetic " if card.is_synthetic else ""
    return (
        f"The fault counts as present from severity {card.severity_threshold}. "
        f"Learned from {seen.n_reps} {made_up}repetitions, {seen.n_present} with the fault, "
        f"of {seen.n_athletes} {'athlete' if seen.n_athletes == 1 else 'athletes'} in "
        f"{seen.n_clips} clips."
    )


def worst(bench: Workbench, metrics: Mapping[str, Any]) -> None:
    """The reps it gets most wrong, each one click from its frames."""
    st.markdown("**Where it is most wrong**")
    every = results.worst_reps(bench.dataset, metrics)
    if every and state.rater() is None:
        st.caption("Shown once you have given your name on *Label*: raters work blind.")
        return
    hidden = _hidden(bench)
    found = [rep for rep in every if rep.rep_id not in hidden]
    if not found:
        st.caption(
            "What there is you have still to rate: raters work blind."
            if every
            else "No wrong answers on the repetitions it was tested on."
        )
        return
    st.caption("Look at these first: the model may be wrong, and so may the label.")
    with st.container(gap=None):
        for rep in found:
            if st.button(rep.title, key=f"worst-{rep.rep_id}", type="tertiary", help=rep.help):
                state.go_to("label", **{state.CLIP: rep.clip_id, state.REP: rep.rep_id})


def rule_limits(bench: Workbench) -> None:
    """The limits of the hand-written rules that are in force, to read; where to change them."""
    with st.expander("Hand-written rules and their limits"), widgets.errors_shown():
        st.dataframe(
            [_limit(row) for row in limits.limit_rows(bench.dataset.folder)],
            column_config=LIMIT_COLUMNS,
            hide_index=True,
            height=LIMITS_HEIGHT_PX,
        )
        st.caption(limits.how_to_edit(bench.dataset.folder))


def _limit(row: Mapping[str, Any]) -> dict[str, Any]:
    """One limit as a line of the table."""
    return {
        "Rule": widgets.fault_name(row["fault"]),
        "Fires when": row["says"],
        "Limit": limits.as_words(row["value"], row["unit"]),
        "Too close within": _band(row),
        "Evidence": EVIDENCE[row["evidence"]] if row["is_used"] else "Not used",
        "Source": row["source"],
    }


def _band(row: Mapping[str, Any]) -> str:
    """Half the width of the band; a second number where a camera at 45 degrees has another."""
    band, oblique = (
        limits.as_words(row[name], row["unit"]) for name in ("uncertainty", "oblique_uncertainty")
    )
    return band if band == oblique else f"{band}, from 45°: {oblique}"


def report(folder: Path) -> None:
    """Offer the model's report as a file."""
    file = folder / REPORT
    if file.is_file():
        st.download_button(
            "Download the report",
            file.read_bytes(),
            file_name=f"{folder.name}-{REPORT}",
            mime="text/html",
            icon=":material/download:",
            on_click="ignore",
        )


def ask(bench: Workbench, folder: Path) -> None:
    """What the model says about every repetition of a clip."""
    clips = {str(clip.clip_id): clip for clip in bench.dataset.clips.all()}
    if not clips:
        hint = "Add videos on the Library page first."
        widgets.empty("No clips to ask about.", hint=hint, page="library")
        return
    if state.rater() is None:
        ask_rater()
        return
    chosen = widgets.kept_choice(
        "Clip",
        list(clips),
        kept=state.CLIP,
        words=lambda clip_id: widgets.clip_title(clips[clip_id]),
        is_bare=False,
    )
    ask_settles("I look and do not rate")
    with widgets.errors_shown():
        with st.spinner("Asking the model"):
            prediction = predict_clip(bench.dataset, clips[chosen], folder)
        _answers(bench, prediction, _hidden(bench))


def _hidden(bench: Workbench) -> frozenset[RepId]:
    """Repetitions that the rater of this session has still to rate, blind to model and rules."""
    rater = state.rater()
    if rater is None:
        return frozenset(record.rep_id for record in bench.dataset.journal.reps())
    return hidden_reps(bench.dataset, rater, settles=state.settles())


def _answers(bench: Workbench, prediction: Prediction, hidden: frozenset[RepId]) -> None:
    """What makes answers doubtful, then the answers in a sentence and a line per repetition.

    One that is ticked is read below; last comes what is known of the model itself.
    """
    every = prediction.rows()
    rows = [row for row in every if row["rep_id"] not in hidden]
    if len(rows) < len(every):
        st.info(
            f"{len(every) - len(rows)} of {len(every)} repetitions are left out until you have "
            "rated them: raters work blind to model and rules. Tick above if you do not rate.",
            icon=":material/visibility_off:",
        )
    elif not rows:
        st.info("The clip has no repetitions, so there is nothing to ask about.")
    if not rows:
        return
    badge_of([prediction.clip])
    widgets.findings(prediction.doubts)
    fault = widgets.fault_name(prediction.card.fault)
    st.markdown(f"##### {results.tally([row['answer'] for row in rows], fault)}")
    st.caption("Tick a repetition to read why, where to look and what to do.")
    event: Any = st.dataframe(
        [_answer(row) for row in rows],
        column_config=ANSWER_COLUMNS,
        hide_index=True,
        height="content",
        on_select="rerun",
        selection_mode="single-row",
    )
    for n in event.selection.rows:
        prediction_parts.read(bench, prediction, rows[n], hidden)
    told = set(prediction.doubts)
    widgets.findings(one for one in prediction.findings() if one not in told)


def _answer(row: Mapping[str, Any]) -> dict[str, Any]:
    """One repetition as a line of the table."""
    reason = row["rule_reason"]
    if isinstance(reason, str):  # none where no rule knows the fault
        reason = reason[:1].upper() + reason[1:]
    return {
        "Rep": row["index"],
        "Model": prediction_parts.WORDS[row["answer"]],
        "Sure": 100 * row["probability"],
        "Rule": prediction_parts.RULE_WORDS.get(row["rule_state"], "No rule"),
        "Why the model says so": results.plain_reason(row["reason"]),
        "Why the rule says so": reason,
    }
