"""The player in a browser: exact frames, nothing lost, the keyboard to itself."""

import random
import re

import pytest
from burnt_in import READ_NUMBER

pytestmark = pytest.mark.e2e

SEEK_AND_READ = f"""
(frame) => new Promise((resolve) => {{
  const player = window.__labelerPlayer;
  const read = {READ_NUMBER};
  const painted = () => {{
    if (player.frame === frame) resolve([player.frame, read(player.video)]);
    else player.video.requestVideoFrameCallback(() => queueMicrotask(painted));
  }};
  player.seek(frame);
  painted();
}})
"""


def counts(page):
    """What the server says: reruns, operations recorded, different ones among them."""
    text = page.get_by_text(re.compile(r"runs=\d+")).inner_text()
    return {name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", text)}


def saved(page):
    page.wait_for_function("window.__labelerPlayer.pending === 0")
    page.get_by_text("Saved", exact=True).wait_for()


def answers(page):
    """What each row of the panel says, in order; None is not rated yet."""
    return page.eval_on_selector_all(".fault", "rows => rows.map((row) => row.dataset.answer)")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)
    saved(page)


def expect_recorded(page, n_operations):
    """All arrived, each once; the caption is a rerun behind the acknowledgement."""
    page.get_by_text(f"recorded={n_operations} distinct={n_operations}", exact=False).wait_for()


def wait_for_answer(page, row, answer):
    page.locator(f".fault:nth-child({row + 1})[data-answer='{answer}']").wait_for()


def test_every_seek_lands_on_its_frame(open_player):
    page = open_player("difficult", "seeks")
    frames = random.Random(5).choices(range(240), k=25)
    found = [page.evaluate(SEEK_AND_READ, frame) for frame in [*frames, 0, 239]]
    assert found == [[frame, frame] for frame in [*frames, 0, 239]]


def test_arrows_step_exactly(open_player):
    page = open_player("difficult", "steps")
    page.evaluate(SEEK_AND_READ, 100)
    for key, expected in [("ArrowRight", 101), ("Shift+ArrowRight", 111), ("ArrowLeft", 110)]:
        page.keyboard.press(key)
        assert page.evaluate(SEEK_AND_READ, expected) == [expected, expected]


def test_a_second_is_a_second_by_the_clips_own_times(open_player):
    page = open_player("plain", "seconds")
    page.evaluate(SEEK_AND_READ, 100)
    for key, expected in [("PageDown", 130), ("PageDown", 160), ("PageUp", 130)]:
        page.keyboard.press(f"Shift+{key}")
        page.wait_for_function("frame => window.__labelerPlayer.frame === frame", arg=expected)


def test_nothing_to_take_back_is_said_and_sends_nothing(open_player):
    page = open_player("plain", "empty-handed")
    before = counts(page)["recorded"]
    page.keyboard.press("u")
    page.get_by_text("Nothing to undo in this clip.").wait_for()
    page.keyboard.press("y")
    page.get_by_text("Nothing to redo in this clip.").wait_for()
    saved(page)
    assert counts(page)["recorded"] == before


def test_a_burst_of_forty_answers_is_lossless(open_player):
    page = open_player("plain", "burst")
    before = counts(page)["recorded"]
    for press_number in range(40):
        page.keyboard.press("1245"[press_number % 4])
    saved(page)
    expect_recorded(page, before + 40)
    assert answers(page)[:5] == ["2", "2", "null", "2", "2"]  # ten presses each: 1 2 3 0 ... 2


def test_keys_answer_undo_and_redo(open_player):
    page = open_player("plain", "keys")
    page.keyboard.press("n")
    press(page, "1", "1", "2", "Shift+Digit3", "4", "Backspace")
    assert answers(page)[:4] == ["2", "1", "NV", "null"]
    press(page, "u", "u", "u")
    wait_for_answer(page, 2, "null")
    press(page, "y")
    wait_for_answer(page, 2, "NV")
    press(page, "z", "z")
    wait_for_answer(page, 1, "null")
    assert answers(page)[:4] == ["2", "null", "null", "null"]


def test_enter_answers_the_rest_and_goes_on(open_player):
    page = open_player("plain", "rest")
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    third = page.evaluate("window.__labelerPlayer.repId")
    press(page, "1", "Enter")
    assert page.evaluate("window.__labelerPlayer.repId") != third
    page.keyboard.press("p")
    assert answers(page)[0] == "1"
    hidden = page.locator(".fault.hidden-here")
    assert hidden.count() > 0
    assert set(hidden.evaluate_all("rows => rows.map((r) => r.dataset.answer)")) == {"NV"}
    assert set(answers(page)[1:]) == {"0", "NV"}
    assert page.locator(".rep.selected.done svg").count() == 1


