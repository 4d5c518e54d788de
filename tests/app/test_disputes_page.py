"""The disputes page: what it shows to whom, and how a dispute is settled and opened again."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from support_raters import add_rated_sets

from labeler.app import state
from labeler.app.pages import disputes_parts as parts
from labeler.core.label import Answer
from labeler.workflows.disputes import Verdict, decide

TIMEOUT_S = 60


@pytest.fixture
def bench(empty):
    """The same with one set in which Ann and Ben differ twice."""
    said = np.array([[0, 3], [-1, 2], [0, 1], [2, 3], [0, 0]], float)
    add_rated_sets(empty.dataset, said, raters=("Ann", "Ben"))
    return empty


@pytest.fixture
def browser(monkeypatch):
    """Stands for the referee: keeps what it is shown, and passes on what is wished there."""

    class Browser:
        shown, wishes = None, []

        def mount(self, data, *, key, listeners):
            assert key == "referee", "another key would lose what is written"
            self.shown = data.as_json()
            if self.wishes:
                import streamlit as st

                name, wish = self.wishes.pop()
                getattr(listeners, name)({"id": self.shown["id"], **wish})
                st.rerun()

    found = Browser()
    found.wishes = []
    monkeypatch.setattr(parts, "referee", found.mount)
    return found


def show() -> None:
    """The page, as a script of its own."""
    from labeler.app.pages import disputes
    from labeler.app.state import workbench
    from labeler.app.widgets import errors_shown

    with errors_shown():
        disputes.render(workbench())


def opened(rater: str | None = "Eve", *, settles: bool = True) -> AppTest:
    """The page after its first run."""
    app = AppTest.from_function(show, default_timeout=TIMEOUT_S)
    app.session_state[state.SETTLES] = settles
    if rater:
        app.session_state[state.RATER] = rater
    return fine(app.run())


def fine(app: AppTest) -> AppTest:
    """The page, having shown no traceback."""
    assert not app.exception, app.exception[0].message
    return app


def texts(app: AppTest) -> str:
    """Everything that is written on the page."""
    kinds = (app.markdown, app.caption, app.info, app.warning, app.error, app.success)
    return "\n".join(element.value for kind in kinds for element in kind)


def wish(app: AppTest, browser, name: str, **told: object) -> AppTest:
    """Something that is done in the browser, and the page after it."""
    browser.wishes.append((name, told))
    return fine(app.run())


def settled(app: AppTest) -> AppTest:
    """The page with the list of settled disputes."""
    (which,) = app.get("button_group")
    return fine(which.set_value(parts.SETTLED).run())


def box(app: AppTest, label: str):
    return next(found for found in app.selectbox if found.label == label)


def test_without_clips_a_name_or_disputes_it_says_what_to_do(empty):
    assert "Nothing to decide yet." in texts(opened())
    add_rated_sets(empty.dataset, np.zeros((5, 2)), raters=("Ann", "Ben"))
    assert "No open disputes." in texts(opened())
    assert "Who is rating?" in texts(opened(rater=None))


def test_a_rater_who_has_still_to_rate_sees_nothing(bench):
    assert "No open disputes." in texts(opened(rater="Ann"))


def test_who_may_yet_rate_sees_nothing_until_they_say_that_they_settle(bench, browser):
    app = opened(settles=False)
    assert browser.shown is None
    assert "Tick above if you settle" in texts(app)
    (tick,) = app.checkbox
    fine(tick.check().run())
    assert browser.shown["n"] == 2
    assert app.session_state[state.SETTLES] is True


def test_all_answers_stand_beside_the_loop(bench, browser):
    opened()
    one = browser.shown
    assert {said["who"]: said["answer"] for said in one["answers"]} == {"Ann": "0", "Ben": "3"}
    assert (one["place"], one["n"], one["is_settled"], one["decided"]) == (1, 2, False, None)
    assert one["about"] == "Some see the fault, some do not."
    assert one["title"] == "Back rounding"
    assert len(one["sheet"]) == 4
    assert one["rep"] == {"start": 0, "stop": 90}


def test_another_threshold_brings_other_disputes(bench, browser):
    app = opened()
    fine(box(app, "Counts as present when").set_value(1).run())
    assert browser.shown["n"] == 3


def test_next_and_previous_go_round(bench, browser):
    app = opened()
    first = browser.shown["id"]
    wish(app, browser, "move", n=1)
    second = browser.shown["id"]
    assert (browser.shown["place"], second != first) == (2, True)
    wish(app, browser, "move", n=1)
    assert browser.shown["id"] == first
    wish(app, browser, "move", n=-1)
    assert browser.shown["id"] == second


def test_a_settled_dispute_leaves_the_queue_and_is_opened_again_in_the_list(bench, browser):
    app = opened()
    first = browser.shown["id"]
    wish(app, browser, "decide", answer="2", reason="rounds at the floor")
    told = browser.shown["told"]
    assert (told["n"], told["id"], told["is_refused"]) == (1, first, False)
    assert told["words"] == "Back rounding, repetition 1: 2 clear. Saved."
    assert (browser.shown["id"] != first, browser.shown["n"]) == (True, 1)
    (decision,) = bench.dataset.journal.decisions()
    assert bench.dataset.journal.actions()[-1].client == "app"
    assert (decision.adjudicator, decision.answer) == ("Eve", Answer.CLEAR)
    settled(app)
    row = app.dataframe[0].value.iloc[0]
    assert (row["Raters"], row["Decided"], row["By"]) == ("Ann 0, Ben 3", "2 clear", "Eve")
    assert (row["Because"], row["Rep"]) == ("rounds at the floor", 1)
    assert browser.shown["decided"] == {
        "who": "Eve",
        "words": "2 clear",
        "reason": "rounds at the floor",
    }
    wish(app, browser, "decide", answer=None, reason="wrong rep")
    assert bench.dataset.journal.decisions() == []
    assert "No dispute is settled yet." in texts(app)
    (which,) = app.get("button_group")
    fine(which.set_value(parts.OPEN).run())
    assert browser.shown["n"] == 2


def test_the_next_one_takes_the_place_of_what_was_settled(bench, browser):
    app = opened()
    wish(app, browser, "move", n=1)
    last = browser.shown["id"]
    wish(app, browser, "decide", answer="NV", reason="a plate")
    assert (browser.shown["id"] != last, browser.shown["place"]) == (True, 1)
    wish(app, browser, "decide", answer="0", reason="a shirt")
    assert "No open disputes." in texts(app)
    assert "2 are settled" in texts(app)


def test_what_is_refused_is_said_and_recorded_nowhere(bench, browser):
    app = opened()
    wish(app, browser, "decide", answer="2", reason=" ")
    assert browser.shown["told"]["is_refused"]
    assert "expected why it is so" in browser.shown["told"]["words"]
    wish(app, browser, "decide", id="gone", answer="2", reason="x")
    assert "not among those shown" in browser.shown["told"]["words"]
    assert browser.shown["told"]["n"] == 2
    assert bench.dataset.journal.decisions() == []


def test_a_row_of_the_list_is_put_into_work(bench, browser):
    (clip,) = bench.dataset.clips.all()
    for rep, answer in (("1", Answer.CLEAR), ("2", Answer.SEVERE)):
        verdict = Verdict(rep, "back_rounding", answer, "why")
        decide(bench.dataset, clip, verdict, adjudicator="Eve")
    app = settled(opened())
    assert browser.shown["n"] == 2
    before = browser.shown["id"]
    wish(app, browser, "move", n=1)
    assert browser.shown["id"] != before


def test_the_way_to_the_label_page(bench, browser, monkeypatch):
    went = []
    monkeypatch.setattr("streamlit.switch_page", lambda page, **told: went.append((page, told)))
    app = AppTest.from_function(show, default_timeout=TIMEOUT_S)
    app.session_state[state.RATER] = "Eve"
    app.session_state[state.SETTLES] = True
    app.session_state[state.PAGES] = {"label": "the label page"}
    fine(app.run())
    rep_id, _ = browser.shown["id"].split()
    wish(app, browser, "open")
    (clip,) = bench.dataset.clips.all()
    assert went == [("the label page", {"query_params": {state.CLIP: clip.clip_id}})]
    assert app.session_state[state.REP] == rep_id
