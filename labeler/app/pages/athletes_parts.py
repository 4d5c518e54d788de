"""Pieces of the athletes' page."""

from collections.abc import Iterable

import streamlit as st

from labeler.app import state, widgets
from labeler.app.pages import athletes_chart_parts as charts
from labeler.app.state import Workbench
from labeler.core.clip import Clip
from labeler.core.rep import RepId
from labeler.store.dataset import Dataset
from labeler.workflows.agreeing import state_of
from labeler.workflows.athlete import AthleteReport, athlete_report
from labeler.workflows.athlete_checklist import (
    CheckedItem,
    Filmed,
    how_to_film,
    missing_words,
    untold,
)
from labeler.workflows.athlete_checklist import checklist as checked
from labeler.workflows.athlete_courses import sequencing as courses_of
from labeler.workflows.athlete_drawing import rate_chart
from labeler.workflows.athlete_faults import By, Extreme, FaultHistory
from labeler.workflows.athlete_report import (
    about as about_words,
)
from labeler.workflows.athlete_report import (
    advice_lines,
    advice_title,
    athlete_html,
    in_plan,
    method_lines,
)
from labeler.workflows.athlete_reps import Ask
from labeler.workflows.athlete_words import fault_rows
from labeler.workflows.counting import counted

TABS = ["Assessment", "Faults", "Who leads", "Cues and drills"]
BY, FAULT, CHOSEN = "athlete_by", "athlete_fault", "athlete_rep"
N_REPORTS_KEPT = 8
"""Reports kept in memory: the last few athletes, periods and thresholds."""

MEDIAN = ""
"""The choice that draws no repetition over the median."""

ICONS = {Filmed.DONE: "✓", Filmed.SHORT: "◐", Filmed.MISSING: "○"}
"""Read aloud with the words behind them."""

BY_WORDS = {By.SESSION: "Sessions", By.WEEK: "Weeks"}

FAULT_COLUMNS = {
    "Raters": st.column_config.TextColumn(
        help="Repetitions with the fault by the raters' common answer, of those judged, with a "
        "95 % interval."
    ),
    "Detector": st.column_config.TextColumn(
        help="The same by the detector in force: a rule, or the model promoted in its place."
    ),
    "Left out": st.column_config.TextColumn(
        help="What raters did not judge. It counts for nothing, and never as absent."
    ),
}


def ask_by() -> By:
    """Ask whether time is cut into sessions or weeks."""
    chosen = st.selectbox(
        "Over",
        list(By),
        format_func=BY_WORDS.__getitem__,
        key=BY,
        help="A session, or a week, is placed where its first clip came in: files do not tell when "
        "they were filmed.",
    )
    return chosen or By.SESSION


def report_of(
    bench: Workbench, athlete: str, *, threshold: int, by: By, wants_synthetic: bool
) -> AthleteReport:
    """The report for the rater of this session, made anew when anything was answered since."""
    ask = Ask(
        bench.models_folder,
        state.rater(),
        settles=state.settles(),
        threshold=threshold,
        wants_synthetic=wants_synthetic,
    )
    now = (*state_of(bench.dataset), _tags(bench.dataset), _promoted(bench.dataset))
    return _report(now, athlete, ask, by, bench.dataset)


def _tags(dataset: Dataset) -> tuple[object, ...]:
    return tuple(clip.tags for clip in dataset.clips.all())


def _promoted(dataset: Dataset) -> tuple[object, ...]:
    """Which models answer now, and by which limits the rules do."""
    from labeler.workflows.promoting import history

    limits = dataset.folder / "rules.toml"
    edited = limits.stat().st_mtime_ns if limits.is_file() else 0
    return len(history(dataset.folder)), edited


@st.cache_data(max_entries=N_REPORTS_KEPT, show_spinner="Reading the athlete's repetitions")
def _report(
    now: tuple[object, ...],  # noqa: ARG001  what Streamlit tells reports apart by
    athlete: str,
    ask: Ask,
    by: By,
    _dataset: Dataset,
) -> AthleteReport:
    return athlete_report(_dataset, athlete, ask, by=by)


def about(report: AthleteReport) -> None:
    """What the page rests on, and what is left out."""
    st.caption(about_words(report))
    widgets.findings(one for one in report.findings if one.code != "synthetic")


def nothing(report: AthleteReport) -> None:
    """Why there is nothing to tell."""
    if report.known.n_hidden:
        hint = "Raters work blind: rate the repetitions of this athlete first."
        widgets.empty("All of it is hidden until you have rated it.", hint=hint, page="label")
        return
    if report.known.reps:
        hint = "Say on the Library page what is done in the clips of this athlete."
        widgets.empty("Nobody has told the movement yet.", hint=hint, page="library")
        return
    widgets.empty(
        "No repetitions yet.", hint="Cut the clips of this athlete on the Label page.", page="label"
    )


def checklist_alone(bench: Workbench, athlete: str, *, wants_synthetic: bool) -> None:
    """The assessment, which shows no answers and so needs no name."""
    what = counted(bench.dataset, wants_synthetic=wants_synthetic)
    checklist([clip for clip in what.clips if clip.tags.athlete == athlete])
    st.caption("Faults, who leads, and what to practise are shown to whoever gives a name.")


