"""What helps the eye beside the picture: courses under the video, and what is remembered."""

import pytest
from support_player import frame_at_rest

pytestmark = pytest.mark.e2e

HIDDEN = "This view cannot show who goes first."
CHARTS = ".chart canvas"

PAINTS = """
(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((sum, value) => (sum * 31 + value) % 1000003, 7);
}
"""
"""A number that changes with any pixel."""

MARKS = """
(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let n_solid = 0;
  for (let i = 0; i < data.length; i += 4) n_solid += data[i + 3] > 250;
  return n_solid;
}
"""


@pytest.fixture
def page_charts(open_player, request):
    """A clip in work, for a rater of its own: what one switches on stays with them."""
    page = open_player("plain", request.node.name)
    page.get_by_text(HIDDEN).wait_for()
    return page


def test_courses_follow_the_repetition_in_focus(page_charts):
    page = page_charts
    assert page.locator(".charts .why").inner_text() == HIDDEN
    hidden = [page.locator(CHARTS).nth(i).evaluate(MARKS) for i in (0, 1)]
    page.keyboard.press("n")
    page.get_by_text("Band: 3 good reps").wait_for()
    assert page.locator(".charts .why").inner_text() == ""
    drawn = [page.locator(CHARTS).nth(i).evaluate(MARKS) for i in (0, 1)]
    assert all(after > before + 100 for before, after in zip(hidden, drawn, strict=True))


def test_a_click_seeks_and_stepping_moves_the_playhead_alone(page_charts):
    page = page_charts
    page.keyboard.press("n")
    page.get_by_text("Band: 3 good reps").wait_for()
    canvas, head = page.locator(CHARTS).first, page.locator(".progress .head")
    box = canvas.bounding_box()
    before = frame_at_rest(page)
    page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"])
    page.wait_for_function(f"window.__labelerPlayer.frame !== {before}")
    at = frame_at_rest(page)
    x_px = head.bounding_box()["x"] + 1
    assert x_px == pytest.approx(box["x"] + 0.6 * box["width"], abs=box["width"] / 20)
    picture = canvas.evaluate(PAINTS)
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"window.__labelerPlayer.frame === {at + 1}")
    assert head.bounding_box()["x"] + 1 > x_px
    assert canvas.evaluate(PAINTS) == picture
    page.keyboard.press("n")
    page.wait_for_function(f"window.__labelerPlayer.frame > {at + 1}")
    assert canvas.evaluate(PAINTS) != picture


def test_what_is_shown_is_remembered_in_another_browser(open_player, other_browser):
    page = open_player("plain", "own eyes")
    page.keyboard.press("Shift+C")
    page.locator(".charts").wait_for(state="hidden")
    page.keyboard.press("h")
    page.keyboard.press("Shift+J")
    page.wait_for_function("window.__labelerPlayer.areWishesKept")
    other = open_player("alone", "own eyes", on=other_browser)
    assert not other.locator(".charts").is_visible()
    pressed = {"charts": "false", "pose": "false", "trails": "true", "back": "true"}
    for command, is_on in pressed.items():
        assert other.locator(f"[data-command={command}]").get_attribute("aria-pressed") == is_on
    other.keyboard.press("Shift+C")
    other.locator(".charts").wait_for()


def test_courses_are_asked_for_again_when_a_repetition_is_moved(page_charts):
    page = page_charts
    page.keyboard.press("n")
    page.get_by_text("Band: 3 good reps").wait_for()
    before = page.locator(CHARTS).first.evaluate(PAINTS)
    with page.expect_response(lambda response: "/courses?of=" in response.url):
        page.keyboard.press("Period")
    canvas = page.locator(CHARTS).first.element_handle()
    page.wait_for_function(f"([canvas, told]) => ({PAINTS})(canvas) !== told", arg=[canvas, before])


EXTENT = """
(canvas) => {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const rows = Array.from({ length: height }, (_, y) => y).filter((y) =>
    data.subarray(4 * width * y, 4 * width * (y + 1)).some((value, at) => at % 4 === 3 && value > 0)
  );
  return [rows[0], rows.at(-1)];
}
"""
"""First and last row in which something is drawn."""


