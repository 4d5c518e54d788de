"""Repetitions cut by keys in the workbench itself, from key to database and back."""

from pathlib import Path

import browser as chrome
import pytest
from support_datasets import add_hinges, new_dataset

from labeler.core.label import ActionKind
from labeler.store.dataset import Dataset
from labeler.workflows.snapping import proposals_of

pytestmark = pytest.mark.e2e

READY_MS = 30_000


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A dataset with one clip of four hinges, which has no video: the skeleton alone is shown."""
    home = tmp_path_factory.mktemp("by-hand")
    with new_dataset(home) as dataset:
        add_hinges(dataset, has_video=False)
    return home


@pytest.fixture(scope="module")
def address(home):
    port = chrome.free_port()
    told = ["--dataset", str(home / "dataset"), "--models", str(home / "models"), "--no-browser"]
    with chrome.serving("-m", "labeler.app", "--port", str(port), *told, port=port) as base:
        yield base


@pytest.fixture
def label(page, address):
    """The label page, ready for keys."""
    page.goto(f"{address}/label")
    page.get_by_role("textbox", name="Your name").fill("Anna")
    page.get_by_role("button", name="Start labelling").click()
    page.wait_for_function("window.__labelerPlayer?.isReady", timeout=READY_MS)
    page.get_by_role("application").focus()
    return page


def press(page, *keys):
    """Press keys one after the other, then wait until everything is saved."""
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_function("window.__labelerPlayer.pending === 0")
    page.get_by_text("Saved", exact=True).wait_for()


def go_to(page, frame):
    page.evaluate("(frame) => window.__labelerPlayer.seek(frame)", frame)
    page.wait_for_function(f"window.__labelerPlayer.frame === {frame}")


def cuts(home):
    """Start and stop of every repetition in the database."""
    with Dataset.open(home / "dataset", create=False) as dataset:
        return [(r.rep.start_frame, r.rep.stop_frame) for r in dataset.journal.reps()]


def test_reps_are_split_merged_and_cut_from_in_to_out_by_keys(label, home):
    page = label
    before = cuts(home)
    start, stop = before[0]
    press(page, "1")
    go_to(page, start + 20)
    press(page, "Shift+K")
    page.get_by_text("Rep 1 of 5").wait_for()
    assert cuts(home)[:2] == [(start, start + 20), (start + 20, stop)]
    assert page.locator("[aria-checked=true]").count() == 0, "a half is not rated yet"
    press(page, "Shift+M")
    page.get_by_text("Rep 1 of 4").wait_for()
    assert cuts(home) == before
    press(page, "u", "u")
    page.locator(".rep.selected").wait_for()
    page.locator("[data-fault] [data-answer='1'][aria-checked=true]").wait_for()
    press(page, "Delete", "Delete", "Delete", "Delete")
    page.get_by_text("No repetitions", exact=True).wait_for()
    press(page, "o")
    page.get_by_text("Press I first").wait_for()
    for first, last in ((start, stop - 1), (stop + 5, stop + 60)):
        go_to(page, first)
        press(page, "i")
        page.locator(".begun").wait_for()
        go_to(page, last)
        press(page, "o")
        page.locator(".rep.selected").wait_for()
    page.get_by_text("Rep 2 of 2").wait_for()
    assert cuts(home) == [(start, stop), (stop + 5, stop + 61)]
    with Dataset.open(home / "dataset", create=False) as dataset:
        added = [a for a in dataset.journal.actions() if a.kind is ActionKind.ADD_REP]
        assert {(action.author, action.client) for action in added} == {("Anna", "app")}
        assert dataset.journal.reps()[0].rep.turn_frame == pytest.approx((start + stop) / 2, abs=3)


def test_a_dragged_edge_snaps_to_what_the_machine_found(label, home):
    page = label
    before = cuts(home)
    with Dataset.open(home / "dataset", create=False) as dataset:
        (clip,) = dataset.clips.all()
        snaps = proposals_of(dataset, clip).snaps["stop"]
    start, stop = before[0]
    assert stop in snaps
    page.locator(".rep").first.click()
    page.locator(".rep.selected").first.wait_for()
    edge = page.locator(".rep.selected .edge.stop")
    place = edge.bounding_box()
    x, y = place["x"] + place["width"] - 1, place["y"] + place["height"] / 2
    press(page, "]", "]", "Shift+Comma")
    page.wait_for_function(f"window.__labelerPlayer.frame === {stop - 6}")
    assert cuts(home)[0] == (start, stop - 5)
    place = edge.bounding_box()
    page.mouse.move(place["x"] + 4, y)
    page.mouse.down()
    page.mouse.move(x + 3, y, steps=4)
    page.mouse.up()
    press(page)
    assert cuts(home)[0] == (start, stop)


def test_the_history_of_a_rep_is_read_and_a_state_restored_by_keys(label, home):
    page = label
    before = cuts(home)
    (start, stop), *_ = before
    assert " Descent " in page.locator(".rep").first.get_attribute("title")
    press(page, "]", "]", ",", "1")
    assert cuts(home)[0] == (start, stop - 1)
    page.keyboard.press("Shift+H")
    drawer = page.get_by_role("dialog", name="History of this repetition")
    drawer.get_by_text("end moved: frames").first.wait_for()
    newest = drawer.locator("li").first
    assert "Anna, app" in newest.inner_text()
    assert "as it is now" in newest.inner_text()
    press(page, "ArrowDown", "Enter")
    drawer.locator("li", has_text="restored: ").first.wait_for()
    assert cuts(home) == before
    page.keyboard.press("Escape")
    drawer.wait_for(state="hidden")
    press(page, "u", "u", "u")
    assert cuts(home) == before
    press(page, "Delete", "Shift+H")
    gone = drawer.locator("li", has_text=f"frames {start} to {stop - 1},")
    gone.filter(has_text="Out: ").first.click()
    drawer.get_by_role("button", name="Bring it back").click()
    press(page)
    assert cuts(home) == before


def test_slow_motion_is_told_in_the_details_and_times_are_real_at_once(label, home):
    page = label
    page.get_by_role("button", name="Details").click()
    page.get_by_role("spinbutton", name="Slow motion: filmed at").fill("240")
    page.get_by_role("button", name="Set the clock").click()
    go_to(page, 60)
    page.get_by_text("0.250 s", exact=True).wait_for()
    with Dataset.open(home / "dataset", create=False) as dataset:
        (clip,) = dataset.clips.all()
        kind = ActionKind.CALIBRATE
        (told,) = (action for action in dataset.journal.actions() if action.kind is kind)
        assert (clip.filmed_fps, clip.time_scale) == (240.0, 0.125)
        assert (told.author, told.client) == ("Anna", "app")
