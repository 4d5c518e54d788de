"""A browser, and the small site with the player."""

import shutil
from pathlib import Path

import browser as chrome
import burnt_in
import player_site
import pytest
from support_skips import skip_or_fail

READY_MS = 30_000
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """Browser tests run last: they are slow, and Playwright keeps an event loop in this thread."""
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium under Playwright."""
    path = chrome.chromium()
    if path is None:
        skip_or_fail("no chromium on the PATH (apt install chromium, or set LABELER_CHROMIUM)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=path, args=chrome.FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Address of the player's site: a plain clip, a difficult one, and one without its video."""
    folder = tmp_path_factory.mktemp("site")
    plain, difficult = burnt_in.CLIPS[0], burnt_in.CLIPS[3]
    clips = [
        burnt_in.make_clip(folder / f"{name}.mp4", spec)
        for name, spec in (("plain", plain), ("difficult", difficult))
    ]
    player_site.prepare(folder, clips)
    for kind in ("pts", "size"):
        shutil.copy(folder / f"plain.{kind}.npy", folder / f"alone.{kind}.npy")
    for kind in ("pts.npy", "size.npy", "proxy.mp4"):
        shutil.copy(folder / f"plain.{kind}", folder / f"slow.{kind}")
    port = chrome.free_port()
    with chrome.serving(Path(player_site.__file__), folder, str(port), port=port) as base:
        yield base


@pytest.fixture
def page(browser):
    """A fresh browser profile; an error on the page fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def open_player(page, site):
    """Opens a clip as a rater, and waits until it can be labelled."""

    def open_(clip, rater, *, on=page):
        on.goto(f"{site}/?clip={clip}&rater={rater}")
        on.wait_for_function("window.__labelerPlayer?.isReady", timeout=READY_MS)
        on.wait_for_function("window.__labelerPlayer.pending === 0")
        return on

    return open_


@pytest.fixture
def other_browser(browser):
    """A page of another profile, which shares nothing but the server."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()