def test_after_the_last_rep_enter_leads_to_what_is_left(open_player):
    page = open_player("plain", "course")
    button = page.locator(".all-clear span")
    page.keyboard.press("PageDown")
    while page.locator("[data-command=nextRep]").is_enabled():
        page.keyboard.press("PageDown")
    assert button.inner_text() == "All others absent"
    press(page, "Enter")
    assert "back to repetition 1, which is not finished" in page.locator(".toast").inner_text()
    assert button.inner_text() == "Back to repetition 1"
    page.keyboard.press("Enter")
    page.get_by_text(re.compile("Rep 1 of")).wait_for()
    assert button.inner_text() == "All others absent, next repetition"


def test_a_fault_that_cannot_be_seen_takes_no_severity(open_player):
    page = open_player("plain", "unseen")
    page.keyboard.press("End")
    key = page.locator(".fault.hidden-here kbd").first.inner_text()
    before = counts(page)["recorded"]
    press(page, key)
    assert "cannot be seen from here" in page.locator(".toast").inner_text()
    assert counts(page)["recorded"] == before


def test_keys_stay_in_the_player(open_player):
    """R reruns and C clears caches in Streamlit; here they are ours, or nobody's."""
    page = open_player("plain", "quiet")
    before = counts(page)
    press(page, "r", "x", "R", "ArrowRight", "h", "j", "k", "l", "k", "?", "Escape", "+", "-")
    page.keyboard.press("ArrowDown")
    assert page.locator(".fault.focused").count() == 1
    assert counts(page) == before
    press(page, "c")
    assert page.get_by_role("dialog").count() == 0


def test_operations_survive_a_closed_page(open_player, page):
    """The line goes dead, the rater works on and reloads; nothing is lost or doubled."""
    is_dead = [False]

    def relay(socket):
        server = socket.connect_to_server()
        socket.on_message(lambda message: None if is_dead[0] else server.send(message))

    page.route_web_socket(re.compile("_stcore/stream"), relay)
    open_player("plain", "closed")
    before = counts(page)["recorded"]
    page.keyboard.press("End")
    is_dead[0] = True
    for key in ("1", "1", "2", "4"):
        page.keyboard.press(key)
    page.get_by_text("4 waiting to be saved").wait_for()
    assert answers(page)[:4] == ["2", "1", "null", "1"]
    page.reload(wait_until="commit")
    is_dead[0] = False
    open_player("plain", "closed")
    expect_recorded(page, before + 4)
    assert answers(page)[:4] == ["2", "1", "null", "1"]
    assert page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('labeler'))") == []


def test_nudges_of_an_edge_become_one_operation(open_player):
    page = open_player("plain", "nudges")
    before = counts(page)["recorded"]
    for key in ("]", "]", ",", ",", ",", "Shift+Comma"):
        page.keyboard.press(key)
    saved(page)
    expect_recorded(page, before + 1)
    page.keyboard.press("End")
    page.wait_for_function("window.__labelerPlayer.frame === 32")  # 41 - 8 is the end, half-open


def test_a_rep_is_taken_out_brought_back_and_cut_by_hand(open_player):
    page = open_player("plain", "cut")
    reps = page.locator(".rep")
    n_reps = reps.count()
    first = page.evaluate("window.__labelerPlayer.repId")
    press(page, "Delete")
    assert reps.count() == n_reps - 1
    assert page.evaluate("window.__labelerPlayer.repId") != first
    press(page, "u")
    page.locator(f".rep:nth-of-type({n_reps})").wait_for()
    press(page, "p", "Delete", "Home", "Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+I")
    page.wait_for_function("window.__labelerPlayer.repId?.includes('added')")
    assert reps.count() == n_reps
    press(page, "Shift+I")
    page.get_by_text("This frame is in a repetition already.").wait_for()