@pytest.mark.parametrize("key", ["Shift+J", "Shift+U"])
def test_trails_and_lines_are_drawn_over_the_picture(page_charts, key):
    page = page_charts
    page.keyboard.press("n")
    page.keyboard.press("Shift+ArrowRight")
    for key_of in ("h", "'"):
        page.keyboard.press(key_of)
    overlay = page.locator(".stage canvas")
    page.wait_for_function(f"(canvas) => !({EXTENT})(canvas)[0]", arg=overlay.element_handle())
    page.keyboard.press(key)
    assert overlay.evaluate(MARKS) > 100
    page.keyboard.press(key)
    assert overlay.evaluate(MARKS) == 0


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768)])
def test_all_of_it_fits_into_the_window(page_charts, width, height):
    page = page_charts
    page.set_viewport_size({"width": width, "height": height})
    page.keyboard.press("n")
    page.keyboard.press("Shift+P")
    page.get_by_text("Best: plain.mp4, repetition 1").wait_for()
    for selector in (".charts", ".twin", ".looks", ".speeds canvas"):
        box = page.locator(selector).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
    captions = ".charts figcaption"
    widths = page.eval_on_selector_all(
        captions, "all => all.map((e) => e.scrollWidth - e.clientWidth)"
    )
    assert max(widths) <= 0
    assert page.locator(".chart canvas").first.bounding_box()["height"] >= 60


def test_zoom_moves_picture_and_skeleton_alike(page_charts):
    page = page_charts
    overlay, film = page.locator(".stage canvas"), page.locator(".stage video")
    whole_px, (top, bottom) = film.bounding_box(), overlay.evaluate(EXTENT)
    page.keyboard.press("Shift+O")
    close_px, (close_top, close_bottom) = film.bounding_box(), overlay.evaluate(EXTENT)
    scale = close_px["height"] / whole_px["height"]
    assert scale > 1.02
    assert (close_bottom - close_top) / (bottom - top) == pytest.approx(scale, rel=0.02)
    middle = whole_px["y"] + whole_px["height"] / 2
    shift = close_px["y"] + close_px["height"] / 2 - middle
    half = whole_px["height"] / 2
    assert close_top - half == pytest.approx(scale * (top - half) + shift, abs=3)
    page.keyboard.press("Shift+O")
    assert film.bounding_box() == whole_px


def test_the_best_repetition_stands_beside_and_follows_frame_by_frame(page_charts):
    page = page_charts
    page.keyboard.press("Shift+P")
    page.get_by_text("Nothing to show beside it.").wait_for()
    page.keyboard.press("n")
    page.keyboard.press("Shift+P")
    page.get_by_text("Best: plain.mp4, repetition 1").wait_for()
    film, twin = page.locator(".stage video"), page.locator(".twin video")
    apart_s = apart(film, twin)
    for key in ("ArrowRight", "Shift+ArrowRight", "ArrowLeft"):
        before = twin.evaluate("(video) => video.currentTime")
        page.keyboard.press(key)
        page.wait_for_function(
            "([video, before]) => video.currentTime !== before && !video.seeking",
            arg=[twin.element_handle(), before],
        )
        assert apart(film, twin) == pytest.approx(apart_s, abs=0.045)  # a frame, at 25 per second
    page.keyboard.press("n")
    page.wait_for_function(
        "([film, twin, before]) => film.currentTime - twin.currentTime > before + 0.5",
        arg=[film.element_handle(), twin.element_handle(), apart_s],
    )
    apart_s = apart(film, twin)
    page.keyboard.press("Space")
    page.wait_for_function("(twin) => !twin.paused", arg=twin.element_handle())
    page.keyboard.press("Space")
    page.wait_for_function("(twin) => twin.paused", arg=twin.element_handle())
    assert apart(film, twin) == pytest.approx(apart_s, abs=0.045)
    page.keyboard.press("Shift+P")
    twin.wait_for(state="hidden")


def apart(film, twin):
    """How much later the film is, in seconds, once both stand still."""
    still = "(video) => new Promise((done) => (function look() { video.readyState > 1 && "
    still += "!video.seeking ? done(video.currentTime) : setTimeout(look, 10); })())"
    return film.evaluate(still) - twin.evaluate(still)
