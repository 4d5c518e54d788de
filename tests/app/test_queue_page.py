"""The queue on the label page: what is next, what is wanted, and a second look."""

import pytest
from streamlit.testing.v1 import AppTest
from support_datasets import N_REPS, TAGS, add_hinges
from support_raters import clear_long_ago

from labeler.app import state
from labeler.app.pages import queue_parts
from labeler.app.pages.queue_parts import COMPARE, QUEUE, SUGGEST, WANTED
from labeler.workflows.assigning import AssignmentWish, assign
from labeler.workflows.labeling import all_clear
from labeler.workflows.queueing import Wanted, queue_of

TIMEOUT_S = 60


@pytest.fixture
def bench(empty):
    """Two sets; the second is assigned to Ann, and half of it comes again."""
    dataset = empty.dataset
    for name in ("one.mp4", "two.mp4"):
        add_hinges(dataset, name, tags=TAGS)
    second = dataset.clips.get("two.mp4")
    assign(dataset, [second], AssignmentWish(["Ann"], repeat_ratio=0.5), by="Eve")
    return empty


def show() -> None:
    """The page, as a script of its own."""
    from labeler.app.pages import label
    from labeler.app.state import workbench
    from labeler.app.widgets import errors_shown

    with errors_shown():
        label.render(workbench())


def opened(**told: object) -> AppTest:
    """The page after its first run, with its queue open; `told` goes into the session."""
    app = AppTest.from_function(show, default_timeout=TIMEOUT_S)
    for name, value in {state.RATER: "Ann", QUEUE: True, **told}.items():
        app.session_state[name] = value
    return fine(app.run())


def fine(app: AppTest) -> AppTest:
    """The page, having shown no traceback and no error."""
    assert not app.exception, app.exception[0].message
    assert not app.error, app.error[0].value
    return app


def texts(app: AppTest) -> str:
    """Everything that is written on the page."""
    return "\n".join(element.value for kind in (app.markdown, app.caption) for element in kind)


def box(app: AppTest, label: str):
    """The last select box of that label: the details of the clip have some of the same name."""
    return [found for found in app.selectbox if found.label == label][-1]


def in_work(app: AppTest) -> str:
    return app.session_state[state.CLIP]


def clear(bench, name, rater="Ann"):
    for rep in range(1, N_REPS + 1):
        all_clear(bench.dataset, bench.dataset.clips.get(name), rep=str(rep), rater=rater)


def test_the_assigned_set_is_opened_and_the_queue_says_why(bench):
    app = opened()
    assert in_work(app) == bench.dataset.clips.get("two.mp4").clip_id
    assert "two.mp4: assigned to you, 4 repetitions open" in texts(app)
    assert "one.mp4: not finished yet" in texts(app)


def test_what_was_answered_just_now_comes_again_later_and_the_queue_says_so(bench):
    clear(bench, "two.mp4")
    app = opened()
    assert "2 repetitions come again later, blind: after 20 others, or in 24 hours." in texts(app)
    assert "a second look" not in texts(app)


def test_a_second_look_follows_and_says_what_it_is(bench):
    clear_long_ago(bench.dataset, bench.dataset.clips.get("two.mp4"), "Ann")
    app = opened(**{state.CLIP: bench.dataset.clips.get("two.mp4").clip_id})
    assert "two.mp4: a second look, 2 repetitions open" in texts(app)
    assert "**A second look.**" not in texts(app)
    onward = next(found for found in app.button if found.label == "Next clip")
    fine(onward.click().run())
    assert "**A second look.**" in texts(app)
    one = bench.dataset.clips.get("one.mp4").clip_id
    fine(box(app, "Clip").set_value(one).run())
    assert "**A second look.**" not in texts(app)


def test_a_second_look_begins_blind_also_when_the_page_opens_on_it(bench):
    clear_long_ago(bench.dataset, bench.dataset.clips.get("two.mp4"), "Ann")
    app = opened()
    assert in_work(app) == bench.dataset.clips.get("two.mp4").clip_id
    assert "**A second look.**" in texts(app)


