"""The guided tour as a newcomer takes it: only Next, on a demo without pictures, in a browser.

With ``LABELER_SCREENSHOTS=FOLDER`` every step leaves a picture there.
"""

import os
from pathlib import Path

import browser as chrome
import pytest
from playwright.sync_api import expect
from support_barriers import barriers
from support_demo import SMALL, made_demo

pytestmark = pytest.mark.e2e

READY_MS = 30_000

STEPS = {
    "Library": ("Label the next clip", "in 8 synthetic clips"),
    "Label": ("Rep 1 of 8",),
    "Disputes and agreement": ("I settle and do not rate", "1 of "),
    "Results and training": (
        "of athletes it has not seen",
        "The model, synthetic",
        "Hand-written rules, synthetic",
        "say nothing about people",
        "Look at these first",
    ),
    "Export": ("Videos stay here.",),
}
"""The steps in their order, with words of the page that Next leads to."""

BESIDE = {
    "Agreement": ("Pair by pair",),
    "Train": ("Labels so far",),
    "Athletes": ("Still to film",),
}
"""Pages that a step has beside its first one."""

NOT_RATED = "A03-squat-45.mp4"
"""The first set that the made-up raters have left."""

SEEN = [
    pytest.param("light", {"width": 1440, "height": 900}, id="light, wide"),
    pytest.param("dark", {"width": 1024, "height": 768}, id="dark, narrow"),
]

IS_DRESSED = """
[...document.querySelectorAll("style")].some((one) => one.textContent.includes("Button-primary"))
"""
"""Streamlit loads what shows our style a moment after the first page."""

OVERFLOW_PX = "document.scrollingElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The demo as its command opens it, once it is made."""
    folder = tmp_path_factory.mktemp("tour") / "demo"
    made_demo(folder, SMALL)
    port = chrome.free_port()
    told = ["--folder", str(folder), "--port", str(port), "--no-browser"]
    with chrome.serving("-m", "labeler", "demo", *told, port=port) as base:
        yield base


@pytest.fixture
def newcomer(browser, address):
    """Opens the demo for somebody who has never been there."""
    contexts = []

    def come(**looks):
        contexts.append(browser.new_context(**looks))
        tab = contexts[-1].new_page()
        tab.set_default_timeout(READY_MS)
        tab.goto(address)
        return tab

    yield come
    for context in contexts:
        context.close()


def look_at(tab, title, words):
    """A page is alive: it says what it is about, that it is made up, and holds no barrier."""
    for some in words:
        expect(tab.get_by_text(some).first).to_be_visible(timeout=READY_MS)
    tab.locator("[data-test-script-state=notRunning]").first.wait_for()
    tab.wait_for_function(IS_DRESSED)
    expect(tab.get_by_text("Synthetic").first).to_be_visible(timeout=READY_MS)
    assert tab.get_by_test_id("stException").count() == 0
    assert tab.evaluate(OVERFLOW_PX) <= 0, title
    if folder := os.environ.get("LABELER_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=f"{folder}/tour-{title}-{tab.viewport_size['width']}.png")
    return barriers(tab)


def give_a_name(tab):
    """Begin to label, on the first page that asks who it is."""
    tab.get_by_role("textbox", name="Your name").fill("Nora")
    tab.get_by_role("button", name="Start labelling").click()
    tab.wait_for_function("window.__labelerPlayer?.isReady")
    assert NOT_RATED in tab.get_by_role("combobox", name="Clip").input_value()


@pytest.mark.parametrize(("scheme", "size"), SEEN)
def test_next_leads_through_pages_that_are_alive(newcomer, scheme, size):
    tab = newcomer(viewport=size, color_scheme=scheme)
    found = {}
    for number, (title, words) in enumerate(STEPS.items(), start=1):
        expect(tab.get_by_text(f"Step {number} of 5: {title}.")).to_be_visible(timeout=READY_MS)
        if title == "Label":
            give_a_name(tab)
        found[title] = look_at(tab, title, words)
        if number < len(STEPS):
            tab.get_by_role("button", name="Next", exact=True).click()
    for title, words in BESIDE.items():
        tab.get_by_role("link", name=title, exact=True).click()
        found[title] = look_at(tab, title, words)
    assert found == {title: [] for title in found}


def test_done_closes_the_tour_for_good(newcomer):
    tab = newcomer(viewport={"width": 1440, "height": 900})
    tab.get_by_role("link", name="Export", exact=True).click()
    tab.get_by_role("button", name="Done", exact=True).click()
    expect(tab.get_by_text("The tour is closed.")).to_be_visible(timeout=READY_MS)
    tab.reload()
    expect(tab.get_by_text("Videos stay here.")).to_be_visible(timeout=READY_MS)
    expect(tab.get_by_text("Step 5 of 5")).to_have_count(0)
