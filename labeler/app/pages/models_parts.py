"""The models of a workbench: who speaks for what, and everything that can be done with a model."""

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from labeler.app import state, widgets
from labeler.app.pages.label_parts import ask_rater
from labeler.app.state import Workbench
from labeler.workflows import modelling, promoting, results
from labeler.workflows.exporting import zipped
from labeler.workflows.training import models_in

CHOSEN, OTHER = "chosen_model", "compared_model"

ABOUT = (
    "A fault is answered by its hand-written rule until a model is promoted for it. Promotion asks "
    "for a model that beats the rule on athletes it has not seen; it can be taken back at any time."
)

COLUMNS = {
    "Speaks for": st.column_config.ListColumn(
        help="Movements in which it answers, in place of the rule.", width=180
    ),
    "State": st.column_config.TextColumn(
        help="Choose a model below to read what keeps it from being used.", width=240
    ),
    "Verdict": st.column_config.TextColumn(
        help="Beside the hand-written rules, on athletes it has not seen.", width=130
    ),
    "Learned from": st.column_config.TextColumn(width=190),
}


def models(bench: Workbench) -> None:
    """Every model in a table; then one of them, and what can be done with it."""
    st.caption(ABOUT)
    every = modelling.listed(bench.models_folder, bench.dataset.folder)
    every.sort(key=lambda row: row["problem"] is not None)  # what can be used comes first
    rows = {row["model"]: row for row in every}
    if not rows:
        hint = "The hand-written rules answer. Train a model, then come back."
        widgets.empty("No models yet.", hint=hint)
        return
    st.dataframe(
        [_line(row) for row in rows.values()],
        column_config=COLUMNS,
        hide_index=True,
        height="content",
    )
    _history(bench)
    names = list(rows)
    pick, act = st.columns([1, 2], gap="medium")
    with pick:
        name = widgets.kept_choice("Model", names, kept=CHOSEN, words=str, is_bare=False)
        others = [one for one in names if one != name]
        other = st.selectbox(
            "Compare it with", others, index=None, placeholder="No other", key=f"{OTHER}-{name}"
        )
    with act, widgets.errors_shown():
        _one(bench, rows[name])
    if other is not None:
        with widgets.errors_shown():
            _comparison(bench.models_folder, name, other)


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    """A model as a line of the table."""
    reps, athletes = row["reps"], row["athletes"]
    seen = f"{reps} reps of {athletes} athletes" if reps is not None else None
    return {
        "Model": row["model"],
        "Fault": None if row["fault"] is None else widgets.fault_name(row["fault"]),
        "Speaks for": [widgets.movement_name(one) for one in row["in_force"]],
        "State": _state(row),
        "Verdict": (row["verdict"] or "not tested").capitalize(),
        "Learned from": f"{seen}, synthetic" if seen and row["is_synthetic"] else seen,
    }


def _state(row: Mapping[str, Any]) -> str:
    """In a few words whether it speaks, could speak, or what it lacks."""
    from labeler.learn.card import UntrustedModelError

    problem = row["problem"]
    if row["lapsed"]:
        return "Trained again since: its rule speaks"
    if problem is None:
        return "Speaks" if row["in_force"] else "Can be used"
    lacks = "Not trusted here" if isinstance(problem, UntrustedModelError) else "Cannot be used"
    return f"{lacks}: its rule speaks" if row["in_force"] else lacks


def _one(bench: Workbench, row: Mapping[str, Any]) -> None:
    """What can be done with one model by somebody who has given a name."""
    rater, folder = state.rater(), bench.models_folder / row["model"]
    if rater is None:
        st.caption("Whoever promotes, retires or trusts a model gives a name.")
        ask_rater()
        return
    if row["in_force"] or row["lapsed"]:
        _retire(bench, row["model"], rater)
    if row["problem"] is not None:
        _trust(folder, rater)
        return
    _promote(bench, folder, rater)
    _share(folder)


