"""The athletes' page: the checklist for everybody, the rest for who may see it."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from support_athlete_page import FAULT, two_sessions

from labeler.app import state
from labeler.app.pages import athletes_chart_parts as charts
from labeler.app.pages import athletes_parts as parts
from labeler.core.clip import ClipTags
from labeler.workflows.athlete import athlete_report
from labeler.workflows.athlete_courses import sequencing
from labeler.workflows.athlete_reps import Ask

TIMEOUT_S = 60


@pytest.fixture
def bench(empty):
    two_sessions(empty.dataset)
    return empty


def show() -> None:
    """The page, as a script of its own."""
    from labeler.app.pages import athletes
    from labeler.app.state import workbench
    from labeler.app.widgets import errors_shown

    with errors_shown():
        athletes.render(workbench())


def opened(rater: str | None = "Eve", *, settles: bool = True) -> AppTest:
    """The page after its first run."""
    app = AppTest.from_function(show, default_timeout=TIMEOUT_S)
    app.session_state[state.SETTLES] = settles
    if rater:
        app.session_state[state.RATER] = rater
    return fine(app.run())


def fine(app: AppTest) -> AppTest:
    assert not app.exception, app.exception[0].message
    return app


def texts(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.info, app.warning, app.error)
    return "\n".join(element.value for kind in kinds for element in kind)


def box(app: AppTest, label: str):
    return next(found for found in app.selectbox if found.label == label)


def test_without_a_named_athlete_it_says_what_to_do(empty):
    assert "Nobody has a name yet." in texts(opened())


def test_without_a_name_only_the_checklist_is_shown(bench):
    app = opened(rater=None)
    assert "Still to film: dowel hip hinge from side (longer)" in texts(app)
    assert "Who is rating?" in texts(app)
    assert not app.dataframe


def test_who_has_still_to_rate_sees_no_answers_until_they_say_that_they_look(bench):
    app = opened(rater="Cleo", settles=False)
    assert "All of it is hidden until you have rated it." in texts(app)
    assert not app.dataframe
    (tick,) = app.checkbox
    fine(tick.check().run())
    assert app.dataframe


def test_rates_trend_best_and_worst_and_plan_are_there(bench):
    app = opened()
    table = app.dataframe[0].value
    assert table["Raters"].iloc[0] == "67 % (30 to 90 %), 4 of 6"
    text = texts(app)
    assert "Raters: Too few repetitions to speak of a change: 3 in S1, 3 in S2" in text
    assert "**Worst repetition**" in text
    assert "Cue: Hips first, ribcage steady." in text
    assert "Nothing here is a medical statement." in text


def test_the_worst_repetition_leads_to_the_label_page(bench, monkeypatch):
    went = {}
    monkeypatch.setattr(state, "go_to", lambda page, **told: went.update(page=page, **told))
    app = opened()
    worst = next(one for one in app.button if one.key == "extreme-Worst")
    fine(worst.click().run())
    assert went["page"] == "label"
    assert went[state.REP].endswith("-1")


def test_another_threshold_period_and_repetition_are_shown(bench):
    app = opened()
    fine(box(app, "Counts as present when").select(3).run())
    assert app.dataframe[0].value["Raters"].iloc[0].endswith("1 of 6")
    fine(box(app, "Over").select(parts.By.WEEK).run())
    assert list(app.dataframe[1].value["When"]) == ["2026-W01"]
    chosen = box(app, "Draw over the median")
    fine(chosen.select_index(1).run())
    assert "dashed: the chosen one" in texts(app)


def test_clips_whose_movement_nobody_told_count_for_nothing(bench):
    for clip in bench.dataset.clips.all():
        bench.dataset.clips.set_tags(clip.clip_id, ClipTags("A01"))
    app = opened()
    assert "count for no item" in texts(app)
    assert "Nobody has told the movement yet." in texts(app)


def test_charts_leave_out_what_nobody_judged(bench):
    report = athlete_report(bench.dataset, "A01", Ask(bench.models_folder))
    one = next(found for found in report.histories if found.fault.id == FAULT)
    rows = charts.rate_rows(one)
    raters = [row for row in rows if row["who"] == charts.RATERS]
    assert [row["percent"] for row in raters] == pytest.approx([100.0, 100 / 3])
    rep_id = report.known.reps[0].rep_id
    (drawn,) = sequencing(bench.dataset, report.known, rep_id=rep_id)
    rows = charts.course_rows(drawn)
    assert len(rows) == 2 * drawn.middle.shape[1]
    assert all(
        np.isfinite([value for value in row.values() if value != row["who"]]).all() for row in rows
    )
