"""What belongs to a tab of a browser, whatever page is in front: who rates, what is on its way."""

import json

import browser as chrome
import pytest
from support_datasets import add_hinges, new_dataset

from labeler.store.dataset import Dataset
from labeler.workflows.identity import identity_of

pytestmark = pytest.mark.e2e

READY_MS = 30_000
REMEMBERED = "Object.keys(sessionStorage).some((key) => key.startsWith('labeler.rater'))"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Of a dataset with one clip."""
    with new_dataset(tmp_path_factory.mktemp("one_tab")) as made:
        add_hinges(made, has_video=False)
    return made.folder


@pytest.fixture(scope="module")
def address(folder):
    """The label page of a workbench on it."""
    port = chrome.free_port()
    told = ["--port", str(port), "--no-browser", "--models", str(folder.parent / "models")]
    place = ["--dataset", str(folder)]
    with chrome.serving("-m", "labeler", "app", *told, *place, port=port) as base:
        yield f"{base}/label"


@pytest.fixture
def tab(page, address):
    """A new browser on the label page."""
    page.set_default_timeout(READY_MS)
    page.goto(address)
    return page


def name_field(tab):
    return tab.get_by_role("textbox", name="Your name")


def come_in(tab, rater):
    name_field(tab).fill(rater)
    tab.get_by_role("button", name="Start labelling").click()
    at_work(tab, rater)


def at_work(tab, rater):
    tab.wait_for_function("window.__labelerPlayer?.isReady")
    tab.get_by_role("button", name=rater, exact=False).first.wait_for()


def test_a_tab_knows_its_rater_after_a_reload_until_they_go(tab, address):
    come_in(tab, "Ann")
    tab.reload()
    at_work(tab, "Ann")
    other = tab.context.new_page()
    other.goto(address)
    name_field(other).wait_for(timeout=READY_MS)
    come_in(other, "Ben")
    tab.reload()
    at_work(tab, "Ann")
    tab.get_by_role("button", name="Ann").click()
    name_field(tab).wait_for()
    tab.wait_for_function(f"!({REMEMBERED})")
    tab.reload()
    name_field(tab).wait_for()
    tab.get_by_role("link", name="Library", exact=True).click()
    tab.get_by_text("reps labelled").wait_for()
    tab.get_by_role("link", name="Label", exact=True).click()
    name_field(tab).wait_for()


def go(tab, page):
    tab.get_by_role("link", name=page, exact=True).click()


def test_an_upload_that_failed_is_in_sight_when_one_comes_back(tab):
    go(tab, "Library")
    tab.get_by_text("Add videos").click()
    empty = {"name": "empty.mp4", "mimeType": "video/mp4", "buffer": b""}
    tab.locator("input[type=file]").set_input_files([empty])
    failed = tab.get_by_text("The file is empty.", exact=False)
    failed.wait_for()
    go(tab, "Export")
    tab.get_by_text("Videos stay here.").wait_for()
    go(tab, "Library")
    failed.wait_for()
    tab.locator("[data-test-script-state=notRunning]").first.wait_for()
    hide = tab.get_by_role("button", name="Hide", exact=True)
    hide.press("Enter")  # the fold is still opening: what moves under a pointer gets no click
    failed.wait_for(state="detached")


def test_what_a_closed_tab_left_is_saved_from_any_page(tab, folder):
    with Dataset.open(folder, create=False) as dataset:
        whose, (rep, *_) = identity_of(dataset), dataset.journal.reps()
    name = f"labeler.outbox/{whose}/{rep.clip_id}/Eve/gone/1"
    told = {"op": "answer", "rep": rep.rep_id, "fault": "back_rounding", "answer": "2"}
    op = {**told, "seq": 1, "at": "2026-01-02T03:04:05.678Z"}
    tab.evaluate("([name, op]) => localStorage.setItem(name, op)", [name, json.dumps(op)])
    go(tab, "Export")
    tab.wait_for_function("(name) => localStorage.getItem(name) === null", arg=name)
    with Dataset.open(folder, create=False) as dataset:
        (label,) = dataset.journal.answers(rater="Eve")
    assert (label.rep_id, label.answer) == (rep.rep_id, "2")
