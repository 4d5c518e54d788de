"""A coach's first evening: videos in, labels, a model, its answers, an export; all in the browser.

With ``LABELER_SCREENSHOTS=FOLDER`` every step leaves a picture there.
"""

import json
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as NotInTime

pytestmark = [pytest.mark.e2e, pytest.mark.data, pytest.mark.pose]

SIDE = ("deadlift_correct_side.mp4", "deadlift_rounded_back_side.mp4")
OBLIQUE = ("deadlift_correct_45.mp4", "deadlift_rounded_back_45.mp4")
N_REPS = 10
INGEST_MS = 240_000
ANSWER_MS = 60_000
CHOOSE_TRIES = 20
CHOOSE_MS = 3_000
HEALTH_TRIES = 150
HEALTH_WAIT_S = 0.2


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """Where this evening's dataset and models lie."""
    return tmp_path_factory.mktemp("evening")


@pytest.fixture(scope="module")
def address(home):
    """The workbench on a dataset of its own, as the README's command starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = ["--port", str(port), "--no-browser", "--models", str(home / "models")]
    server = subprocess.Popen(
        [sys.executable, "-m", "labeler", "app", *told, "--dataset", str(home / "dataset")]
    )
    try:
        _wait_until_healthy(f"http://localhost:{port}", server)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _wait_until_healthy(address: str, server: subprocess.Popen) -> None:
    for _ in range(HEALTH_TRIES):
        assert server.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
        except (urllib.error.URLError, ConnectionError):
            try:
                server.wait(HEALTH_WAIT_S)
            except subprocess.TimeoutExpired:
                continue
        else:
            return
    pytest.fail("the server did not answer")


@pytest.fixture(scope="module")
def page(browser, address):
    """One browser tab for the whole evening."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(ANSWER_MS)
    expect.set_options(timeout=ANSWER_MS)
    page.goto(address)
    yield page
    page.close()


def picture(page: Page, name: str) -> None:
    """Leave a picture of the page, where pictures are wanted."""
    if folder := os.environ.get("LABELER_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png")


def ask(home: Path, *words: str) -> list[dict]:
    """What the command says about the same dataset."""
    command = [sys.executable, "-m", "labeler", *words, "--json"]
    out = subprocess.run(
        [*command, "--dataset", str(home / "dataset")], capture_output=True, text=True, check=True
    ).stdout
    return [json.loads(line) for line in out.splitlines()]


def go(page: Page, name: str) -> None:
    """Follow the navigation."""
    page.get_by_role("link", name=name, exact=True).click()


def choose(page: Page, label: str, option: str | re.Pattern[str]) -> None:
    """Pick from a select box; open it anew where a redrawn page has closed it."""
    box = page.get_by_role("combobox", name=re.compile(label)).first
    wanted = page.get_by_role("option", name=option, exact=True)
    for _ in range(CHOOSE_TRIES):
        page.locator("[data-test-script-state=notRunning]").first.wait_for()
        box.click()
        try:
            wanted.click(timeout=CHOOSE_MS)
        except NotInTime:
            continue
        return
    pytest.fail(f"{label}: {option} could not be chosen")


def upload(page: Page, folder: Path, names: tuple[str, ...], *, view: str) -> None:
    """Say who is doing what, then hand the files over."""
    athlete = page.get_by_role("textbox", name="Athlete").first
    athlete.fill("A01")
    athlete.press("Tab")
    choose(page, "Movement", "Deadlift")
    choose(page, "View", view)
    page.get_by_text(f"Taken as A01, Deadlift, {view}").wait_for()
    page.locator("input[type=file]").first.set_input_files([folder / name for name in names])
    for name in names:
        found = page.get_by_text(f"{name}: {N_REPS} repetitions found.")
        expect(found).to_be_visible(timeout=INGEST_MS)


def open_clip(page: Page, name: str) -> None:
    """Put a clip into work on the label page and wait for its first picture."""
    choose(page, "Clip", re.compile(re.escape(name)))
    expect(page.get_by_text(f"Rep 1 of {N_REPS}")).to_be_visible()
    page.wait_for_function("window.__labelerPlayer?.isReady")


