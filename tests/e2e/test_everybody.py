"""Pages for everybody: no serious barrier that axe-core knows; the keyboard leads everywhere."""

import browser as chrome
import numpy as np
import pytest
from support_barriers import barriers
from support_datasets import add_hinges, new_dataset
from support_player import frame_at_rest
from support_raters import add_rated_sets

pytestmark = pytest.mark.e2e

READY_MS = 30_000

SEEN = {
    "": "reps labelled",
    "label": "Rep 1 of",
    "disputes": "Label page",
    "agreement": "Pair by pair",
    "train": "Labels so far",
    "results": "No models yet.",
    "athletes": "Still to film",
    "export": "Videos stay here.",
}
"""Every page, with words that are there once it is drawn."""

FOCUSED = "document.activeElement.shadowRoot?.activeElement ?? document.activeElement"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The workbench on sets that two raters have rated, not always alike."""
    folder = tmp_path_factory.mktemp("everybody")
    with new_dataset(folder) as made:
        clip = add_hinges(made, has_video=False)
        severities = np.tile([[0.0, 0.0], [2.0, 2.0], [0.0, 3.0]], (4, 1))
        add_rated_sets(made, severities, raters=["Ann", "Ben"], n_reps_each=3)
    port = chrome.free_port()
    told = ["--port", str(port), "--no-browser", "--models", str(folder / "models")]
    place = ["--dataset", str(made.folder)]
    with chrome.serving("-m", "labeler", "app", *told, *place, port=port) as base:
        yield base, clip.clip_id


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_barrier(browser, address, scheme):
    base, clip_id = address
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme)
    tab = context.new_page()
    tab.set_default_timeout(READY_MS)
    found = {}
    tab.goto(f"{base}/label?clip={clip_id}")
    tab.get_by_role("textbox", name="Your name").fill("Eve")
    tab.get_by_role("button", name="Start labelling").click()
    tab.wait_for_function("window.__labelerPlayer?.isReady")
    for page, words in SEEN.items():
        name = page.capitalize() or "Library"
        tab.get_by_role("link", name=name, exact=True).first.click()
        if page == "disputes":
            tab.get_by_text("I settle and do not rate").click()
        tab.get_by_text(words).first.wait_for()
        found[name] = barriers(tab)
    context.close()
    assert found == {name: [] for name in found}


def test_the_keyboard_reaches_the_player_and_its_buttons_in_order(open_player):
    page = open_player("alone", "tabs")
    page.keyboard.press("n")
    stops = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(f"(({FOCUSED}).dataset.command ?? ({FOCUSED}).className)"))
    order = ["previousRep", "nextRep", "help", "pose", "charts", "playhead", "sheet", "allClear"]
    places = [stops.index(stop) for stop in order]
    assert places == sorted(places)
    outline = f"getComputedStyle({FOCUSED}).outlineStyle"
    page.locator("[data-command=help]").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert page.evaluate(outline) == "solid"


@pytest.mark.parametrize(
    ("key", "name"), [("?", "Keys"), ("Shift+H", "History of this repetition")]
)
def test_what_lies_over_the_player_keeps_tab_inside_and_escape_leads_back(open_player, key, name):
    page = open_player("alone", "sheets")
    page.keyboard.press(key)
    dialog = page.get_by_role("dialog", name=name)
    dialog.wait_for()
    holds = "(dialog) => dialog.contains(dialog.getRootNode().activeElement)"
    for press in ("Shift+Tab", "Shift+Tab", "Tab", "Tab", "Tab"):
        assert dialog.evaluate(holds)
        page.keyboard.press(press)
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert page.evaluate(f"({FOCUSED}).className").startswith("player")
    page.keyboard.press("n")
    assert page.locator(".rep-name").inner_text() == "Rep 2 of 6"


def test_those_who_hear_the_page_are_told_where_they_are(open_player):
    page = open_player("alone", "ears")
    page.keyboard.press("ArrowDown")
    fault = page.locator(".fault.focused .name").inner_text()
    assert page.locator(".spoken").inner_text().startswith(fault)
    page.keyboard.press("ArrowRight")
    frame = frame_at_rest(page)
    slider = page.get_by_role("slider", name="Frame on screen")
    page.wait_for_function("window.__labelerPlayer.frame > 0")
    assert slider.get_attribute("aria-valuetext").startswith("Frame ")
    assert int(slider.get_attribute("aria-valuenow")) >= frame
    chosen = page.locator(".rep[aria-current=true]")
    assert chosen.get_attribute("aria-label").startswith("Repetition 1: ")
    assert page.get_by_role("button", name="Skeleton").get_attribute("aria-pressed") == "true"
