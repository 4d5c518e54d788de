"""A clip that was filmed faster than it plays: its frames are found, and its times are real."""

import player_site
import pytest
from test_player import SEEK_AND_READ

pytestmark = pytest.mark.e2e

FRAMES = (0, 1, 17, 77, 130, 42)


def test_every_frame_is_found_and_its_time_is_real(open_player):
    page = open_player("slow", "seeks")
    times = page.locator(".time")
    for frame in FRAMES:
        assert page.evaluate(SEEK_AND_READ, frame) == [frame, frame]
    real_s = float(times.inner_text().removesuffix(" s"))
    page.goto(page.url.replace("slow", "plain"))
    page.wait_for_function("window.__labelerPlayer?.isReady")
    page.evaluate(SEEK_AND_READ, FRAMES[-1])
    plain_s = float(times.inner_text().removesuffix(" s"))
    assert abs(real_s - player_site.SLOW_SCALE * plain_s) < 0.001


def test_it_plays_as_fast_as_life_at_the_speed_of_one(open_player):
    page = open_player("slow", "plays")
    page.keyboard.press("Space")
    page.wait_for_function("!window.__labelerPlayer.video.paused")
    rate = page.evaluate("window.__labelerPlayer.video.playbackRate")
    speed = float(page.locator(".speed").inner_text().removesuffix("×"))
    assert rate * player_site.SLOW_SCALE == speed
