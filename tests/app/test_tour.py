"""The guided tour: five steps on the demo, closed for good, shown again when asked for."""

import pytest
from streamlit.testing.v1 import AppTest
from support_datasets import add_hinges

from labeler.app import state, tour
from labeler.app.server import SCRIPT
from labeler.core.label import MACHINE
from labeler.workflows.demo.making import SETTING
from labeler.workflows.touring import is_touring, keep_tour

TIMEOUT_S = 60

PAGE_NAMES = ("library", "label", "disputes", "agreement", "train", "results", "athletes", "export")


@pytest.fixture
def demo(empty):
    """A workbench on what is marked as a demo."""
    empty.dataset.settings.put(MACHINE, SETTING, {"version": 1})
    add_hinges(empty.dataset)
    return empty


def show(page: str) -> None:
    """The card of a page, as a script of its own."""
    from labeler.app import tour
    from labeler.app.state import workbench

    tour.card(workbench(), page)


def card(page: str) -> AppTest:
    app = AppTest.from_function(show, kwargs={"page": page}, default_timeout=TIMEOUT_S).run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return "\n".join(one.value for one in app.markdown)


def buttons(app: AppTest) -> list[str]:
    return [one.label for one in app.button]


def test_five_steps_cover_every_page_once():
    told = [page for step in tour.steps() for page in step.pages]
    assert len(tour.steps()) == 5
    assert sorted(told) == sorted(PAGE_NAMES)


def test_the_app_begins_with_the_first_step(demo):
    app = AppTest.from_file(str(SCRIPT), default_timeout=TIMEOUT_S).run()
    assert not app.exception
    assert "Step 1 of 5: Library." in words(app)
    assert sorted(app.session_state[state.PAGES]) == sorted(PAGE_NAMES)


def test_a_newcomer_to_the_demo_begins_with_a_set_to_rate_and_sees_what_raters_said(demo):
    app = AppTest.from_file(str(SCRIPT), default_timeout=TIMEOUT_S).run()
    assert app.session_state[state.SETTLES] is True
    assert app.session_state[state.CLIP] == demo.dataset.clips.all()[0].clip_id


def test_what_a_newcomer_has_chosen_stays(demo):
    app = AppTest.from_file(str(SCRIPT), default_timeout=TIMEOUT_S)
    app.session_state[state.SETTLES], app.session_state[state.CLIP] = False, "another"
    app.run()
    assert (app.session_state[state.SETTLES], app.session_state[state.CLIP]) == (False, "another")


def test_where_all_is_rated_the_demo_opens_all_the_same(empty):
    empty.dataset.settings.put(MACHINE, SETTING, {"version": 1})
    app = AppTest.from_file(str(SCRIPT), default_timeout=TIMEOUT_S).run()
    assert not app.exception
    assert state.CLIP not in app.session_state


def test_in_ones_own_dataset_everybody_rates_until_they_say_otherwise(empty):
    add_hinges(empty.dataset)
    keep_tour(empty.dataset, is_on=True)
    app = AppTest.from_file(str(SCRIPT), default_timeout=TIMEOUT_S).run()
    assert state.SETTLES not in app.session_state
    assert state.CLIP not in app.session_state


@pytest.mark.parametrize("page", PAGE_NAMES)
def test_every_page_says_which_step_it_is(demo, page):
    number = next(n for n, step in enumerate(tour.steps(), 1) if page in step.pages)
    assert f"Step {number} of 5" in words(card(page))


def test_the_first_step_has_no_back_and_the_last_ends(demo):
    assert buttons(card("library")) == ["Next", "Close"]
    assert buttons(card("disputes")) == ["Back", "Next", "Close"]
    assert buttons(card("export")) == ["Back", "Done"]


@pytest.mark.parametrize(
    ("page", "key", "leads_to"),
    [("library", "tour-next", "label"), ("agreement", "tour-next", "results"),
     ("train", "tour-back", "disputes"), ("export", "tour-back", "results")],
)  # fmt: skip
def test_next_and_back_lead_to_the_pages_of_the_neighbouring_steps(
    demo, monkeypatch, page, key, leads_to
):
    led = []
    monkeypatch.setattr(state, "go_to", led.append)
    card(page).button(key=key).click().run()
    assert led == [leads_to]


@pytest.mark.parametrize("page", ["library", "export"])
def test_closed_it_stays_closed_for_everybody(demo, page):
    app = card(page)
    app.button(key="tour-close").click().run()
    assert not app.exception
    assert not buttons(app)
    assert not buttons(card("label"))
    assert not is_touring(demo.dataset)


def test_ones_own_dataset_has_no_tour_until_asked_for(empty):
    assert not buttons(card("library"))
    keep_tour(empty.dataset, is_on=True)
    assert "Next" in buttons(card("library"))
