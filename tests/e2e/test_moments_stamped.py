"""The moment of a fault, stamped by key: in its row, on the timeline, kept, moved, refused."""

import pytest
from support_player import frame_at_rest

pytestmark = pytest.mark.e2e


def saved(page):
    page.wait_for_function("window.__labelerPlayer.pending === 0")


def seek(page, frame):
    page.evaluate("(frame) => window.__labelerPlayer.seek(frame)", frame)
    page.wait_for_function("(frame) => window.__labelerPlayer.frame === frame", arg=frame)


def test_one_key_stamps_the_frame_on_screen_and_the_same_frame_takes_it_back(open_player):
    page = open_player("alone", "moments")
    row, ticks = page.locator(".fault:nth-child(1)"), page.locator(".timeline .stamp")
    page.keyboard.press("Shift+ArrowDown")
    page.locator(".toast", has_text="Choose a fault first").wait_for()
    page.keyboard.press("ArrowDown")
    stamped = frame_at_rest(page) + 1
    page.keyboard.press("ArrowRight")
    page.wait_for_function("(frame) => window.__labelerPlayer.frame === frame", arg=stamped)
    page.keyboard.press("Shift+ArrowDown")
    assert row.get_attribute("data-answer") == "1", "one key rates it and stamps it"
    at = row.locator(".at").inner_text()
    assert at.startswith("at ")
    page.keyboard.press(row.locator("kbd").first.inner_text().lower())
    assert row.get_attribute("data-answer") == "2", "a severity steps, the moment stays"
    assert row.locator(".at").inner_text() == at
    saved(page)
    page.reload()
    page.wait_for_function("window.__labelerPlayer?.isReady")
    row.locator(".at", has_text=at).wait_for()
    assert ticks.all_inner_texts() == [row.locator("kbd").first.inner_text()]
    page.keyboard.press("End")
    page.wait_for_function("(frame) => window.__labelerPlayer.frame > frame", arg=stamped)
    row.locator(".at").click()
    page.wait_for_function("(frame) => window.__labelerPlayer.frame === frame", arg=stamped)
    page.keyboard.press("Shift+ArrowDown")
    assert row.locator(".at").count() == ticks.count() == 0
    assert row.get_attribute("data-answer") == "2", "only the moment is taken back"
    page.keyboard.press("Shift+ArrowUp")
    page.locator(".toast", has_text="No moment is stamped").wait_for()
    saved(page)


def test_a_moment_moves_goes_round_with_the_severity_and_lies_in_its_repetition(open_player):
    page = open_player("alone", "moments elsewhere")
    row = page.locator(".fault:nth-child(1)")
    key = row.locator("kbd").first.inner_text().lower()
    for name in (key, "Shift+ArrowDown"):
        page.keyboard.press(name)
    first = row.locator(".at").inner_text()
    page.keyboard.press("End")
    page.keyboard.press("Shift+ArrowDown")
    moved = row.locator(".at").inner_text()
    assert moved != first
    for _ in "123":
        page.keyboard.press(key)
    assert row.get_attribute("data-answer") == "0"
    assert row.locator(".at").count() == 0
    page.keyboard.press(key)
    assert row.locator(".at").inner_text() == moved
    page.keyboard.press("n")
    page.keyboard.press("n")
    elsewhere = frame_at_rest(page)
    page.keyboard.press("p")
    page.keyboard.press("p")
    seek(page, elsewhere)
    page.keyboard.press("Shift+ArrowDown")
    page.locator(
        ".toast", has_text="This frame is not in repetition 1, nor within 0.5 s"
    ).wait_for()
    assert row.locator(".at").inner_text() == moved
    saved(page)


def test_phases_have_names_and_their_border_is_dragged_or_set_by_key(open_player):
    page = open_player("alone", "phases")
    phase, block = page.locator(".playhead .phase"), page.locator(".rep.selected")

    def named(name):
        page.locator(".playhead .phase", has_text=name).wait_for()

    page.keyboard.press("Home")
    named("descent")
    page.keyboard.press("]")
    named("turn")
    turn = frame_at_rest(page)
    page.keyboard.press("End")
    named("ascent")
    title = block.get_attribute("title")
    assert "Descent " in title
    assert " s, ascent " in title
    handle = block.locator(".turn")
    place = handle.bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + 3
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 25, y, steps=3)
    page.mouse.up()
    page.wait_for_function("(turn) => window.__labelerPlayer.frame > turn", arg=turn)
    named("turn")
    saved(page)
    assert block.get_attribute("title") != title
    seek(page, turn)
    named("descent")
    page.keyboard.press("m")
    named("turn")
    saved(page)
    page.keyboard.press("n")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("(text) => text.textContent === ''", arg=phase.element_handle())
