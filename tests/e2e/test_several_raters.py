"""Several raters in several browsers: at once, blind, asked again, and settled by a third."""

import browser as chrome
import pytest
from support_datasets import TAGS, add_hinges, new_dataset
from support_raters import clear_long_ago

from labeler.workflows.assigning import AssignmentWish, assign
from labeler.workflows.operations import place_name

pytestmark = pytest.mark.e2e

READY_MS = 60_000
FAULT = "torso_dip_first"
"""Of the key 1 in a hinge."""


@pytest.fixture
def dataset(tmp_path):
    """One set that Ann and Ben are assigned to; half of Ann's repetitions come again."""
    with new_dataset(tmp_path) as made:
        clip = add_hinges(made, tags=TAGS, has_video=False)
        assign(made, [clip], AssignmentWish(["Ann", "Ben"], repeat_ratio=0.5), by="Eve")
        clear_long_ago(made, clip, "Ann")
        yield made


@pytest.fixture
def address(dataset, tmp_path):
    """The workbench on that dataset."""
    port = chrome.free_port()
    told = ["--port", str(port), "--no-browser", "--models", str(tmp_path / "models")]
    place = ["--dataset", str(dataset.folder)]
    with chrome.serving("-m", "labeler", "app", *told, *place, port=port) as base:
        yield base


@pytest.fixture
def open_as(browser, address):
    """Opens a page as a rater in a browser profile of their own."""
    contexts = []

    def open_(rater, page):
        contexts.append(browser.new_context(viewport={"width": 1440, "height": 900}))
        tab = contexts[-1].new_page()
        tab.set_default_timeout(READY_MS)
        tab.goto(f"{address}/{page}")
        tab.get_by_role("textbox", name="Your name").fill(rater)
        tab.get_by_role("button", name="Start labelling").click()
        return tab

    yield open_
    for context in contexts:
        context.close()


def press(tab, *keys):
    """Press keys in the player, once it can be labelled, and wait until all is saved."""
    tab.wait_for_function("window.__labelerPlayer?.isReady")
    for key in keys:
        tab.keyboard.press(key)
    tab.wait_for_function("window.__labelerPlayer.pending === 0")


def said(dataset, rater, round_number=1):
    found = dataset.journal.answers(rater=rater, round_number=round_number)
    return {(label.rep_id, label.fault): label.answer for label in found}


def test_two_raters_at_once_a_second_look_and_a_decision(dataset, open_as):
    before = said(dataset, "Ann")
    ben, ann = open_as("Ben", "label"), open_as("Ann", "label")
    ann.get_by_text("A second look.").wait_for()
    (clip,) = dataset.clips.all()
    ann.wait_for_function(
        "place => window.__labelerPlayer?.place === place", arg=place_name(clip.clip_id, 2)
    )
    press(ben, "1", "1", "Enter")
    press(ann, "1", "Enter")
    assert len({rep_id for rep_id, _ in said(dataset, "Ben")}) == 1
    assert len({rep_id for rep_id, _ in said(dataset, "Ann", 2)}) == 1
    assert set(said(dataset, "Ann", 2).values()) >= {"1"}
    assert said(dataset, "Ann") == before
    eve = open_as("Eve", "disputes")
    eve.get_by_text("I settle and do not rate").click()
    settle_by_keyboard(eve, dataset)
    assert said(dataset, "Ben")[dataset.journal.decisions()[0].rep_id, FAULT] == "2"
    reopen_by_keyboard(eve, dataset)


def settle_by_keyboard(eve, dataset):
    """The skeleton loops, for the clip has no video; five keys and a reason settle it."""
    place, told = eve.locator(".referee .rep-name"), eve.locator(".referee .top .told")
    place.get_by_text("1 of 1 open").wait_for()
    shown = eve.locator(".referee .time")
    shown.get_by_text(" s").wait_for()
    first = shown.text_content()
    eve.wait_for_function(
        "([before, box]) => box.textContent !== before", arg=[first, shown.element_handle()]
    )
    eve.keyboard.press("Enter")
    told.get_by_text("Choose an answer first").wait_for()
    eve.keyboard.press("0")
    eve.keyboard.press("Enter")
    eve.keyboard.type("the bar hides it")
    eve.keyboard.press("Enter")
    eve.get_by_text("No open disputes.").wait_for()
    (decision,) = dataset.journal.decisions()
    assert (decision.adjudicator, decision.answer) == ("Eve", "0")
    assert decision.reason == "the bar hides it"


def reopen_by_keyboard(eve, dataset):
    """In the list of settled ones, where it stands now."""
    eve.get_by_role("radio", name="Settled").press("Space")
    eve.locator(".referee .decided").get_by_text("Eve decided: 0 absent").wait_for()
    eve.locator(".referee").focus()
    eve.keyboard.press("Backspace")
    eve.keyboard.type("a slip")
    eve.keyboard.press("Enter")
    eve.get_by_text("No dispute is settled yet.").wait_for()
    assert dataset.journal.decisions() == []