def test_what_was_not_counted_says_why_and_can_be_counted(open_player):
    """By its plus or by Shift I inside it, with its own edges; taken back, it is dotted again."""
    page = open_player("plain", "uncounted")
    ghosts, reps = page.locator(".ghost"), page.locator(".rep")
    n_reps = reps.count()
    assert ghosts.count() == 1
    assert ghosts.get_attribute("title") == "Not counted: goes 20% as far as the others."
    ghosts.get_by_role("button").click()
    page.wait_for_function("window.__labelerPlayer.repId?.includes('added')")
    saved(page)
    assert (ghosts.count(), reps.count()) == (0, n_reps + 1)
    page.wait_for_function("window.__labelerPlayer.frame === 0")
    press(page, "u")
    ghosts.wait_for()
    page.evaluate(SEEK_AND_READ, 5)
    press(page, "Shift+I")
    page.wait_for_function("window.__labelerPlayer.repId?.includes('added')")
    press(page, "End")
    page.wait_for_function("window.__labelerPlayer.frame === 6")
    assert ghosts.count() == 0


def test_a_refused_operation_says_why_and_is_not_kept(open_player):
    page = open_player("plain", "refused")
    page.evaluate(SEEK_AND_READ, 1)
    page.keyboard.press("i")
    page.get_by_text("1 not saved: start: expected any other frame").wait_for()
    page.keyboard.press("Home")
    page.wait_for_function("window.__labelerPlayer.frame === 8")
    page.get_by_role("button", name="Dismiss").click()
    page.get_by_text("Saved", exact=True).wait_for()


def test_an_edge_can_be_dragged(open_player):
    page = open_player("plain", "drag")
    press(page, "n", "n", "n", "n", "n")
    before = counts(page)["recorded"]
    handle = page.locator(".rep.selected .edge.stop").bounding_box()
    y = handle["y"] + 30
    page.mouse.move(handle["x"] + 4, y)
    page.mouse.down()
    page.mouse.move(handle["x"] - 30, y, steps=4)
    page.mouse.up()
    saved(page)
    expect_recorded(page, before + 1)


def test_a_video_that_cannot_be_fetched_can_be_tried_again(page, site, open_player):
    page.route("**/video", lambda route: route.fulfill(status=410))
    page.goto(f"{site}/?clip=plain&rater=retry")
    page.get_by_text("The video cannot be played.").wait_for()
    page.unroute("**/video")
    page.get_by_role("button", name="Try again").click()
    page.wait_for_function("window.__labelerPlayer.isReady")
    assert page.evaluate(SEEK_AND_READ, 77) == [77, 77]


def test_looping_turns_round(open_player):
    page = open_player("plain", "loop")
    page.keyboard.press("+")
    page.keyboard.press("+")
    page.keyboard.press("Shift+L")
    page.wait_for_function("window.__labelerPlayer.frame > 40")
    page.wait_for_function("window.__labelerPlayer.frame < 20")
    page.keyboard.press("k")
    assert page.evaluate("window.__labelerPlayer.video.paused")


def test_playing_backward_arrives_at_the_start(open_player):
    page = open_player("plain", "backward")
    page.evaluate(SEEK_AND_READ, 30)
    page.keyboard.press("j")
    page.wait_for_function("window.__labelerPlayer.frame === 0")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1100, 768), (1024, 768)])
def test_everything_is_in_sight(open_player, width, height):
    page = open_player("plain", "sight")
    page.set_viewport_size({"width": width, "height": height})
    page.keyboard.press("1")
    for selector in (".stage", ".timeline", ".all-clear", ".saved", "[data-command=pose]"):
        box = page.locator(selector).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
    clipped = page.eval_on_selector_all(
        ".controls *, .fault :not(.words span), .top *",
        "all => all.filter((e) => e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1)"
        ".map((e) => e.className || e.tagName)",
    )
    assert clipped == []


def test_files_are_uploaded_each_with_its_own_answer(page, site, tmp_path):
    (tmp_path / "squat é.mp4").write_bytes(b"x" * 70_000)
    (tmp_path / "empty.mp4").write_bytes(b"")
    (tmp_path / "long.mp4").write_bytes(b"x" * 1_100_000)
    page.goto(site)
    page.locator("input[type=file]").set_input_files(sorted(tmp_path.iterdir()))
    page.get_by_text("squat é.mp4: 70000 bytes").wait_for()
    lines = page.locator(".files li").all_inner_texts()
    assert [re.sub(r"\s+", " ", line) for line in lines] == [
        "empty.mp4 The file is empty. Copy it again from the camera. Hide",
        "long.mp4 Larger than 1.0 MB. Trim the video first. Hide",
    ]