def _promote(bench: Workbench, folder: Path, rater: str) -> None:
    """Let it speak; without proof, with a reason in writing."""
    card = next(m.card for m in models_in(bench.models_folder) if m.folder == folder)
    if card is None:
        return
    why_not = promoting.why_not_promoted(card)
    with st.form(f"promote-{folder.name}", border=True):
        st.markdown(f"**Promote for {widgets.fault_name(card.fault)}**")
        if card.is_synthetic:
            st.caption("It learned from made-up athletes: it can speak for synthetic clips only.")
        chosen = st.multiselect(
            "In", card.trained_on.movements, card.trained_on.movements,
            format_func=widgets.movement_name,
        )  # fmt: skip
        reason = ""
        if why_not:
            words = results.VERDICTS.get(why_not, f"There is {why_not}.")
            st.warning(words, icon=":material/warning:")
            reason = st.text_input("Why promote it all the same", help="Kept in the history.")
        if st.form_submit_button("Promote", icon=":material/verified:"):
            with widgets.errors_shown():
                promoting.promote(bench.dataset, folder, by=rater, movements=chosen, despite=reason)
                st.rerun()


def _retire(bench: Workbench, name: str, rater: str) -> None:
    """Let the rule speak again."""
    with st.form(f"retire-{name}", border=True):
        st.markdown("**Let the rule speak again**")
        reason = st.text_input("Why", help="Kept in the history; may be left empty.")
        if st.form_submit_button("Retire", icon=":material/undo:"):
            with widgets.errors_shown():
                promoting.retire(bench.dataset, name, by=rater, reason=reason)
                st.rerun()


def _trust(folder: Path, rater: str) -> None:
    """What keeps it from being used; where that is only trust, a look at it and a yes."""
    looked = modelling.review(folder)
    st.warning(looked.words, icon=":material/gpp_maybe:")
    with st.expander("Its card"):
        st.markdown(looked.page)
    with st.form(f"trust-{folder.name}", border=True):
        has_looked = st.checkbox("I have read its card and know who made it")
        reason = st.text_input("Where it comes from", help="Kept with your name.")
        if st.form_submit_button("Trust it on this computer", icon=":material/gpp_good:"):
            if not has_looked:
                st.error("Read its card first, then tick that you have.")
                return
            modelling.trust(looked, by=rater, reason=reason)
            st.rerun()


def _share(folder: Path) -> None:
    """The model as a file for somebody else."""
    if not st.button("Prepare to share", icon=":material/outgoing_mail:", type="tertiary"):
        return
    with tempfile.TemporaryDirectory(prefix="labeler-") as scratch:
        out = Path(scratch) / folder.name
        with st.spinner("Writing it without code"):
            card = modelling.share(folder, out)
        content = zipped(out)
    st.caption(
        f"It travels with {', '.join(card.members)}; raters' names stay here. Whoever gets it "
        "unpacks it into their folder of models and trusts it there."
    )
    st.download_button(
        "Download the model",
        content,
        file_name=f"{folder.name}.zip",
        mime="application/zip",
        icon=":material/download:",
        on_click="ignore",
    )


def _comparison(folder: Path, name: str, other: str) -> None:
    """Two cards side by side, what differs first."""
    rows = modelling.compared(folder / name, folder / other)
    ordered = sorted(rows, key=lambda row: not row["differs"])
    st.dataframe(
        [
            {"": row["what"], name: row["first"], other: row["second"], "Differs": row["differs"]}
            for row in ordered
        ],
        hide_index=True,
        height="content",
    )


def _history(bench: Workbench) -> None:
    """Who promoted and retired what, and why; newest first."""
    every: Iterable[promoting.Decision] = reversed(promoting.history(bench.dataset.folder))
    lines = [
        {
            "When": one.at_utc[:16].replace("T", " "),
            "Who": one.by,
            "What": one.words,
            "Why": one.reason or None,
            "Verdict then": one.verdict or None,
        }
        for one in every
    ]
    if lines:
        with st.expander(f"History ({len(lines)})"):
            st.dataframe(lines, hide_index=True, height="content", placeholder="–")
