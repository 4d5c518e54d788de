"""Keys as a rater wants them, loops that are remembered, and how many keys a repetition costs."""

import pytest

pytestmark = pytest.mark.e2e


def cap(page, action):
    return page.locator(f".help .cap[data-action={action}]").first


def change(page, action, key):
    page.keyboard.press("?")
    cap(page, action).click()
    page.get_by_text("Press the new key").wait_for()
    page.keyboard.press(key)


def place(page):
    return page.locator(".rep-name").inner_text()


def test_a_changed_key_works_at_once_and_in_another_browser(open_player, other_browser):
    page = open_player("alone", "own keys")
    change(page, "nextRep", "o")
    page.locator(".told", has_text="Next repetition: O or PageDown.").wait_for()
    page.locator(".told", has_text="also of one just begun: N.").wait_for()
    assert page.locator("[data-command=nextRep]").get_attribute("title") == "Next repetition (O)"
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    assert place(page) == "Rep 2 of 6"
    other = open_player("alone", "own keys", on=other_browser)
    other.keyboard.press("o")
    assert place(other) == "Rep 2 of 6"
    other.keyboard.press("?")
    other.locator("[data-command=resetKeys]").click()
    other.locator(".told", has_text="usually").wait_for()
    other.keyboard.press("Escape")
    other.keyboard.press("n")
    assert place(other) == "Rep 3 of 6"


def test_a_fault_has_another_key_by_keyboard_alone(open_player):
    page = open_player("alone", "own fault keys")
    page.keyboard.press("?")
    cap(page, "fault2").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("h")
    refused = page.locator(".told.refused", has_text="expected one that is free, got 'Shift H'")
    refused.wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    page.locator(".told", has_text="Fault in row 2").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    page.locator(".fault:nth-child(2)[data-answer='1']").wait_for()
    assert page.locator(".fault:nth-child(1) kbd").first.inner_text() == "2"


def test_a_loop_is_slow_and_remembered_with_its_speed_and_margin(open_player, other_browser):
    page = open_player("alone", "own loop")
    page.keyboard.press("Shift+L")
    assert page.locator(".speed").inner_text() == "0.25×"
    page.keyboard.press("-")
    page.keyboard.press("Shift+Y")
    page.get_by_text("Loop with 1 s around the repetition").wait_for()
    page.wait_for_function("window.__labelerPlayer.areWishesKept")
    other = open_player("alone", "own loop", on=other_browser)
    other.wait_for_function("!window.__labelerPlayer.video.paused")
    assert other.locator(".speed").inner_text() == "0.1×"
    assert other.locator("[data-command=loop]").get_attribute("aria-pressed") == "true"
    other.keyboard.press("Shift+L")
    assert other.locator(".speed").inner_text() == "1×"


def test_a_fault_that_the_view_cannot_show_is_rated_by_hand_all_the_same(open_player):
    """Said twice, by key or by mouse; other faults and repetitions are asked about anew."""
    page = open_player("alone", "overrides")
    rows = page.locator(".fault.hidden-here")
    keys = [key.lower() for key in rows.locator("kbd").all_inner_texts()]
    page.keyboard.press(keys[0])
    page.locator(".toast", has_text="Again: rate it anyway.").wait_for()
    page.keyboard.press(keys[1])
    page.keyboard.press(keys[0])
    answers = "(rows) => rows.slice(0, 2).map((row) => row.dataset.answer)"
    assert rows.evaluate_all(answers) == ["null", "null"]
    for key in (keys[0], keys[0]):
        page.keyboard.press(key)
    for _ in "ab":
        rows.nth(1).locator("[data-answer='3']").click()
    assert rows.evaluate_all(answers) == ["2", "3"]
    page.keyboard.press("Enter")
    page.keyboard.press(keys[0])
    assert rows.evaluate_all(answers) == ["null", "null"]
    page.wait_for_function("window.__labelerPlayer.pending === 0")
    page.keyboard.press("p")
    assert rows.evaluate_all(answers) == ["2", "3"]


def test_a_note_and_how_sure_one_is_stay_with_the_answer(open_player):
    page = open_player("alone", "remarks")
    page.keyboard.press("Shift+Enter")
    page.locator(".toast", has_text="Answer a fault first").wait_for()
    page.keyboard.press("1")
    for _ in "ab":
        page.keyboard.press("Shift+Space")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("not 2, see n?")
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    page.wait_for_function("window.__labelerPlayer.pending === 0")
    page.reload()
    page.wait_for_function("window.__labelerPlayer?.isReady")
    page.locator(".fault:nth-child(1)[data-answer='2']").wait_for()
    page.locator(".fault:nth-child(1) .name").click()
    remarks = page.locator(".remarks")
    assert "50 % sure" in remarks.inner_text()
    assert "not 2, see n?" in remarks.inner_text()
    assert place(page) == "Rep 1 of 6"
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("no")
    page.keyboard.press("Escape")
    assert "not 2, see n?" in remarks.inner_text()
    page.keyboard.press("Backspace")
    assert "not 2" not in remarks.inner_text()
    assert remarks.get_by_role("button", name="Note").is_disabled()
    page.wait_for_function("window.__labelerPlayer.pending === 0")


@pytest.mark.parametrize(
    ("answers", "n_keys"),
    [({}, 1), ({0: "1"}, 2), ({0: "1", 1: "1", 2: "1"}, 4), ({0: "1", 1: "3"}, 5)],
)
def test_a_repetition_with_k_faults_costs_k_keys_and_one(open_player, answers, n_keys):
    """And one more for each step of severity above the first."""
    page = open_player("alone", f"counts {answers}")
    keys = page.locator(".fault:not(.hidden-here) kbd").all_inner_texts()
    pressed = [keys[row] for row, answer in answers.items() for _ in range(int(answer))]
    pressed.append("Enter")
    for key in pressed:
        page.keyboard.press(key.lower() if len(key) == 1 else key)
    assert len(pressed) == n_keys
    page.wait_for_function("window.__labelerPlayer.pending === 0")
    assert place(page) == "Rep 2 of 6"
    page.keyboard.press("p")
    given = page.locator(".fault:not(.hidden-here)").evaluate_all(
        "(rows) => rows.map((row) => row.dataset.answer)"
    )
    assert given == [answers.get(row, "0") for row in range(len(given))]