def test_videos_come_in_with_their_repetitions(page, home, data_dir):
    expect(page.get_by_text("No clips yet.")).to_be_visible()
    picture(page, "1-empty-library")
    upload(page, data_dir / "videos", SIDE, view="Side")
    picture(page, "2-library")
    clips = ask(home, "clips")
    assert [clip["reps"] for clip in clips] == [N_REPS, N_REPS]
    assert {(clip["athlete"], clip["movement"], clip["view"]) for clip in clips} == {
        ("A01", "deadlift", "side")
    }


def test_ten_reps_are_labelled_by_keyboard_alone(page, home):
    go(page, "Label")
    page.get_by_role("textbox", name="Your name").fill("Anna")
    page.get_by_role("button", name="Start labelling").click()
    open_clip(page, SIDE[0])
    player = page.get_by_role("application")
    player.focus()
    for _ in range(N_REPS):
        page.keyboard.press("Enter")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    picture(page, "3-all-clear")
    open_clip(page, SIDE[1])
    player.focus()
    key = _key_of(page, "Back rounding")
    for rep in range(N_REPS):
        page.keyboard.press(key)
        page.keyboard.press(key)
        if rep == 0:
            picture(page, "4-one-fault")
        page.keyboard.press("Enter")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    given = [label for label in ask(home, "label", "list") if label["fault"] == "back_rounding"]
    assert sorted(label["answer"] for label in given) == ["0"] * N_REPS + ["2"] * N_REPS
    assert {label["rater"] for label in given} == {"Anna"}
    assert [clip["labelled_ratio"] for clip in ask(home, "clips")] == [1.0, 1.0]


def _key_of(page: Page, fault: str) -> str:
    """The key that the panel shows for a fault."""
    row = page.get_by_role("listitem").filter(has=page.get_by_text(fault, exact=True))
    return row.locator("kbd").inner_text()


TRAINED_WITHIN_MS = 180_000
"""A process of its own starts for it, and the first one compiles."""


def test_a_model_is_trained_with_a_loud_word_about_its_one_athlete(page, home):
    go(page, "Train")
    expect(page.get_by_text("Labels so far")).to_be_visible()
    choose(page, "Fault", "Back rounding")
    picture(page, "5-train")
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text("See the results")).to_be_visible(timeout=TRAINED_WITHIN_MS)
    expect(page.get_by_text(re.compile("one athlete", re.IGNORECASE)).first).to_be_visible()
    picture(page, "6-trained")
    assert (home / "models" / "back_rounding" / "card.json").is_file()


def test_it_answers_about_clips_that_nobody_has_labelled(page, home, data_dir):
    go(page, "Library")
    page.get_by_text("Add videos").click()
    upload(page, data_dir / "videos", OBLIQUE, view="45°")
    go(page, "Results")
    expect(page.get_by_text(re.compile("one athlete", re.IGNORECASE)).first).to_be_visible()
    picture(page, "7-results")
    page.get_by_role("tab", name="Ask it about a clip").click()
    page.get_by_text("I look and do not rate").click()
    choose(page, "Clip", re.compile(re.escape(OBLIQUE[1])))
    expect(page.get_by_text(re.compile("has not seen this view"))).to_be_visible()
    expect(page.get_by_text(re.compile("one athlete", re.IGNORECASE)).last).to_be_visible()
    picture(page, "8-prediction")
    for name in OBLIQUE:
        model = str(home / "models" / "back_rounding")
        answers = ask(home, "predict", name, "--model", model)
        assert len(answers) == N_REPS
        assert {a["answer"] for a in answers} <= {"present", "absent", "cannot_tell"}


def test_everything_is_taken_out(page, home):
    go(page, "Export")
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page.get_by_text("Written to")).to_be_visible()
    picture(page, "9-export")
    (folder,) = (home / "dataset" / "exports").iterdir()
    assert (folder / "manifest.json").is_file()