def checklist(clips: Iterable[Clip]) -> None:
    """What is filmed and what is missing, item by item, with what to look for."""
    every = list(clips)
    found = checked(every)
    st.markdown(f"**{missing_words(found)}**")
    st.caption(how_to_film())
    if n_untold := untold(every):
        st.caption(
            f"{n_untold} clips of this athlete count for no item: say on the Library page what is "
            "done in them and from where they were filmed."
        )
    items = list(dict.fromkeys(one.item.id for one in found))
    for column, item in zip(st.columns(len(items), gap="small", border=True), items, strict=True):
        with column:
            _item([one for one in found if one.item.id == item])


def _item(cameras: list[CheckedItem]) -> None:
    item = cameras[0].item
    st.markdown(f"**{item.name}**")
    for one in cameras:
        longest = f", {one.clips[0].duration_s:.0f} s" if one.clips else ""
        view = widgets.view_name(one.view)
        st.markdown(f"{ICONS[one.state]} {view}: {one.state.value}{longest}")
    st.caption(item.how)
    st.caption("Look for:\n" + "\n".join(f"- {line}" for line in item.look_for))


def faults(report: AthleteReport, movement: str) -> None:
    """Every fault in a table; one of them over time."""
    st.dataframe(
        fault_rows(report, movement),
        column_config=FAULT_COLUMNS,
        hide_index=True,
        height="content",
    )
    told = {str(one.fault.id): one for one in report.histories if one.movement == movement}
    fault = widgets.kept_choice(
        "Over time", list(told), kept=FAULT, words=widgets.fault_name, is_bare=False
    )
    _over_time(told[fault])


def _over_time(one: FaultHistory) -> None:
    chart = rate_chart(one)
    picture, table = st.columns([3, 2], gap="medium")
    with picture:
        charts.rates(one)
        st.caption(chart.reading)
    with table:
        st.dataframe(
            [dict(zip(chart.head, cells, strict=True)) for cells in chart.cells],
            hide_index=True,
            height="content",
        )
        st.markdown(f"Raters: {one.raters_trend}")
        st.markdown(f"Detector: {one.detector_trend}")


def extremes(report: AthleteReport, movement: str) -> None:
    """Best and worst repetition of a movement, each one click from its frames."""
    if movement not in report.extremes:
        st.caption("Best and worst are told once people have judged two repetitions.")
        return
    for column, which, one in zip(
        st.columns(2), ("Best", "Worst"), report.extremes[movement], strict=True
    ):
        with column:
            _extreme(which, one)


def _extreme(which: str, one: Extreme) -> None:
    seen = ", ".join(one.seen) or "no fault"
    st.markdown(f"**{which} repetition** · mean severity {one.severity:.2f}: {seen}")
    rep = one.rep
    if st.button(
        rep.title, key=f"extreme-{which}", icon=":material/play_circle:", help="Look at it on Label"
    ):
        state.go_to("label", **{state.CLIP: rep.clip.clip_id, state.REP: rep.rep_id})


def sequencing(bench: Workbench, report: AthleteReport) -> None:
    """Hips and torso through the repetitions: the median with its band, and one over it."""
    if not report.sequencing:
        hint = "Three repetitions from a view that shows who leads are needed: film from the side."
        widgets.empty("Who leads cannot be shown yet.", hint=hint, page="library")
        return
    shown = {(one.movement, one.view) for one in report.sequencing}
    reps = {
        str(rep.rep_id): rep
        for rep in report.known.reps
        if (rep.clip.tags.movement, rep.clip.tags.view) in shown
    }
    chosen = widgets.kept_choice(
        "Draw over the median",
        [MEDIAN, *reps],
        kept=CHOSEN,
        words=lambda rep_id: reps[rep_id].title if rep_id else "No single repetition",
        is_bare=False,
    )
    found = report.sequencing
    if chosen != MEDIAN:
        found = tuple(courses_of(bench.dataset, report.known, rep_id=RepId(chosen)))
    for one in found:
        movement = report.known.catalog.movement(one.movement)
        st.markdown(f"**{movement.name}, {widgets.view_name(one.view).lower()}**: {one.words}")
        charts.courses(one, movement.phases)
        st.caption(
            f"Lines: median of {one.n_reps} repetitions of the newest {one.n_clips} of "
            f"{one.n_clips_all} clips; bands: 10 to 90 % of them; dashed: the chosen one. A lead "
            "is no fault by itself."
        )


def plan(report: AthleteReport) -> None:
    """Why each fault seen happens, its cue and its drills."""
    if not report.plan:
        st.info("No fault was seen in these repetitions.", icon=":material/check:")
    told, unconfirmed = in_plan(report)
    for one in told:
        st.markdown(f"##### {advice_title(report, one)}")
        st.markdown("\n".join(f"- {line}" for line in advice_lines(one)))
    if unconfirmed:
        st.caption(unconfirmed)


def download(report: AthleteReport) -> None:
    """The report as a file, and what its numbers mean."""
    st.download_button(
        "Download the report",
        athlete_html(report),
        file_name=f"{report.name}-report.html",
        mime="text/html",
        icon=":material/download:",
        on_click="ignore",
        help="One file to send. Open it and print it to get a PDF.",
    )
    with st.expander("How to read the numbers"):
        st.markdown("\n".join(f"- {line}" for line in method_lines(report)))