def test_a_second_look_ends_with_the_rater_who_takes_it(bench):
    clear_long_ago(bench.dataset, bench.dataset.clips.get("two.mp4"), "Ann")
    app = opened()
    fine(next(found for found in app.button if found.label == "Ann").click().run())
    app.session_state[state.RATER] = "Ben"
    assert "**A second look.**" not in texts(fine(app.run()))


def test_what_is_wanted_stays_in_the_session(bench):
    app = opened()
    fine(box(app, "Fault").set_value("hip_delay").run())
    assert app.session_state[WANTED] == Wanted(fault="hip_delay")
    (progress,) = app.dataframe
    assert list(progress.value["Of"]) == [2 * N_REPS]
    fine(box(app, "View").set_value("front").run())
    assert "**Nothing is left for you.**" in texts(app)


def test_answers_can_be_compared_once_they_are_given(bench):
    clear(bench, "two.mp4", "Ben")
    app = opened()
    toggle = next(found for found in app.toggle if found.label.startswith("Compare with others"))
    fine(toggle.set_value(True).run())
    assert "Answer a repetition wholly" in texts(app)
    clear(bench, "two.mp4")
    fine(app.run())
    assert set(app.dataframe[1].value["Rep"]) == {1, 2, 3, 4}
    table = app.dataframe[1].value
    assert table["Others"][0] == "Ben 0"
    assert set(table["Rule"].dropna()) <= set(queue_parts.MACHINES.values())
    assert table["Model"].isna().all(), "no model is promoted"


def test_a_closed_queue_asks_nothing_and_forgets_nothing(bench, monkeypatch):
    monkeypatch.setattr(queue_parts, "progress", lambda *_: pytest.fail("nobody looks at it"))
    app = opened(**{QUEUE: False, COMPARE: True, WANTED: Wanted(movement=TAGS.movement)})
    assert not app.dataframe
    assert app.session_state[COMPARE]
    assert app.session_state[WANTED] == Wanted(movement=TAGS.movement)


def unnamed() -> AppTest:
    """The page before anybody said who they are."""
    return fine(AppTest.from_function(show, default_timeout=TIMEOUT_S).run())


def test_whoever_was_here_alone_goes_on_with_one_key(bench):
    app = unnamed()
    assert app.text_input[0].value == "Ann", "she is assigned, and nobody else is known"
    fine(app.button[0].click().run())
    assert app.session_state[state.RATER] == "Ann"


def test_a_name_is_taken_as_the_journal_writes_it(bench):
    """The same person with two spaces would be asked again, and shown what Ann Lee may not see."""
    app = unnamed()
    app.text_input[0].set_value(" Ann  Lee ")
    app.button[0].click()
    assert fine(app.run()).session_state[state.RATER] == "Ann Lee"


def test_of_several_raters_each_goes_on_with_one_click(bench):
    one = bench.dataset.clips.get("one.mp4")
    all_clear(bench.dataset, one, rep="1", rater="Ben")
    app = unnamed()
    assert app.text_input[0].value == ""
    (ben,) = (button for button in app.button if button.label == "Ben")
    fine(ben.click().run())
    assert app.session_state[state.RATER] == "Ben"


def test_what_teaches_most_is_chosen_by_a_button_and_says_why(bench):
    """Before there is a model: one set unlike what is labelled, and one by lot."""
    app = opened()
    fine(app.button(key=SUGGEST).click().run())
    said = texts(app)
    assert "2 sets come first in the queue now" in said
    assert "unlike anything labelled so far" in said
    assert "drawn by lot" in said
    assert queue_of(bench.dataset, "Ann").items[0].clip.file_name == "two.mp4", "assigned is first"


def test_with_every_answer_given_nothing_is_chosen(bench):
    """It says so, and what to do instead."""
    for name in ("one.mp4", "two.mp4"):
        clear(bench, name)
    app = opened()
    fine(app.button(key=SUGGEST).click().run())
    assert "film further athletes" in texts(app)
