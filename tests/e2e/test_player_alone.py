"""The player on a clip without a video: the skeleton on blank ground, frame by frame."""

import pytest

pytestmark = pytest.mark.e2e

SEEK = """
(frame) => new Promise((resolve) => {
  const player = window.__labelerPlayer;
  const painted = () => {
    if (player.frame === frame) resolve(player.frame);
    else player.video.requestVideoFrameCallback(() => queueMicrotask(painted));
  };
  player.seek(frame);
  painted();
})
"""

N_DRAWN = """
(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((value, place) => place % 4 === 3 && value > 0).length;
}
"""


def n_drawn(page):
    """How many pixels of the overlay are painted."""
    return page.eval_on_selector(".stage canvas", N_DRAWN)


@pytest.fixture
def page_alone(open_player):
    return open_player("alone", "alone")


def test_every_frame_can_be_reached_and_shows_the_skeleton(page_alone):
    page = page_alone
    assert page.get_by_text("No video: the skeleton alone").is_visible()
    assert not page.locator(".stage video").is_visible()
    for frame in (100, 3, 57, 0):
        assert page.evaluate(SEEK, frame) == frame
        assert n_drawn(page) > 0
    page.evaluate(SEEK, 50)
    for key, expected in [("ArrowRight", 51), ("Shift+ArrowRight", 61), ("ArrowLeft", 60)]:
        page.keyboard.press(key)
        page.wait_for_function(f"window.__labelerPlayer.frame === {expected}")


def test_the_skeleton_can_be_hidden(page_alone):
    page = page_alone
    page.evaluate(SEEK, 10)
    for key in ("'", "h"):
        page.keyboard.press(key)
    assert n_drawn(page) == 0
    page.keyboard.press("h")
    assert n_drawn(page) > 0
    page.keyboard.press("'")


N_OF_THE_BACK = """
(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const isAmber = (at) => data[at] > 230 && data[at + 1] > 160 && data[at + 2] < 60;
  return data.filter((value, place) => place % 4 === 0 && isAmber(place)).length;
}
"""


@pytest.mark.parametrize(
    ("clip", "has_back"), [("alone", True), ("plain", True), ("difficult", False)]
)
def test_the_line_of_the_back_comes_and_goes_beside_the_skeleton(open_player, clip, has_back):
    """One clip has no outline: its skeleton is drawn as ever."""
    page = open_player(clip, f"back of {clip}")
    page.evaluate(SEEK, 11)
    canvas = page.locator(".stage canvas").element_handle()
    drawn, least = (N_OF_THE_BACK, 100) if has_back else (N_DRAWN, 0)
    page.wait_for_function(f"(canvas) => ({drawn})(canvas) > {least}", arg=canvas)
    whole = page.eval_on_selector(".stage canvas", N_OF_THE_BACK)
    page.evaluate(SEEK, 10)
    broken = page.eval_on_selector(".stage canvas", N_OF_THE_BACK)
    assert broken < whole if has_back else broken == whole == 0
    page.keyboard.press("h")
    assert (n_drawn(page) > 0) is has_back
    page.keyboard.press("'")
    assert n_drawn(page) == 0


def test_it_plays_by_the_clips_own_clock_and_stops_at_the_end(page_alone):
    page = page_alone
    page.evaluate(SEEK, 0)
    page.keyboard.press("Space")
    page.wait_for_function("window.__labelerPlayer.frame > 20")
    assert not page.evaluate("window.__labelerPlayer.video.paused")
    page.keyboard.press("Space")
    page.wait_for_function("window.__labelerPlayer.video.paused")
    last = page.evaluate("window.__labelerPlayer.video.clock.n") - 1
    page.evaluate(SEEK, last - 5)
    page.keyboard.press("Space")
    page.wait_for_function(f"window.__labelerPlayer.frame === {last}")
    page.wait_for_function("window.__labelerPlayer.video.paused")


def test_answers_are_kept(page_alone):
    page = page_alone
    page.keyboard.press("1")
    page.wait_for_function("window.__labelerPlayer.pending === 0")
    page.locator(".fault:nth-child(1)[data-answer='1']").wait_for()
    page.reload()
    page.locator(".fault:nth-child(1)[data-answer='1']").wait_for()


def test_clips_with_and_without_a_video_follow_each_other(open_player, page_alone):
    page = open_player("plain", "alone")
    assert page.locator(".stage video").is_visible()
    assert not page.get_by_text("No video: the skeleton alone").is_visible()
    page = open_player("alone", "alone")
    assert page.evaluate(SEEK, 12) == 12
